import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../src/demo/flux-stand-in/types.ts';
import { readFluxRecording } from '../support/flux-recordings.ts';
import {
  deployment,
  distinct,
  type FluxLab,
  KUSTOMIZATIONS,
  openFluxLab,
  rowOf,
  SOURCES,
  type Watching,
  watch,
} from './flux-stand-in-lab.ts';
import { fastClock } from './stand-in-clocks.ts';

/** What a real Flux showed after a commit was pushed, object by object, up to a time after it. */
function recorded(name: string, label: string, key: string, until = Number.POSITIVE_INFINITY): readonly string[] {
  const recording = readFluxRecording(name);
  const { t } = recording.push(label);
  const names = (commit: string) => recording.commits.find(({ sha }) => sha === commit)?.label.split(' ')[0] ?? commit;
  const before = recording.at(t).get(key);
  const after = recording.writes.filter((write) => write.key === key && write.t > t && write.t <= t + until);
  return distinct([before, ...after.map(({ object }) => object)].map((object) => rowOf(object, names)));
}

/** The same of the stand-in: the states of one object, in the order of its watch. */
function shown({ events }: Watching, commits: Readonly<Record<string, string>>): readonly string[] {
  const names = (commit: string) => commits[commit] ?? commit;
  return distinct(events().map(({ object }) => rowOf(object, names)));
}

async function played(image: string, end: (object: KubeObject) => boolean, options: Parameters<typeof openFluxLab>[1]) {
  const lab: FluxLab = await openFluxLab(fastClock(10), options);
  try {
    const first = lab.repository.head();
    await lab.live(first);
    const [sources, kustomizations] = [watch(lab.standIn, SOURCES), watch(lab.standIn, KUSTOMIZATIONS)];
    await Promise.all([sources.opened, kustomizations.opened]);
    const pushed = lab.repository.commit({ 'deploy/web.yaml': deployment(image) });
    await lab.nudge('now');
    await lab.standIn.until(end);
    await lab.ask('GET', '/version');
    const commits = { [first]: 'A', [pushed]: 'B' };
    const rows = { source: shown(sources, commits), kustomization: shown(kustomizations, commits) };
    sources.close();
    kustomizations.close();
    return rows;
  } finally {
    await lab.close();
  }
}

describe('the stand-in for Flux shows the states of a real one, in their order', () => {
  it('of a change that gets live: what it applied is written after Ready=True', async () => {
    const end = ({ status }: KubeObject) => {
      const { lastAppliedRevision: applied, lastAttemptedRevision: attempted, history } = status ?? {};
      return applied === attempted && Array.isArray(history) && history.length === 2;
    };
    const { source, kustomization } = await played('registry.example/web:1.1', end, {});
    // The recording goes on with a request for one more pass.
    expect(kustomization).toEqual(recorded('happy', 'B', 'Kustomization/app', 7_000));
    expect(source).toEqual(recorded('happy', 'B', 'GitRepository/app', 7_000));
    expect(kustomization.at(-2)).toMatch(/Ready=True ReconciliationSucceeded B .*applied A$/);
    expect(kustomization.at(-1)).toMatch(/Ready=True ReconciliationSucceeded B .*applied B$/);
  });

  it('of an image that cannot be pulled, up to the failed health check', async () => {
    const end = ({ status }: KubeObject) => Array.isArray(status?.history) && status.history.length === 2;
    const { source, kustomization } = await played('registry.example/web:1.1-bad', end, {
      rollout: { progressDeadline: 10_000, pullable: (image) => !image.endsWith('-bad') },
    });
    expect(kustomization).toEqual(recorded('bad-image-deadline', 'B', 'Kustomization/app'));
    expect(source).toEqual(recorded('bad-image-deadline', 'B', 'GitRepository/app'));
    expect(kustomization.at(-1)).toMatch(
      /ProgressingWithRetry .*Ready=False HealthCheckFailed .*attempted B \| applied A$/,
    );
  });
});
