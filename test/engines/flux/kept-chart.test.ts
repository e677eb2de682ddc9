import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import type { Appraisal } from '../../../src/engines/flux/appraise.ts';
import type { Memory } from '../../../src/engines/flux/finding.ts';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import type { Scene } from '../../../src/engines/flux/relating.ts';
import { watch } from '../../../src/engines/watch.ts';
import type { Host } from '../../../src/host.ts';
import {
  condition,
  kustomization,
  look,
  NEW,
  NEWER,
  OLD,
  observedMember,
  repository,
  sceneWith,
} from '../../support/flux-objects.ts';
import { chart, OWNED, release } from '../../support/flux-releases.ts';
import { objectCluster } from '../../support/object-cluster.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

/** A chart that was built of that commit, and whose version is that of an hour before. */
function keptChart(commit = NEW, spec: Json = {}): Json {
  const artifact = { revision: '1.0.0', digest: 'sha256:1', lastUpdateTime: '2026-11-22T09:00:00Z' };
  return chart(commit, '1.0.0', {
    spec: { reconcileStrategy: 'ChartVersion', chart: './charts/web/', ...spec },
    status: { artifact },
  });
}

/** A release of it that a Kustomization has applied with the wanted commit. */
const RELEASE = release('1.0.0', { labels: OWNED });
const around = (holder: Json, commit = NEW) => [RELEASE, holder, repository(commit), kustomization(commit)];

function see(changedFiles: Scene['changedFiles'], holder = keptChart(), more: Partial<Scene> = {}) {
  const told = changedFiles === undefined ? {} : { changedFiles };
  return look(around(holder), { ...told, ...more }, {}, 'HelmRelease');
}

describe('a release that is applied at the commit, of a chart that keeps its version', () => {
  it('is not believed before the files of the commit are known, and asks for them', () => {
    const { observation, askFiles } = see('not read yet');
    expect(askFiles).toBe(true);
    expect(observation).toMatchObject({
      state: 'syncing',
      trusted: false,
      seenRevision: NEW,
      reasons: ['whether the revision changes its chart is looked up'],
    });
  });

  it.each([
    ['a file of the chart', ['README.md', 'charts/web/templates/web.yaml'], {}],
    ['values that it is built with', ['charts/values.yaml'], { valuesFiles: ['./charts/values.yaml'] }],
  ])('is blocked where the commit changes %s', (_, files, spec) => {
    const { observation, askFiles } = see(files, keptChart(NEW, spec));
    expect(askFiles).toBeUndefined();
    expect(observation).toMatchObject({ state: 'blocked', obstacle: 'elsewhere', trusted: false });
    expect(observation?.appliedRevision).toBeUndefined();
    expect(observation?.reasons).toEqual([
      `HelmChart/flux/flux-app was built of ${NEW.slice(0, 12)} and its version 1.0.0 stays, so nothing is released: reconcileStrategy is ChartVersion`,
    ]);
  });

  it('has landed where the commit changes nothing of the chart, and where nobody tells what it changes', () => {
    const landed = { state: 'healthy', trusted: true, appliedRevision: NEW };
    expect(see(['charts/website/Chart.yaml', 'deploy/release.yaml']).observation).toMatchObject(landed);
    expect(see(undefined).observation).toMatchObject(landed);
  });

  it('asks for nothing where the version moved, or every commit is a version', () => {
    const moved = chart(NEW, '1.0.0', { spec: { reconcileStrategy: 'ChartVersion' } });
    const byRevision = keptChart(NEW, { reconcileStrategy: 'Revision' });
    for (const holder of [moved, byRevision]) expect(see('not read yet', holder).askFiles).toBeUndefined();
  });

  it('is waited for while it is at work, whatever the commit changes', () => {
    const conditions = [condition('Ready', 'Unknown', 'Progressing', "Running 'upgrade' action")];
    const busy = release('1.0.0', { labels: OWNED, conditions });
    const objects = [busy, ...around(keptChart()).slice(1)];
    const { observation, askFiles } = look(objects, { changedFiles: ['charts/web/a'] }, {}, 'HelmRelease');
    expect(askFiles).toBeUndefined();
    expect(observation).toMatchObject({ state: 'syncing', attempt: { revision: NEW, outcome: 'running' } });
  });

  it('is blocked where it was found by its chart', () => {
    const chartChanged = new Set(['HelmRelease/flux/app']);
    expect(see('not read yet', keptChart(), { chartChanged }).observation).toMatchObject({ state: 'blocked' });
    expect(see([], keptChart(), { chartChanged: new Set(['HelmRelease/flux/other']) }).observation).toMatchObject({
      state: 'healthy',
    });
  });

  it('asks for nothing where a later commit was built, which may have been the one to keep the version', () => {
    const objects = around(keptChart(NEWER, {}), NEWER);
    const { observation, askFiles } = look(objects, { changedFiles: 'not read yet' }, {}, 'HelmRelease');
    expect(askFiles).toBeUndefined();
    expect(observation).toMatchObject({ trusted: true, appliedRevision: NEWER });
  });

  it('is the same for a member of what is waited for', () => {
    const target = { name: 'HelmRelease/flux/app', kind: 'HelmRelease', namespace: 'flux', parent: { name: 'app' } };
    expect(observedMember(around(keptChart()), target)).toMatchObject({ state: 'healthy', boundToParent: true });
    const scene = { ...sceneWith(around(keptChart())), changedFiles: ['charts/web/Chart.yaml'] };
    expect(look([], scene, {}, 'HelmRelease', target).observation).toMatchObject({
      state: 'blocked',
      boundToParent: true,
      seenRevision: '1.0.0 (generation 1)',
    });
  });
});

describe('a chart whose version moved with the wanted commit', () => {
  const packaged = (commit: string, digest: string) =>
    chart(commit, `1.0.0@${digest}`, {
      spec: { reconcileStrategy: 'ChartVersion' },
      status: { artifact: { revision: '1.0.0', digest, lastUpdateTime: '2026-11-22T10:00:00Z' } },
    });
  const following = (...charts: readonly (readonly [string, string])[]) => {
    let memory: Memory = {};
    let last: Appraisal | undefined;
    for (const [commit, digest] of charts) {
      const objects = [release('1.0.0'), packaged(commit, digest), repository(commit)];
      last = look(objects, {}, memory, 'HelmRelease');
      memory = last.memory;
    }
    return last?.observation;
  };

  it('has landed, also when a later commit leaves that version alone', () => {
    const seen = following([OLD, 'sha256:1'], [NEW, 'sha256:2'], [NEWER, 'sha256:2']);
    expect(seen).toMatchObject({ state: 'healthy', trusted: true, appliedRevision: NEWER });
  });

  it('is told from one that moved before', () => {
    const kept = following([OLD, 'sha256:1'], [NEW, 'sha256:1'], [NEWER, 'sha256:1']);
    expect(kept).toMatchObject({ state: 'pending', trusted: false });
    expect(following([OLD, 'sha256:1'], [NEW, 'sha256:1'])).toMatchObject({ state: 'blocked' });
    const moved = following([OLD, 'sha256:1'], [NEW, 'sha256:1'], [NEWER, 'sha256:2'], [NEWER, 'sha256:2']);
    expect(moved).toMatchObject({ state: 'healthy', trusted: true });
  });
});

describe('a wait for several of them', () => {
  const named = (object: Json, name: string): Json => ({ ...object, metadata: { ...(object.metadata as Json), name } });

  async function wait(changedFiles: () => Promise<readonly string[]>) {
    const clock = virtualClock();
    const names = ['one', 'two'];
    const objects = names.flatMap((name) => {
      const helmChart = { status: { helmChart: `flux/flux-${name}` } };
      return [named(release('1.0.0', { labels: OWNED, ...helmChart }), name), named(keptChart(), `flux-${name}`)];
    });
    const { cluster } = objectCluster([repository(NEW), kustomization(NEW), ...objects]);
    const log: string[] = [];
    const line = (message: string) => void log.push(message);
    const logger = { debug: line, info: line, warning: line, error: line, secret: () => undefined };
    const host = { clock, random: () => 0.5, signal: new AbortController().signal, log: logger } as unknown as Host;
    const engine = fluxEngine(cluster, { grace: 30_000, normaliseRepository: (url) => url }, host);
    const outcomes = await clock.run(
      watch({
        engine,
        targets: names.map((name) => engine.parseTarget(`hr/flux/${name}`)),
        wanted: { revision: NEW, images: [] },
        options: DEFAULTS,
        timeout: 120_000,
        refresh: false,
        relation: async () => 'equal',
        changedFiles,
        progress: () => undefined,
        host,
      }),
    );
    return { kinds: outcomes.map(({ verdict }) => verdict.kind), log };
  }

  it('asks once what the commit changes', async () => {
    let asked = 0;
    const { kinds } = await wait(async () => {
      asked++;
      return ['charts/web/values.yaml'];
    });
    expect(kinds).toEqual(['blocked', 'blocked']);
    expect(asked).toBe(1);
  });

  it('says so where that cannot be found out, and goes by what the cluster shows', async () => {
    const { kinds, log } = await wait(() => Promise.reject(new Error('no such commit')));
    expect(kinds).toEqual(['landed', 'landed']);
    expect(log.filter((line) => line.includes('What the revision changes is not known'))).toHaveLength(1);
  });
});
