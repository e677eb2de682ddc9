import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import type { Cluster } from '../../../src/engines/kubernetes-api/cluster.ts';
import { watch } from '../../../src/engines/watch.ts';
import type { Host } from '../../../src/host.ts';
import { kustomization, NEW, OLD, repository } from '../../support/flux-objects.ts';
import { chart, OWNED, release, version } from '../../support/flux-releases.ts';
import { objectCluster } from '../../support/object-cluster.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const REQUESTED = 'reconcile.fluxcd.io/requestedAt';
const START = Date.parse('2026-11-22T12:00:00Z');
const OTHER_DIGEST = `sha256:${'2'.repeat(64)}`;

interface Options {
  readonly refresh?: boolean;
  readonly forbidden?: boolean;
  /** Milliseconds after a request until new values are released; absent: they are as they were. */
  readonly upgrade?: number;
}

/** Writes to the one release that there is. */
function releaseWith(): { readonly object: Json; write(status: Json, annotations?: Json): void } {
  const spec = { valuesFrom: [{ kind: 'ConfigMap', name: 'values' }] };
  const object = release(version(NEW), { labels: OWNED, spec }) as Record<string, unknown>;
  let written = 10;
  return {
    object,
    write(status, annotations) {
      const metadata = object.metadata as Json;
      object.metadata = { ...metadata, resourceVersion: String(++written), ...(annotations && { annotations }) };
      object.status = { ...(object.status as Json), ...status };
    },
  };
}

/** A cluster in which a release reads its values when somebody asks it to, and never else; there are no watches. */
async function wait({ refresh = true, forbidden = false, upgrade }: Options = {}) {
  const clock = virtualClock();
  const entries = ['flux_values__ConfigMap', 'flux_app_helm.toolkit.fluxcd.io_HelmRelease'];
  const inventory = { entries: entries.map((id) => ({ id, v: 'v1' })) };
  const web = releaseWith();
  const objects = [repository(NEW), kustomization(NEW, { status: { inventory } }), chart(NEW), web.object];
  const { cluster } = objectCluster(objects, { forbidden: (verb) => forbidden && verb === 'patch' });
  const patches: string[] = [];
  const handle = async (token: string): Promise<void> => {
    await clock.sleep(200, new AbortController().signal);
    if (upgrade !== undefined) {
      const busy = { status: 'Unknown', reason: 'Progressing', message: "Running 'upgrade' action" };
      const before = (web.object.status as Json).conditions;
      const conditions = [
        { ...busy, type: 'Ready' },
        { ...busy, type: 'Reconciling', status: 'True' },
      ];
      web.write({ conditions, lastAttemptedConfigDigest: OTHER_DIGEST });
      await clock.sleep(upgrade, new AbortController().signal);
      web.write({ conditions: before, history: historyOf(OTHER_DIGEST) });
    }
    web.write({ lastHandledReconcileAt: token });
  };
  const played: Cluster = {
    ...cluster,
    async list(scope, signal) {
      const reading = await cluster.list(scope, signal);
      if (reading.kind !== 'found') return reading;
      const items = reading.value.items.map((item) => ({ ...item }));
      return { kind: 'found', value: { ...reading.value, items }, serverNow: START + clock.monotonic() };
    },
    async patch(type, key, patch, signal) {
      const reading = await cluster.patch(type, key, patch, signal);
      patches.push(`${type.kind}/${key.name}`);
      if (reading.kind !== 'found') return reading;
      const token = String(((patch.metadata as Json).annotations as Json)[REQUESTED]);
      web.write({}, { [REQUESTED]: token });
      void handle(token);
      return { kind: 'found', value: { ...web.object } };
    },
  };
  const log: string[] = [];
  const line = (message: string) => void log.push(message);
  const logger = { debug: line, info: line, warning: line, error: line, secret: () => undefined };
  const host = { clock, random: () => 0.5, signal: new AbortController().signal, log: logger } as unknown as Host;
  const engine = fluxEngine(played, { grace: 30_000, normaliseRepository: (url) => url }, host);
  const outcomes = await clock.run(
    watch({
      engine,
      targets: [engine.parseTarget('ks/flux/app')],
      wanted: { revision: NEW, images: [] },
      options: DEFAULTS,
      timeout: 300_000,
      refresh,
      relation: async (revision) => (revision === OLD ? 'lacks' : 'equal'),
      progress: () => undefined,
      host,
    }),
  );
  return { outcomes, patches, log };
}

function historyOf(configDigest: string): readonly Json[] {
  return [{ version: 3, status: 'deployed', chartVersion: version(NEW), configDigest }];
}

describe('a wait for a release that takes values from elsewhere', () => {
  it('asks it once, and believes it from then on', async () => {
    const { outcomes, patches } = await wait();
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(['landed', 'landed']);
    expect(patches).toEqual(['HelmRelease/app']);
    // Stable for 10 s after the first list that shows that the request was handled; without a watch that is 15 s later.
    expect(outcomes[0]?.seconds).toBeGreaterThan(10);
    expect(outcomes[0]?.seconds).toBeLessThan(40);
  });

  it('waits for the release of the new values', async () => {
    const { outcomes, patches } = await wait({ upgrade: 50_000 });
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(['landed', 'landed']);
    expect(outcomes[0]?.seconds).toBeGreaterThan(60);
    expect(patches).toEqual(['HelmRelease/app']);
  });

  it.each([
    ['it may not be asked', { forbidden: true }, 'it may not be asked to', 1],
    ['nothing is to be asked', { refresh: false }, 'refresh is off', 0],
  ] as const)('is never green where %s, and says so', async (_, options, words, asked) => {
    const { outcomes, patches, log } = await wait(options);
    const said = outcomes.map(({ verdict }) => [verdict.kind, verdict.reasons.join('; ')]);
    expect(said).toEqual([
      ['timedOut', expect.stringContaining('HelmRelease/flux/app')],
      ['timedOut', expect.stringContaining(words)],
    ]);
    expect(patches).toHaveLength(asked);
    expect(log.filter((line) => line.includes('could not be asked to look at once'))).toHaveLength(asked);
  });
});
