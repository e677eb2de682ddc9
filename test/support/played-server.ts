import type { Json } from '../../src/engines/api/json.ts';
import { KNOWN_KINDS } from '../../src/engines/kubernetes/kinds.ts';
import type { Cluster, ResourceType, Scope } from '../../src/engines/kubernetes-api/cluster.ts';
import { watchEvents } from '../../src/engines/kubernetes-api/watch-lines.ts';
import { ToolError } from '../../src/errors.ts';
import { eventsOf, isIn, isMoment, type Story, stateAt } from './story.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What goes wrong between a server that does everything right and the one who asks it. Times are those of the story. */
export interface Faults {
  /** Kinds that may not be read. */
  readonly forbidden?: readonly string[];
  /** Watches that bring nothing, so that only lists are left. */
  readonly watches?: 'forbidden' | 'silent' | 'bookmarks';
  /** Every resource version but the newest is too old: told with the status, or in the first line. */
  readonly compacted?: 'status' | 'line';
  /** When that write is due, the watch of its kind ends in one of these ways, and the write with it. */
  readonly cut?: { readonly write: number; readonly how: Cut };
  /** One write of which the watch says nothing, or which it tells twice. */
  readonly lost?: number;
  readonly twice?: number;
  /** What the watches bring of that kind, or from that write on, comes so many milliseconds later. */
  readonly late?: { readonly kind?: string; readonly from?: number; readonly by: number };
  /** Milliseconds for which a list is on its way, and which of them fail. */
  readonly answers?: { readonly after: number; readonly fail?: (number: number) => boolean };
  /** Lists that are asked for in this time tell how things stood at its beginning. */
  readonly stale?: { readonly from: number; readonly until: number };
}

/** `garbage`: half of the line and an end of line; `break`: half of the line, and the connection is gone. */
export type Cut = 'end' | 'break' | 'garbage' | 'expired' | 'silent';

const FLUX: readonly (readonly [string, string, string])[] = [
  ['Kustomization', 'kustomize.toolkit.fluxcd.io', 'v1'],
  ['HelmRelease', 'helm.toolkit.fluxcd.io', 'v2'],
  ['HelmChart', 'source.toolkit.fluxcd.io', 'v1'],
  ['GitRepository', 'source.toolkit.fluxcd.io', 'v1'],
  ['OCIRepository', 'source.toolkit.fluxcd.io', 'v1'],
  ['HelmRepository', 'source.toolkit.fluxcd.io', 'v1'],
];
const TYPES: readonly ResourceType[] = [
  ...KNOWN_KINDS,
  ...FLUX.map(([kind, group, version]) => ({
    kind,
    group,
    version,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
  })),
];

interface Play {
  readonly story: Story;
  readonly clock: VirtualClock;
  readonly from: number;
  readonly faults: Faults;
  lists: number;
  /** What happens once has happened. */
  cut: boolean;
}

/** An API server that plays a story from `from` on, with faults in between. */
export function playedServer(story: Story, clock: VirtualClock, from: number, faults: Faults): Cluster {
  const play: Play = { story, clock, from, faults, lists: 0, cut: false };
  const isForbidden = ({ type }: Scope) => faults.forbidden?.includes(type.kind) === true;
  return {
    location: 'the story',
    namespace: story.namespace,
    resources: async (group) => TYPES.filter((type) => type.group === group),
    list: async (scope, signal) => (isForbidden(scope) ? FORBIDDEN : answer(play, scope, signal)),
    async watch(scope, version, signal) {
      if (isForbidden(scope) || faults.watches === 'forbidden') return FORBIDDEN;
      const isOld = Number(version) < stateAt(story, timeOf(play)).version;
      if (isOld && faults.compacted === 'status') return { kind: 'expired', status: 410, message: 'too old' };
      const lines = watchEvents(linesOf(play, scope, Number(version), signal));
      return { kind: 'found', value: { events: lines, close: () => undefined } };
    },
    get: async () => FORBIDDEN,
    patch: async () => FORBIDDEN,
    logs: async () => FORBIDDEN,
  };
}

const FORBIDDEN = { kind: 'forbidden', status: 403, message: 'it is forbidden' } as const;

function timeOf({ from, clock }: Play): number {
  return from + clock.monotonic();
}

async function answer(play: Play, scope: Scope, signal: AbortSignal) {
  const { story, clock, faults } = play;
  const { after = 0, fail } = faults.answers ?? {};
  const asked = timeOf(play);
  const number = play.lists++;
  await clock.sleep(after, signal);
  if (fail?.(number) === true) throw new ToolError('temporary', 'the server gave no answer');
  const { version, objects } = stateAt(story, isMoment(faults.stale, asked) ? faults.stale.from : asked);
  const items = objects.filter((object) => isIn(scope, object));
  // The header that tells the time knows whole seconds.
  const serverNow = Math.floor((story.serverClock + timeOf(play)) / 1000) * 1000;
  return { kind: 'found', value: { resourceVersion: String(version), items }, serverNow } as const;
}

const encoder = new TextEncoder();

async function* linesOf(play: Play, scope: Scope, version: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { story, clock, faults } = play;
  if (faults.compacted === 'line' && version < stateAt(story, timeOf(play)).version) return yield line(EXPIRED);
  for (const { write, number, event } of faults.watches === 'silent' ? [] : eventsOf(story, scope, version)) {
    const { late } = faults;
    const isLate = late !== undefined && (late.kind ?? write.kind) === write.kind && number >= (late.from ?? 0);
    await clock.sleep(Math.max(0, write.t + (isLate ? late.by : 0) - timeOf(play)), signal);
    if (faults.watches === 'bookmarks') {
      yield line({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(number + 1) } } });
    } else if (faults.cut?.write === number && (!play.cut || faults.cut.how === 'silent')) {
      play.cut = true;
      if (faults.cut.how === 'silent') break;
      return yield* ending(faults.cut.how, line(event));
    } else if (faults.lost !== number) {
      yield line(event);
      if (faults.twice === number) yield line(event);
    }
  }
  await clock.sleep(3_600_000, signal);
}

const EXPIRED = { type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410, message: 'too old' } };

function* ending(how: Exclude<Cut, 'silent'>, whole: Uint8Array): Generator<Uint8Array> {
  const half = whole.slice(0, whole.length / 2);
  if (how === 'expired') yield line(EXPIRED);
  if (how === 'garbage') yield new Uint8Array([...half, 10]);
  if (how === 'break') yield half;
  if (how === 'break') throw new ToolError('temporary', 'the connection broke');
}

function line(event: { readonly type: string; readonly object: Json }): Uint8Array {
  return encoder.encode(`${JSON.stringify(event)}\n`);
}
