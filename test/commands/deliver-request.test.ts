import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandContext } from '../../src/commands/context.ts';
import { deliver } from '../../src/commands/deliver.ts';
import type { StandIn } from '../../src/demo/stand-in/server.ts';
import { connectEngine } from '../../src/engines/registry.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { createMemoryForge, type MemoryForge } from '../support/memory-forge.ts';
import { createRealHost } from '../support/real-host.ts';
import { itWith, needs, PROGRAMS_PATH } from '../support/rendering.ts';
import { deployment } from '../support/request-stage.ts';
import { settled, startQuickArgoCd } from '../support/stand-in.ts';

let bare: BareRepository;
let memory: MemoryForge;
let argocd: StandIn;
beforeEach(async () => {
  bare = createBareRepository({ 'deploy/shop.yaml': withSelector('example/shop:1.0.0') });
  memory = createMemoryForge(bare);
  argocd = await startQuickArgoCd(bare.path, { rollout: { pullable: (image) => !image.endsWith(':bad') } });
  await settled(argocd);
});
afterEach(async () => {
  await argocd.close();
  bare.remove();
});

function withSelector(image: string): string {
  return deployment(image).replace(
    '  template:\n',
    '  selector:\n    matchLabels: {app: shop}\n  template:\n    metadata:\n      labels: {app: shop}\n',
  );
}

async function delivered(image: string, flags: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const quick = { 'stable-for': '1s', 'degraded-grace': '1s', 'appear-timeout': '2s', timeout: '20s' };
  const place = { 'config-repository': bare.path, 'argocd-server': argocd.url, strategy: 'pull-request' };
  const raw = { flags: { images: image, ...place, ...quick, ...flags }, env: { ARGOCD_AUTH_TOKEN: argocd.token } };
  const recording = createRealHost({ env: { PATH: PROGRAMS_PATH } });
  const { signal } = recording;
  const host = createNodeHost({ env: recording.env, workingDirectory: bare.path, log: recording.log, signal });
  const context: CommandContext = {
    host: { ...host, asset: recording.asset },
    connectForge: async () => ({ ...memory.forge, location: bare.path }),
    connectEngine: async (id, options, machine) => connectEngine(id, options, machine),
    run: () => Promise.reject(new Error('not in this test')),
  };
  return deliver(parseInputs('deliver', raw), context);
}

/** Somebody merges the request soon after it was opened. */
function mergedSoon(method: 'merge' | 'squash' | 'rebase'): void {
  let reads = 0;
  memory.beforeCall = (_, name) => {
    if (name === 'read' && ++reads === 1) memory.people.merge(1, method);
  };
}

describe('deliver --strategy pull-request', () => {
  it.each(['merge', 'squash'] as const)('waits for the merge by %s, then for health at that commit', async (method) => {
    mergedSoon(method);
    const { exitCode, outputs, targets } = await delivered('example/shop:2.0.0');
    expect([exitCode, outputs.verdict, outputs.merged, outputs.revision]).toEqual([0, 'landed', 'true', bare.head()]);
    expect(targets.map(({ target }) => target.name)).toEqual(['shop']);
    expect(memory.requests[0]?.body).toContain('Validation of the edited files');
  });

  itWith('helm')(`${needs('helm')}stops what renders to new errors, and shows it`, async () => {
    const map = '{{ if eq .Values.image.tag "2.0.0" }}dta{{ else }}data{{ end }}: {}\n';
    const before = bare.commit({
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/values.yaml': 'image:\n  repository: example/shop\n  tag: 1.0.0\n',
      'chart/templates/map.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\n${map}`,
    });
    const { exitCode, headline, findings, differences } = await delivered('example/shop:2.0.0', { render: 'auto' });
    expect([exitCode, headline]).toEqual([
      1,
      'Nothing was written: the change brings new errors into the files that it edits, or into what they render to',
    ]);
    expect(findings.map(({ ruleId, path, unit }) => [ruleId, path, unit])).toEqual([
      ['schema/unknown-field', 'chart/templates/map.yaml', 'chart chart'],
    ]);
    expect(differences?.map(({ resource }) => resource.kind)).toEqual(['Deployment', 'ConfigMap']);
    expect([memory.requests, bare.head()]).toEqual([[], before]);
    const good = await delivered('example/shop:1.1.0', { render: 'auto', 'dry-run': 'true' });
    expect([good.exitCode, good.notes]).toEqual([0, [expect.stringMatching(/^1 unit rendered to 1 object by helm/)]]);
  });

  it('ends with 124 in the phase merge, and waits for nothing on the cluster', async () => {
    const { result, exitCode, headline, targets, outputs } = await delivered('example/shop:2.0.0', { timeout: '3s' });
    expect([result, exitCode, targets, outputs.merged]).toEqual(['timed-out', 124, [], 'false']);
    expect(headline).toMatch(/^merge: /);
  });

  it('proposes the rollback of a change that failed, whose trailers the merge left behind', async () => {
    mergedSoon('squash');
    const { exitCode, notes } = await delivered('example/shop:bad', { 'on-failure': 'rollback-pull-request' });
    expect([exitCode, notes]).toEqual([1, ['The rollback is proposed by https://forge.test/acme/config/pull/2.']]);
    expect(bare.text('deploy/shop.yaml', memory.requests[0]?.headBranch)).toContain('example/shop:1.0.0');
    expect(bare.text('deploy/shop.yaml')).toContain('example/shop:bad');
  });

  it('says before anything is written that a forge without requests cannot do that', async () => {
    const { requests: _, ...plain } = memory.forge;
    memory = { ...memory, forge: plain };
    const flags = { strategy: 'commit', 'on-failure': 'rollback-pull-request' };
    await expect(delivered('example/shop:2.0.0', flags)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(/^on-failure: /),
    });
    expect(bare.history()).toHaveLength(1);
  });
});
