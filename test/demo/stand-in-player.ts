import { type RenderedApplication, renderApplication } from '../../src/demo/stand-in/render.ts';
import { advance, initialState, nextStep } from '../../src/demo/stand-in/state.ts';
import type {
  ApplicationDefinition,
  ApplicationState,
  Event,
  Manifest,
  Operation,
  Reading,
  Rollout,
} from '../../src/demo/stand-in/types.ts';

/** What happens from outside, in the order of time. */
export type Cue = { readonly at: number } & (
  | { readonly push: Reading }
  | { readonly event: Event }
  /** A manual operation at the end of the branch as it then is, or at a revision. */
  | { readonly operate: Omit<Operation, 'manifests' | 'revision'> & { readonly revision?: string } }
);

export interface Play {
  readonly application: ApplicationDefinition;
  readonly rollout?: Partial<Rollout>;
  /** Milliseconds that the look at the repository takes that begins in this state. */
  readonly takes: (state: ApplicationState) => number;
  readonly startAt: number;
  readonly cues: readonly Cue[];
  readonly until: number;
}

export interface Frame {
  readonly at: number;
  readonly state: ApplicationState;
  readonly application: RenderedApplication;
}

/** Drives the pure state machine over a made-up time line: what the controller does, without any waiting. */
export function play({ application, rollout, takes, startAt, cues, until }: Play): readonly Frame[] {
  const pushed: Reading[] = [];
  const frames: Frame[] = [];
  const waiting = [...cues].sort((a, b) => a.at - b.at);
  let state = initialState(application, 'file:///config.git', rollout ?? {}, startAt);
  let look: { startedAt: number; asked: number; endsAt: number; reading: Reading } | undefined;
  let served = 0;
  let now = startAt;

  const move = (event: Event) => {
    state = advance(state, event, now);
    const shown = renderApplication(state, { resourceVersion: frames.length, generation: 1 });
    frames.push({ at: now, state, application: shown });
  };
  const cue = (next: Cue) => {
    if ('push' in next) pushed.push(next.push);
    else if ('event' in next) move(next.event);
    else move({ kind: 'operate', operation: operationOf(pushed, next.operate) });
  };

  for (;;) {
    if (look === undefined && served < state.asked && pushed.length > 0) {
      // The branch is resolved when the look begins.
      const reading = pushed.at(-1) ?? { ok: false, problem: '' };
      look = { startedAt: now, asked: state.asked, endsAt: now + takes(state), reading };
    }
    const times = [waiting[0]?.at, nextStep(state), look?.endsAt].map((time) => time ?? Number.POSITIVE_INFINITY);
    now = Math.max(now, Math.min(...times));
    if (now > until) return frames;
    const first = waiting[0];
    if (first !== undefined && first.at <= now) cue(waiting.shift() ?? first);
    else if (look !== undefined && look.endsAt <= now) {
      const { reading, startedAt, asked } = look;
      look = undefined;
      served = asked;
      move({ kind: 'compared', reading, startedAt, asked });
    } else move({ kind: 'tick' });
  }
}

function operationOf(
  pushed: readonly Reading[],
  wanted: Omit<Operation, 'manifests' | 'revision'> & { revision?: string },
) {
  const readings = pushed.filter((reading) => reading.ok);
  const reading = readings.find(({ revision }) => revision === wanted.revision) ?? readings.at(-1);
  if (reading === undefined) throw new Error('nothing was pushed that could be deployed');
  return { ...wanted, revision: reading.revision, manifests: reading.manifests };
}

export function deployment(image: string, name = 'web'): Manifest {
  const spec = { replicas: 2, template: { spec: { containers: [{ name, image }] } } };
  const content = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
  return { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name, content };
}

export function service(port: number, name = 'web'): Manifest {
  const content = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port }] } };
  return { group: '', version: 'v1', kind: 'Service', namespace: 'shop', name, content };
}

export function commit(revision: string, ...manifests: readonly Manifest[]): Reading {
  return { ok: true, revision, sourceType: 'Directory', manifests };
}

/** What matters of an Application, on one line; commits by the names that a function gives them. */
export function rowOf(application: unknown, name: (revision: string) => string): string {
  const { metadata, status, operation } = application as Recorded;
  const { operationState: last, reconciledAt } = status;
  const revision = last?.syncResult?.revision ?? last?.operation.sync.revision;
  return [
    `${status.sync?.status || '-'} ${status.sync?.revision ? name(status.sync.revision) : '-'}`,
    operation ? `op ${name(operation.sync.revision)}` : 'no op',
    last ? `${last.phase} ${revision === undefined ? '-' : name(revision)}` : '-',
    timesOf(reconciledAt, last?.finishedAt),
    status.health?.status ?? '-',
    `h${status.history?.length ?? 0}`,
    ...(metadata.annotations?.['argocd.argoproj.io/refresh'] ? ['refresh'] : []),
    ...(status.conditions ?? []).map(({ type }) => type),
  ].join(' | ');
}

function timesOf(reconciledAt: string | undefined, finishedAt: string | undefined): string {
  if (reconciledAt === undefined || finishedAt === undefined) return '-';
  return reconciledAt < finishedAt ? 'before' : reconciledAt === finishedAt ? 'equal' : 'after';
}

/** Without rows that repeat the one before. */
export function distinct(rows: readonly string[]): readonly string[] {
  return rows.filter((row, index) => row !== rows[index - 1]);
}

interface Recorded {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly operation?: { readonly sync: { readonly revision: string } };
  readonly status: {
    readonly sync?: { readonly status: string; readonly revision?: string };
    readonly health?: { readonly status?: string };
    readonly history?: readonly unknown[];
    readonly conditions?: readonly { readonly type: string }[];
    readonly reconciledAt?: string;
    readonly operationState?: {
      readonly phase: string;
      readonly finishedAt?: string;
      readonly syncResult?: { readonly revision: string };
      readonly operation: { readonly sync: { readonly revision?: string } };
    };
  };
}
