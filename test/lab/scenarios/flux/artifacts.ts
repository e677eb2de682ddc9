import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../../place.ts';
import { web } from '../manifests.ts';
import { openFiles, openRegistry } from '../registry.ts';
import { expect, type Scenario } from '../scenario.ts';
import { chart, helmRelease, kustomization } from './objects.ts';
import { type FluxStage, isReady } from './stage.ts';

const SOURCE = 'source.toolkit.fluxcd.io/v1';

/** What does not come from Git itself. */
export const ARTIFACTS: readonly Scenario<FluxStage>[] = [
  {
    name: 'artifact of an OCI registry, made of a commit',
    expected: expect('landed'),
    needs: 'registry',
    play: (stage) => oci(stage, '1.1.0'),
  },
  {
    name: 'artifact of an OCI registry, made of a commit with a bad image',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    needs: 'registry',
    extra: true,
    play: (stage) => oci(stage, '1.1.0-bad'),
  },
  {
    name: 'chart of a Helm repository, by its version',
    expected: expect('landed'),
    needs: 'lab',
    play: (stage) => published(stage, '1.1.0'),
  },
  {
    name: 'chart of a Helm repository with a bad image',
    expected: expect('failed', { says: /UpgradeFailed|1\.1\.0-bad/ }),
    needs: 'lab',
    extra: true,
    play: (stage) => published(stage, '1.1.0-bad'),
  },
];

/** `flux push artifact` of each commit, as a pipeline does it. */
async function oci(stage: FluxStage, tag: string): Promise<void> {
  const { bed, name } = stage;
  if (bed.client === undefined) throw new Error('the client of Flux is not built: npm run lab -- build flux');
  const client = bed.client;
  const registry = await openRegistry();
  const url = `oci://${registry.address}/app`;
  try {
    const repository = await stage.repository(web('1.0.0'));
    const push = async (files: Readonly<Record<string, string>>, commit: string) => {
      const folder = join(registry.folder, commit);
      writeAll(folder, files);
      const told = ['--source', repository.url, '--revision', `main@sha1:${commit}`];
      await run(client, ['push', 'artifact', `${url}:latest`, '--path', folder, ...told]);
    };
    await push(web('1.0.0'), repository.head());
    const spec = { interval: '10m', url, ref: { tag: 'latest' }, insecure: true };
    const metadata = { name: 'app', namespace: name };
    await stage.apply({ apiVersion: SOURCE, kind: 'OCIRepository', metadata, spec });
    await stage.apply(kustomization(name, { sourceRef: { kind: 'OCIRepository', name: 'app' } }));
    await stage.until('Kustomization/app', 'the first artifact is live', isReady);
    const revision = repository.commit(web(tag));
    await push(web(tag), revision);
    await stage.gate({ revision, repository, target: 'Kustomization/app', live: tag });
  } finally {
    registry.close();
  }
}

/** A chart repository that gets a new version. */
async function published(stage: FluxStage, tag: string): Promise<void> {
  const files = await openFiles();
  try {
    await publish(files.folder, '1.0.0', '1.0.0');
    const metadata = { name: 'charts', namespace: stage.name };
    const spec = { interval: '10m', url: `http://${files.address}` };
    await stage.apply({ apiVersion: SOURCE, kind: 'HelmRepository', metadata, spec });
    const sourceRef = { kind: 'HelmRepository', name: 'charts' };
    const wanted = { chart: 'web', version: '1.x', reconcileStrategy: 'ChartVersion', sourceRef };
    await stage.apply(helmRelease(stage.name, { chart: wanted }));
    await stage.until('HelmRelease/web', 'the first version is live', isReady);
    await publish(files.folder, '1.1.0', tag);
    await stage.gate({ revision: '1.1.0', target: 'HelmRelease/web', live: tag });
  } finally {
    files.close();
  }
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A package of that version, and the index, which then names the newest version alone. */
async function publish(folder: string, version: string, tag: string): Promise<void> {
  const file = `web-${version}.tgz`;
  const source = join(folder, version);
  writeAll(source, chart(version, tag));
  await run('tar', ['-czf', join(folder, file), '-C', source, '--transform', 's/^chart/web/', 'chart']);
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
  const created = '2026-01-01T00:00:00Z';
  const entry = { apiVersion: 'v2', name: 'web', version, created, digest, urls: [file] };
  writeFileSync(
    join(folder, 'index.yaml'),
    JSON.stringify({ apiVersion: 'v1', entries: { web: [entry] }, generated: created }),
  );
}
