import { afterEach, describe, expect, it } from '@jest/globals';
import type { StandIn, StandInOptions } from '../../../src/demo/stand-in/server.ts';
import { connectArgocd } from '../../../src/engines/argocd/index.ts';
import { watch } from '../../../src/engines/watch.ts';
import type { Relation } from '../../../src/forges/forge-client.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { type BareRepository, createBareRepository } from '../../support/bare-repository.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { quietHost, startQuickArgoCd } from '../../support/stand-in.ts';

const open: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function deployment(image: string): Readonly<Record<string, string>> {
  const container = `{ name: web, image: "registry.example/web:${image}" }`;
  const template = `template: { metadata: { labels: { app: web } }, spec: { containers: [${container}] } }`;
  const spec = `spec: { replicas: 1, selector: { matchLabels: { app: web } }, ${template} }`;
  return { 'deploy/web.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n${spec}\n` };
}

async function scene(options: Partial<StandInOptions> = {}) {
  const repository = createBareRepository(deployment('1'));
  open.push({ close: () => repository.remove() });
  const standIn = await startQuickArgoCd(repository.path, options);
  open.push(standIn);
  return { repository, standIn };
}

/** Ancestry as Git tells it; what a revert is, others find out. */
function ancestry({ git }: BareRepository, wanted: string): (revision: string) => Promise<Relation> {
  return async (revision) => {
    if (revision === wanted) return 'equal';
    return git('merge-base', wanted, revision) === wanted ? 'contains' : 'lacks';
  };
}

async function waitOn({ url, token }: StandIn, repository: BareRepository, revision: string) {
  const host = quietHost();
  const engine = connectArgocd(
    { server: url, credentials: { kind: 'token', token }, normaliseRepository: normaliseRepositoryUrl },
    host,
  );
  const [outcome] = await watch({
    engine,
    host,
    targets: [engine.parseTarget('shop')],
    wanted: { revision, images: [] },
    options: { ...DEFAULTS, stableFor: 500, degradedGrace: 500 },
    timeout: 20_000,
    refresh: true,
    relation: ancestry(repository, revision),
    progress: () => undefined,
  });
  return outcome;
}

describe('against the stand-in, which reads a real repository', () => {
  it('a good change lands', async () => {
    const { repository, standIn } = await scene();
    const revision = repository.commit(deployment('2'));
    expect(await waitOn(standIn, repository, revision)).toMatchObject({ verdict: { kind: 'landed' } });
    expect(standIn.state('shop')?.images).toEqual(['registry.example/web:2']);
  });

  it('an image that does not start is degraded, and told why', async () => {
    const { repository, standIn } = await scene({ rollout: { pullable: (image) => !image.endsWith(':3') } });
    const outcome = await waitOn(standIn, repository, repository.commit(deployment('3')));
    expect(outcome).toMatchObject({ verdict: { kind: 'failed', phase: 'rolling' } });
    expect(outcome?.diagnosis?.sections.map(({ title }) => title)).toContain('Unhealthy resources');
  });
});
