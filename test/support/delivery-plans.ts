import type { JudgeOptions } from '../../src/engines/judge.ts';
import type { Cut, Faults } from './played-server.ts';
import type { Story } from './story.ts';

/** One way in which a story reaches the one who waits. */
export interface Plan {
  readonly name: string;
  /** Milliseconds of the story at which the wait begins. */
  readonly from: number;
  readonly faults: Faults;
  readonly options?: Partial<JudgeOptions>;
  /** By how much what is known may be older than what is, milliseconds. */
  readonly lag: number;
  /** By how much that may differ between two things that are known; half a second where it is absent. */
  readonly skew?: number;
  /** Whether the pods can be read. */
  readonly pods?: boolean;
}

/** Nothing is told between two reads, of which there is one every 15 s, give or take. */
const BETWEEN_READS = 18_500;
const CUTS: readonly Cut[] = ['end', 'break', 'garbage', 'expired', 'silent'];

/** Something wrong with every write in turn. `share`: every how many of the ways of each write. */
export function* plansOfWrites({ writes }: Story, from: number, share = 1): Generator<Plan> {
  for (const [write, { t, kind }] of writes.entries()) {
    if (t <= from) continue;
    const old = { from: t - 4_000, until: t + 6_000 };
    const plans: readonly Omit<Plan, 'from'>[] = [
      ...CUTS.map((how) => ({
        name: how,
        faults: { cut: { write, how } },
        lag: how === 'silent' ? BETWEEN_READS : 1_500,
      })),
      { name: 'lost', faults: { lost: write }, lag: BETWEEN_READS },
      { name: 'twice', faults: { twice: write }, lag: 500 },
      { name: 'late', faults: { late: { kind, from: write, by: 4_000 } }, lag: 4_500, skew: 4_500 },
      {
        name: 'stale list after 410',
        faults: { cut: { write, how: 'expired' }, stale: old },
        lag: 10_500,
        skew: 10_500,
      },
      { name: 'stale lists', faults: { stale: old, watches: 'silent' }, lag: BETWEEN_READS, skew: 10_500 },
    ];
    for (const [way, plan] of plans.entries()) {
      if ((write + way) % share === 0) yield { ...plan, name: `${plan.name} ${write}`, from };
    }
  }
}

/** One who comes sooner or later. */
export function* plansOfArrival({ writes, end }: Story, from: number, every: number): Generator<Plan> {
  for (let t = Math.max(writes[0]?.t ?? 0, from - 2_000); t < end + every; t += every) {
    yield { name: 'arrival', from: t, faults: {}, lag: 500 };
    yield { name: 'arrival, lists only', from: t, faults: { watches: 'forbidden' }, lag: BETWEEN_READS };
  }
}

/** Of the patience and the impatience of those who wait; the first is the default. */
export const SETTINGS: readonly Partial<JudgeOptions>[] = [
  {},
  { stableFor: 0 },
  { stableFor: 2_000, degradedGrace: 5_000 },
  { stableFor: 30_000, degradedGrace: 60_000 },
];

/** The same for the same number, and without a pattern that could always meet the same kind. */
function isUnlucky(number: number, share: number): boolean {
  return ((number * 2_654_435_761) >>> 0) / 2 ** 32 < share;
}

/** Something wrong all along, under every setting. */
export function* plansOfServers(from: number, kinds: readonly string[], settings = SETTINGS): Generator<Plan> {
  const servers: readonly Omit<Plan, 'from' | 'options'>[] = [
    { name: 'nothing wrong', faults: {}, lag: 500 },
    { name: 'no watch', faults: { watches: 'forbidden' }, lag: BETWEEN_READS },
    { name: 'silent watches', faults: { watches: 'silent' }, lag: BETWEEN_READS },
    { name: 'bookmarks only', faults: { watches: 'bookmarks' }, lag: BETWEEN_READS },
    { name: 'compacted', faults: { compacted: 'status' }, lag: BETWEEN_READS },
    { name: 'compacted, told inside', faults: { compacted: 'line' }, lag: BETWEEN_READS },
    { name: 'slow answers', faults: { answers: { after: 3_000 } }, lag: 6_500, skew: 3_500 },
    {
      name: 'slow answers only',
      faults: { answers: { after: 3_000 }, watches: 'silent' },
      lag: BETWEEN_READS + 6_000,
      skew: 3_500,
    },
    {
      name: 'one of five fails',
      faults: { answers: { after: 900, fail: (number) => number > 2 && isUnlucky(number, 0.2) } },
      lag: 3_000,
      skew: 1_500,
    },
    {
      name: 'three of five fail, lists only',
      faults: { answers: { after: 900, fail: (number) => number > 2 && isUnlucky(number, 0.6) }, watches: 'silent' },
      lag: 4 * BETWEEN_READS,
      skew: 1_500,
    },
    { name: 'no pods', faults: { forbidden: ['Pod'] }, lag: 500, pods: false },
    ...kinds.flatMap((kind) => [
      { name: `late ${kind}`, faults: { late: { kind, by: 2_500 } }, lag: 3_000, skew: 3_000 },
      { name: `very late ${kind}`, faults: { late: { kind, by: 9_000 } }, lag: 9_500, skew: 9_500 },
    ]),
  ];
  for (const server of servers)
    for (const options of settings) {
      // With no pods to be seen, a pod that is ready between two crashes is one that is ready.
      if (server.pods === false && options.stableFor === 0) continue;
      yield { ...server, name: `${server.name} ${JSON.stringify(options)}`, from, options };
    }
}
