import type { PackSource } from '../../src/validation/pack.ts';
import { readEnums } from './enums.ts';
import { type OpenApi, readOpenApi } from './openapi.ts';
import { type VersionContent, writePack } from './write-pack.ts';
import { openZip } from './zip.ts';

/** The latest patch of each minor that the Go module proxy and its checksum database both have. */
export const KUBERNETES_SOURCES: readonly PackSource[] = [
  kubernetes('1.25', 'v1.25.16'),
  kubernetes('1.26', 'v1.26.15'),
  kubernetes('1.27', 'v1.27.16'),
  kubernetes('1.28', 'v1.28.15'),
  kubernetes('1.29', 'v1.29.15'),
  kubernetes('1.30', 'v1.30.14'),
  kubernetes('1.31', 'v1.31.14'),
  kubernetes('1.32', 'v1.32.13'),
  kubernetes('1.33', 'v1.33.13'),
  kubernetes('1.34', 'v1.34.10'),
  kubernetes('1.35', 'v1.35.8'),
  kubernetes('1.36', 'v1.36.4'),
  kubernetes('1.37', 'v1.37.2'),
];

function kubernetes(name: string, version: string): PackSource {
  return { name, module: 'k8s.io/kubernetes', version, licence: 'Apache-2.0' };
}

/** `packs/kubernetes.pack`. `archive` gives the path of a module's zip archive. */
export function buildKubernetesPack(archive: (module: string, version: string) => string): Uint8Array {
  const versions = KUBERNETES_SOURCES.map((source) => readVersion(source, archive(source.module, source.version)));
  const names = KUBERNETES_SOURCES.map((source) => source.name);
  return writePack(KUBERNETES_SOURCES, names, [{ name: 'kubernetes', versions }]);
}

function readVersion(source: PackSource, path: string): VersionContent {
  const root = `${source.module}@${source.version}`;
  const zip = openZip(path);
  const documents = zip.names
    .filter((name) => name.startsWith(`${root}/api/openapi-spec/v3/`) && name.endsWith('.json'))
    .map((name) => JSON.parse(zip.read(name).toString('utf8')) as OpenApi);
  if (documents.length === 0) throw new Error(`${root} holds no OpenAPI 3 description`);
  return readOpenApi(
    documents,
    readEnums(zip.read(`${root}/pkg/generated/openapi/zz_generated.openapi.go`).toString('utf8')),
  );
}
