import { describe, expect, it } from '@jest/globals';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import { watch } from '../../../src/engines/watch.ts';
import type { Host } from '../../../src/host.ts';
import { type RecordedOptions, recordedCluster } from '../../support/flux-cluster.ts';
import { readFluxRecording } from '../../support/flux-recordings.ts';
import { isFluxLive } from '../../support/flux-truth.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

interface Options extends Partial<RecordedOptions> {
  readonly timeout?: number;
  readonly refresh?: boolean;
  readonly late?: number;
}

/** A whole wait against an API server that plays a recording, in virtual time. */
async function wait(name: string, label: string, targets: readonly string[], options: Options = {}) {
  const recording = readFluxRecording(name);
  const { t, sha } = recording.push(label);
  const from = t + (options.late ?? 0);
  const clock = virtualClock();
  const { cluster, calls } = recordedCluster(recording, clock, { from, ...options });
  const log: string[] = [];
  const line = (message: string) => void log.push(message);
  const host = {
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    log: { debug: line, info: line, warning: line, error: line, secret: () => undefined },
  } as unknown as Host;
  const engine = fluxEngine(cluster, { grace: 30_000, normaliseRepository: (url) => url }, host);
  const outcomes = await clock.run(
    watch({
      engine,
      targets: targets.map((text) => engine.parseTarget(text)),
      wanted: { revision: sha, images: [] },
      options: DEFAULTS,
      timeout: options.timeout ?? 120_000,
      refresh: options.refresh ?? false,
      relation: async (revision) => recording.relation(revision, sha),
      progress: () => undefined,
      host,
    }),
  );
  return { outcomes, kinds: outcomes.map(({ verdict }) => verdict.kind), calls, log, recording, sha, from };
}

function watches(calls: readonly string[]): readonly string[] {
  return calls.filter((call) => call.startsWith('watch'));
}

describe('a whole wait on Flux', () => {
  it.each([
    ['happy', 'B', 'landed'],
    ['wait-false', 'B', 'landed'],
    ['crash-loop', 'B', 'failed'],
    ['suspended', 'B', 'blocked'],
    ['revert', 'B', 'superseded'],
    ['flap', 'B', 'failed'],
    ['depends-on', 'B', 'failed'],
  ] as const)('%s, %s: %s', async (name, label, verdict) => {
    const { kinds } = await wait(name, label, ['ks/app']);
    expect(kinds).toEqual([verdict]);
  });

  it('notices a failure that is there for a tenth of a second', async () => {
    const { outcomes } = await wait('fix-during-health-check', 'B', ['ks/app']);
    expect(outcomes[0]).toMatchObject({ verdict: { kind: 'failed' }, seconds: 40.3 });
  });

  it.each([
    ['happy', ['Kustomization/app'], ['Deployment', 'GitRepository', 'Kustomization', 'Pod']],
    ['wait-false', ['Kustomization/app'], ['Deployment', 'GitRepository', 'Kustomization', 'Pod']],
    ['helm-upgrade', ['HelmRelease/web'], ['Deployment', 'GitRepository', 'HelmChart', 'HelmRelease', 'Pod']],
  ] as const)('%s ends at once, with two reads of each kind, where it has long been live', async (...one) => {
    const [name, targets, kinds] = one;
    const named = targets.map((target) => target.replace('/', `/flux-${name}/`));
    const { outcomes, calls } = await wait(name, 'B', named, { late: 60_000 });
    expect(outcomes[0]).toMatchObject({ verdict: { kind: 'landed' }, seconds: 0.5 });
    const lists = calls.filter((call) => call.startsWith('list')).map((call) => call.split(' ')[1]);
    expect(lists.toSorted()).toEqual([...kinds, ...kinds].toSorted());
    expect(calls.filter((call) => !/^(list|watch) /.test(call))).toEqual([]);
    expect(watches(calls)).toHaveLength(kinds.length);
  });

  it('waits for what is left of its time where it has been live for less', async () => {
    const { outcomes } = await wait('happy', 'B', ['ks/app'], { late: 10_000 });
    // Live 5.7 s after the push by the server's clock, of which the fraction of a second is cut off.
    expect(outcomes[0]?.verdict.kind).toBe('landed');
    expect(outcomes[0]?.seconds).toBeGreaterThanOrEqual(5.7);
    expect(outcomes[0]?.seconds).toBeLessThanOrEqual(8.5);
  });

  it('does not wait for the next of its own reads once it stands there', async () => {
    const { outcomes } = await wait('no-op', 'B', ['ks/app']);
    expect(outcomes[0]?.verdict.kind).toBe('landed');
    expect(outcomes[0]?.seconds).toBeLessThan(12);
  });

  it('reads and watches each kind of a namespace once for all targets', async () => {
    const { kinds, calls } = await wait('depends-on', 'C', ['ks/app', 'ks/infra']);
    expect(kinds).toEqual(['landed', 'landed']);
    expect(watches(calls).toSorted()).toEqual([
      'watch Deployment flux-depends-on',
      'watch GitRepository flux-depends-on',
      'watch Kustomization flux-depends-on',
      'watch Pod flux-depends-on',
    ]);
    expect(calls.filter((call) => call.startsWith('list Kustomization')).length).toBeLessThan(16);
  });

  it.each(['happy', 'wait-false', 'two-commits'])(
    '%s: comes to the same with watches that stay silent',
    async (name) => {
      const { kinds, recording, sha, from, outcomes } = await wait(name, 'B', ['ks/app'], { silent: true });
      expect(kinds).toEqual(['landed']);
      expect(isFluxLive(recording, 'Kustomization/app', sha, from + (outcomes[0]?.seconds ?? 0) * 1000)).toBe(true);
    },
  );
});

describe('what a Kustomization brings with it', () => {
  it('waits for a Kustomization that another one has applied', async () => {
    const { kinds, outcomes } = await wait('nested', 'C', ['ks/app']);
    expect(outcomes.map(({ target }) => target.name)).toEqual([
      'Kustomization/flux-nested/app',
      'Kustomization/flux-nested/child',
    ]);
    expect(kinds).toEqual(['landed', 'landed']);
  });

  it('fails with a release that fails after the Kustomization was ready for good', async () => {
    const { outcomes } = await wait('helm-values-wait-false', 'C', ['ks/app']);
    expect(outcomes[0]?.verdict).toMatchObject({ kind: 'failed' });
    expect(outcomes[1]?.target.name).toBe('HelmRelease/flux-helm-values-wait-false/web');
    expect(outcomes[1]?.verdict.reasons[0]).toContain('UpgradeFailed');
  });

  it('waits until the new values are released, not only applied', async () => {
    const { outcomes } = await wait('helm-values-wait-false', 'B', ['ks/app'], { timeout: 7_000 });
    expect(outcomes[0]?.verdict.kind).toBe('timedOut');
  });
});

describe('rights', () => {
  it('asks the source only to look at once, and says once that it may not', async () => {
    const forbidden = (verb: string) => verb === 'patch';
    const { kinds, calls, log } = await wait('happy', 'B', ['ks/app'], { refresh: true, forbidden });
    expect(kinds).toEqual(['landed']);
    expect(calls.filter((call) => call.startsWith('patch'))).toEqual(['patch GitRepository/app']);
    expect(log.filter((line) => line.includes('could not be asked to look at once'))).toHaveLength(1);
  });

  it('reads by name what it may not list', async () => {
    const { kinds, calls } = await wait('happy', 'B', ['ks/app'], {
      forbidden: (verb, { name }) => verb !== 'patch' && name === undefined,
    });
    expect(kinds).toEqual(['landed']);
    expect(watches(calls).toSorted()).toEqual([
      'watch Deployment flux-happy web',
      'watch GitRepository flux-happy app',
      'watch Kustomization flux-happy app',
    ]);
  });

  it('goes without the objects that it may not read, and names them', async () => {
    const { outcomes } = await wait('happy', 'B', ['ks/app'], {
      forbidden: (_, { type }) => type.kind === 'Deployment',
    });
    expect(outcomes[0]?.verdict.kind).toBe('landed');
    expect(outcomes[0]?.verdict.reasons).toContain('not judged, since they may not be read: Deployment web');
  });

  it('goes without the source, too', async () => {
    const { kinds } = await wait('happy', 'B', ['ks/app'], {
      forbidden: (_, { type }) => type.kind === 'GitRepository',
    });
    expect(kinds).toEqual(['landed']);
  });

  it('says that the target may not be read', async () => {
    const { outcomes } = await wait('happy', 'B', ['ks/app'], {
      forbidden: (_, { type }) => type.kind === 'Kustomization',
    });
    expect(outcomes[0]?.verdict).toMatchObject({ kind: 'unreachable', code: 'denied' });
  });
});
