import { expect, type Scenario } from '../scenario.ts';
import { chart, releaseInGit } from './objects.ts';
import { type FluxStage, isReady, reasonOf } from './stage.ts';

const WEB = 'HelmRelease/web';
const ROLL_BACK = { timeout: '20s', upgrade: { remediation: { retries: 0, remediateLastFailure: true } } };

/** What Helm itself comes to is waited for, and not only what the pods tell before that. */
const PATIENT = ['--degraded-grace', '60s'];

/** A release of the chart in the repository, and a commit that changes the chart. */
async function upgrade(
  stage: FluxStage,
  version: string,
  tag: string,
  spec: object = {},
  args: readonly string[] = [],
): Promise<void> {
  const repository = await stage.beginRelease(chart('1.0.0', '1.0.0'), spec);
  const revision = repository.commit(chart(version, tag));
  await stage.gate({ revision, repository, target: WEB, live: tag, args });
}

/** A release whose values are in Git, applied by `app`, which does not check its health; a commit changes the values. */
async function values(
  stage: FluxStage,
  tag: string,
  target: string,
  release: object = {},
  args: readonly string[] = [],
): Promise<void> {
  const repository = await stage.begin(releaseInGit(stage.name, '1.0.0', release), { wait: false });
  await stage.until(WEB, 'the first release is live', isReady);
  const revision = repository.commit(releaseInGit(stage.name, tag, release));
  await stage.gate({ revision, repository, target, live: tag, args });
}

const BY_VERSION = { chart: { reconcileStrategy: 'ChartVersion' } };

/** A release in Git, and a commit that changes its chart without its version, and nothing else. */
async function keptChart(stage: FluxStage, target: string): Promise<void> {
  const files = releaseInGit(stage.name, '1.0.0', BY_VERSION);
  const repository = await stage.begin(files, { wait: false });
  await stage.until(WEB, 'the first release is live', isReady);
  const revision = repository.commit({ ...files, ...chart('1.0.0', '1.1.0') });
  await stage.gate({ revision, repository, target });
}

/** What becomes of releases. */
export const HELM: readonly Scenario<FluxStage>[] = [
  {
    name: 'Helm upgrade, the version of the chart is as it was',
    expected: expect('landed'),
    play: (stage) => upgrade(stage, '1.0.0', '1.1.0'),
  },
  {
    name: 'Helm upgrade that never reaches the release: its chart is taken by version',
    expected: expect('blocked', { says: /version/, within: 30 }),
    play: (stage) => upgrade(stage, '1.0.0', '1.1.0', { chart: { reconcileStrategy: 'ChartVersion' } }),
  },
  {
    name: 'Helm upgrade with a bad image, rolled back',
    expected: expect('failed', { says: /[Rr]oll(ed )?back/ }),
    play: (stage) => upgrade(stage, '1.1.0', '1.1.0-bad', ROLL_BACK, PATIENT),
  },
  {
    name: 'Helm upgrade with a bad image, tried twice, rolled back',
    expected: expect('failed'),
    extra: true,
    play: (stage) =>
      upgrade(stage, '1.1.0', '1.1.0-bad', { timeout: '8s', upgrade: { remediation: { retries: 1 } } }, PATIENT),
  },
  {
    name: 'Helm upgrade with a bad image, left as it is',
    expected: expect('failed', { says: /UpgradeFailed/ }),
    play: (stage) => upgrade(stage, '1.1.0', '1.1.0-bad', { timeout: '8s' }, PATIENT),
  },
  {
    name: 'Helm upgrade with a bad image, long before the time of Helm is over',
    expected: expect('failed', { says: /pod web-.*1\.1\.0-bad/, within: 30 }),
    play: (stage) => upgrade(stage, '1.1.0', '1.1.0-bad', { timeout: '10m' }),
  },
  {
    name: 'Helm upgrade that repairs a release that was rolled back',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.beginRelease(chart('1.0.0', '1.0.0'), ROLL_BACK);
      repository.commit(chart('1.1.0', '1.1.0-bad'));
      await stage.nudge('GitRepository/app');
      await stage.until(WEB, 'it is rolled back', (shown) => reasonOf(shown) === 'RollbackSucceeded', 60);
      const revision = repository.commit(chart('1.2.0', '1.2.0'));
      await stage.gate({ revision, repository, target: WEB, live: '1.2.0' });
    },
  },
  {
    name: 'values in Git, the release is waited for',
    expected: expect('landed'),
    extra: true,
    play: (stage) => values(stage, '1.1.0', WEB),
  },
  {
    name: 'values in Git, the Kustomization is waited for',
    expected: expect('landed'),
    play: (stage) => values(stage, '1.1.0', 'Kustomization/app'),
  },
  {
    name: 'values in Git with a bad image, the Kustomization is waited for',
    expected: expect('failed', { says: /UpgradeFailed|1\.1\.0-bad/ }),
    play: (stage) => values(stage, '1.1.0-bad', 'Kustomization/app', { timeout: '10s' }),
  },
  {
    name: 'values in Git with a bad image, the release is rolled back',
    expected: expect('failed', { says: /[Rr]oll(ed )?back/ }),
    play: (stage) => values(stage, '1.1.0-bad', WEB, ROLL_BACK, PATIENT),
  },
  {
    name: 'values in Git with a bad image, the Kustomization checks the release',
    expected: expect('failed', { says: /HelmRelease web: pod web-.*1\.1\.0-bad/, within: 40 }),
    extra: true,
    play: async (stage) => {
      const release = { timeout: '10m' };
      const repository = await stage.begin(releaseInGit(stage.name, '1.0.0', release), { timeout: '10m' });
      const revision = repository.commit(releaseInGit(stage.name, '1.1.0-bad', release));
      await stage.gate({ revision, repository, target: 'Kustomization/app' });
    },
  },
  {
    name: 'values in Git, and a chart by version that the commit changes, the release is waited for',
    expected: expect('blocked', { says: /its version 1\.0\.0 stays/, within: 30 }),
    play: (stage) => keptChart(stage, WEB),
  },
  {
    name: 'values in Git, and a chart by version that the commit changes, the Kustomization is waited for',
    expected: expect('blocked', { says: /its version 1\.0\.0 stays/, within: 40 }),
    extra: true,
    play: (stage) => keptChart(stage, 'Kustomization/app'),
  },
  {
    name: 'values in Git, and a chart by version that the commit leaves alone',
    expected: expect('landed'),
    extra: true,
    play: async (stage) => {
      const repository = await stage.begin(releaseInGit(stage.name, '1.0.0', BY_VERSION), { wait: false });
      await stage.until(WEB, 'the first release is live', isReady);
      const revision = repository.commit(releaseInGit(stage.name, '1.1.0', BY_VERSION));
      await stage.gate({ revision, repository, target: WEB, live: '1.1.0' });
    },
  },
];
