import { describe, expect } from '@jest/globals';
import type { ApplicationState, Reading, Rollout } from '../../src/demo/stand-in/types.ts';
import { type Cue, commit, deployment, distinct, play, rowOf } from './stand-in-player.ts';
import { type RecordedLine, readRecording, recordedTest, streamed } from './stand-in-recordings.ts';

/** How long things took in a recording, in milliseconds, read off its times. */
interface Measured {
  readonly file: string;
  readonly firstImage?: string;
  readonly manual?: boolean;
  /** Each look that was asked for by a refresh. */
  readonly looks: readonly number[];
  /** The look after an operation. */
  readonly rereadTakes: number;
  readonly rollout: Partial<Rollout>;
  /** When the operations that were asked for became visible. */
  readonly operatedAt?: readonly number[];
}

const RECORDINGS: readonly Measured[] = [
  {
    file: 'happy.ndjson',
    looks: [93, 28],
    rereadTakes: 15,
    rollout: { write: 14, start: 12, apply: 208, finish: 10, notice: 62, reread: 20, readyAfter: 4555 },
  },
  { file: 'no-op.ndjson', looks: [144, 194], rereadTakes: 15, rollout: {} },
  {
    file: 'bad-image.ndjson',
    looks: [192, 75],
    rereadTakes: 15,
    rollout: { write: 21, start: 117, apply: 495, finish: 22, notice: 59, reread: 70, progressDeadline: 20_288 },
  },
  {
    file: '3.5/bad-image.ndjson',
    looks: [366, 59],
    rereadTakes: 10,
    rollout: { write: 1, start: 1, apply: 407, finish: 17, notice: 259, reread: 10, progressDeadline: 21_102 },
  },
  {
    file: 'degraded-then-fixed.ndjson',
    firstImage: '0.9.0-bad',
    looks: [220],
    rereadTakes: 25,
    rollout: {
      write: 39,
      start: 17,
      apply: 474,
      finish: 34,
      notice: 85,
      reread: 100,
      readyAfter: 4761,
      progressDeadline: 10_000,
    },
  },
  {
    file: 'manual.ndjson',
    manual: true,
    looks: [361],
    rereadTakes: 42,
    operatedAt: [11_882, 22_740],
    rollout: { start: 32, apply: 633, finish: 25, notice: 86, reread: 110, readyAfter: 4773 },
  },
  {
    file: 'rollback.ndjson',
    looks: [237, 37],
    rereadTakes: 11,
    operatedAt: [16_626],
    rollout: { write: 25, start: 9, apply: 580, finish: 28, notice: 75, reread: 85, readyAfter: 4566 },
  },
  {
    file: 'sync-window.ndjson',
    looks: [233, 42],
    rereadTakes: 10,
    rollout: { write: 16, start: 20, apply: 571, finish: 74, notice: 20, reread: 30, readyAfter: 4735 },
  },
  {
    file: 'comparison-error.ndjson',
    looks: [99, 42, 35, 101],
    rereadTakes: 10,
    rollout: {
      write: 14,
      start: 9,
      apply: 148,
      finish: 12,
      notice: 82,
      reread: 50,
      readyAfter: 4595,
      secondLookAfterRepair: false,
    },
  },
  {
    file: '3.5/comparison-error.ndjson',
    looks: [208, 77, 48, 111, 37],
    rereadTakes: 6,
    rollout: { write: 11, start: 15, apply: 253, finish: 23, notice: 64, reread: 75, readyAfter: 4661 },
  },
];

describe('the state machine shows the states of a real Argo CD in their order', () => {
  for (const measured of RECORDINGS) {
    recordedTest(measured.file, measured.file, (path) => {
      const lines = readRecording(path);
      const from = liveAt(lines);
      const names = namesOf(lines);
      const recorded = streamed(lines).flatMap(({ t, application }) => (t > from ? [rowOf(application, names)] : []));
      const rows = played(lines, measured, from, names);
      expect(recorded.length).toBeGreaterThan(3);
      expect(rows).toEqual(fromRefresh(distinct(recorded)));
    });
  }
});

function marksOf(lines: readonly RecordedLine[]) {
  return lines.flatMap((line) => (line.via === 'mark' ? [{ t: line.t, ...line.object } as Mark] : []));
}

interface Mark {
  readonly t: number;
  readonly what: string;
  readonly at?: string;
  readonly sha?: string;
  readonly message?: string;
  readonly goal?: string;
}

/** When the first commit was live: what came before is not compared. */
function liveAt(lines: readonly RecordedLine[]): number {
  const mark = marksOf(lines).find(({ what, goal }) => what === 'reached' && /^first( commit)? live$/.test(goal ?? ''));
  if (mark === undefined) throw new Error('the recording does not say when its first commit was live');
  return mark.t;
}

function namesOf(lines: readonly RecordedLine[]): (revision: string) => string {
  const shas = marksOf(lines).flatMap(({ what, sha }) => (what === 'pushed' && sha !== undefined ? [sha] : []));
  return (revision) => (shas.includes(revision) ? `c${shas.indexOf(revision)}` : revision);
}

function played(lines: readonly RecordedLine[], measured: Measured, from: number, names: (revision: string) => string) {
  const zero = Date.parse(marksOf(lines)[0]?.at ?? '');
  const startAt = Math.ceil((zero + 1) / 1000) * 1000 - 999;
  const cues = cuesOf(lines, measured, from).map((cue) => ({
    ...cue,
    at: cue.at < 0 ? startAt - cue.at : zero + cue.at,
  }));
  const frames = play({
    application: { name: 'web', path: 'deploy', namespace: 'shop', automated: measured.manual !== true },
    rollout: { ...measured.rollout, pullable: (image) => !image.endsWith('-bad') },
    takes: looksOf(measured),
    startAt,
    cues,
    until: zero + (lines.at(-1)?.t ?? 0),
  });
  const shown = frames.filter(({ at }) => at > zero + from);
  return fromRefresh(distinct(shown.map(({ application }) => rowOf(application, names))));
}

/** What comes before the first refresh is the end of the first deployment. */
function fromRefresh(rows: readonly string[]): readonly string[] {
  return rows.slice(rows.findIndex((row) => row.endsWith('refresh')));
}

function looksOf(measured: Measured): (state: ApplicationState) => number {
  let asked = 0;
  return ({ refresh }) => (refresh === undefined ? measured.rereadTakes : (measured.looks[asked++] ?? 50));
}

/** What was done in a recording; negative times are the first deployment, counted from the start. */
function cuesOf(lines: readonly RecordedLine[], measured: Measured, from: number): readonly Cue[] {
  const contents = contentsOf(lines, measured);
  const first: Cue = { at: -1, push: [...contents.values()][0] ?? { ok: false, problem: '' } };
  const start: readonly Cue[] = measured.manual ? [{ at: -50, operate: { dryRun: false, username: 'deployer' } }] : [];
  const marked = marksOf(lines)
    .filter(({ t }) => t > from)
    .flatMap((mark) => cueOf(mark, contents));
  const operated = (measured.operatedAt ?? []).map((at): Cue => {
    const revision = measured.file.startsWith('rollback') ? { revision: [...contents.keys()][0] ?? '' } : {};
    return { at, operate: { dryRun: false, username: 'deployer', ...revision } };
  });
  return [first, ...start, ...marked, ...operated];
}

function cueOf({ t, what, sha }: Mark, contents: ReadonlyMap<string, Reading>): readonly Cue[] {
  const reading = contents.get(sha ?? '');
  if (what === 'pushed' && reading !== undefined) return [{ at: t, push: reading }];
  // The annotation is written about 15 ms after the call.
  if (/^refresh=normal \S+ called$/.test(what)) return [{ at: t + 15, event: { kind: 'refresh', level: 'normal' } }];
  if (what === 'auto-sync switched off') return [{ at: t, event: { kind: 'edit', changes: { automated: false } } }];
  const windowed = /^deny window (opened|closed)$/.exec(what)?.[1];
  return windowed === undefined
    ? []
    : [{ at: t, event: { kind: 'edit', changes: { windowClosed: windowed === 'opened' } } }];
}

/** What each commit of a recording holds, told by its message. */
function contentsOf(lines: readonly RecordedLine[], measured: Measured): ReadonlyMap<string, Reading> {
  let image = measured.firstImage ?? '1.0.0';
  const contents = new Map<string, Reading>();
  for (const { what, sha, message = '' } of marksOf(lines)) {
    if (what !== 'pushed' || sha === undefined) continue;
    image = /^web (\S+)$/.exec(message)?.[1] ?? (message === 'repaired' ? '1.1.0' : image);
    const broken = message === 'broken yaml';
    contents.set(
      sha,
      broken ? { ok: false, problem: 'no node' } : commit(sha, deployment(`registry.example/shop/web:${image}`)),
    );
  }
  return contents;
}
