/** The CustomResourceDefinitions of the custom resources among the bases, from the modules that the packs were made of. */
import { loadAll } from 'js-yaml';
import picomatch from 'picomatch';
import { CRD_SOURCES, type CrdSource, TYPES_SOURCES } from '../packs/crd-sources.ts';
import { generateCrds } from '../packs/generate-crds.ts';
import { downloadModule } from '../packs/modules.ts';
import { openZip } from '../packs/zip.ts';
import { isMap, type Json, type JsonMap } from './json.ts';

/** Needs Go, and the network for what its module cache lacks. Of a kind that several modules define, the first counts. */
export function definitionsOf(kinds: ReadonlySet<string>): readonly JsonMap[] {
  const held = CRD_SOURCES.flatMap(textsIn);
  const texts = [...held, ...generateCrds(TYPES_SOURCES.map(({ module }) => module))];
  const wanted = texts
    .flatMap((text) => loadAll(text) as readonly Json[])
    .filter(isMap)
    .filter((definition) => kinds.has(kindOf(definition)));
  return [...Map.groupBy(wanted, kindOf).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}

function textsIn(source: CrdSource): readonly string[] {
  const root = `${source.module}@${source.version}/`;
  const isMeant = picomatch([...source.files]);
  const zip = openZip(downloadModule(source.module, source.version));
  return zip.names
    .filter((name) => name.startsWith(root) && isMeant(name.slice(root.length)))
    .map((name) => zip.read(name).toString('utf8'));
}

/** `argoproj.io/Application`. */
function kindOf({ kind, spec }: JsonMap): string {
  if (kind !== 'CustomResourceDefinition' || !isMap(spec) || !isMap(spec.names)) return '';
  return `${String(spec.group)}/${String(spec.names.kind)}`;
}
