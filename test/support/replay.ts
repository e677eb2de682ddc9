import { readApplication } from '../../src/engines/argocd/application.ts';
import { startAttention } from '../../src/engines/argocd/attention.ts';
import { type Message, receive } from '../../src/engines/argocd/receive.ts';
import { readSyncWindows } from '../../src/engines/argocd/sync-windows.ts';
import type { Target, Verdict, Wanted } from '../../src/engines/delivery-engine.ts';
import { type JudgeOptions, judge } from '../../src/engines/judge.ts';
import { relate } from '../../src/engines/relations.ts';
import { remember, startWatching } from '../../src/engines/watched.ts';
import { normaliseRepositoryUrl } from '../../src/forges/repository-url.ts';
import type { Line, Recording } from './recordings.ts';

export const DEFAULTS: JudgeOptions = {
  stableFor: 10_000,
  degradedGrace: 30_000,
  appearTimeout: 60_000,
  suspended: 'wait',
  sync: 'never',
};

/** One thing that reaches the wait. `object` is the Application in it, if any. */
export interface Step {
  readonly t: number;
  readonly message: Message;
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
  readonly object?: any;
}

export interface Judged extends Step {
  readonly verdict: Verdict;
  /** The same with no time to be stable at all, where that was asked for. */
  readonly impatient?: Verdict;
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
export function readStep(t: number, object: any, refresh = false, covers?: number): Step {
  return { t, object, message: { kind: 'answer', answer: { kind: 'ok', value: object }, refresh, covers } };
}

/** What one application's wait would have got from `from` on, beginning with a read of how it stood then. */
export function stepsOf(recording: Recording, app: string, from: number): readonly Step[] {
  const steps: Step[] = [];
  let latest: Step | undefined;
  let read: Step | undefined;
  let windows: Step | undefined;
  let covers: number | undefined;
  for (const line of recording.lines) {
    const step = isOf(line, app) ? stepOf(line, read) : refreshStep(line, app, latest, covers);
    if (isCall(line, app)) covers = endOfOperation(latest?.object);
    if (step === undefined) continue;
    if (line.via === 'get') read = step;
    if (step.message.kind === 'windows') windows = step;
    else latest = step;
    if (line.t < from) steps.splice(0, steps.length, { ...readStep(from, step.object ?? latest?.object) });
    else steps.push(step);
    // Whoever waits asks for the windows again and again; the recording did so only now and then.
    if (windows !== undefined && line.via === 'get' && line.t >= from) steps.push({ ...windows, t: line.t });
  }
  return steps.filter(
    ({ object, message }) => object !== undefined || message.kind !== 'answer' || message.answer.kind === 'refused',
  );
}

function isOf({ via, app }: Line, name: string): boolean {
  return (via === 'stream' || via === 'get') && app === name;
}

function stepOf({ t, via, type = 'MODIFIED', status, same, object }: Line, read: Step | undefined): Step | undefined {
  if (via === 'get' && same === true) return read === undefined ? undefined : { ...read, t };
  if (via === 'get' && status !== undefined && status >= 400) {
    const message: Message = {
      kind: 'answer',
      answer: { kind: 'refused', status, message: '' },
      refresh: false,
      covers: undefined,
    };
    return { t, message };
  }
  if (object?.metadata === undefined) return undefined;
  return via === 'get' ? readStep(t, object) : { t, object, message: { kind: 'event', type, application: object } };
}

function isCall({ via, object }: Line, app: string): boolean {
  return via === 'mark' && object?.what === `refresh=normal ${app} called`;
}

/** The answer to a refresh is the Application as it is by then; the answer about windows is what it is. */
function refreshStep(
  { t, via, object }: Line,
  app: string,
  latest: Step | undefined,
  covers: number | undefined,
): Step | undefined {
  if (via !== 'http' || object?.status !== 200) return undefined;
  if (object.what === 'syncwindows')
    return { t, message: { kind: 'windows', windows: readSyncWindows(object.answer) } };
  return object.what === `refresh=normal ${app}` && latest?.object !== undefined
    ? readStep(t, latest.object, true, covers)
    : undefined;
}

function endOfOperation(object: unknown): number | undefined {
  const application = readApplication(object);
  return application?.operationPending ? undefined : application?.operation?.finishedAt;
}

export interface Replay {
  readonly recording: Recording;
  readonly app: string;
  readonly wanted: Wanted;
  readonly options?: Partial<JudgeOptions>;
  /** Milliseconds for which the last state goes on after the end; each read a comparison, as a refresh makes it. */
  readonly tail?: number;
  /** Milliseconds between the reads of the tail. */
  readonly every?: number;
  /** Whether to judge with no time to be stable as well. */
  readonly impatiently?: boolean;
}

/** Judges after every step, as a wait that begins with the first one. */
export function replay(
  steps: readonly Step[],
  { recording, app, wanted, options = {}, tail = 0, every = 5_000, impatiently = false }: Replay,
): readonly Judged[] {
  const patient = { ...DEFAULTS, ...options };
  const judged: Judged[] = [];
  const target: Target = { name: app, kind: 'Application' };
  const since = steps[0]?.t ?? 0;
  let watched = startWatching(target, since);
  let attention = startAttention(since);
  for (const step of [...steps, ...tailOf(steps, recording, tail, every)]) {
    const reception = {
      target,
      wanted,
      normalise: normaliseRepositoryUrl,
      location: 'recording',
      forbidden: 'may not be read',
      now: step.t,
      random: 0.5,
    };
    const received = receive(attention, withServerTime(step, recording), reception);
    attention = received.attention;
    if (received.observation !== undefined) watched = remember(watched, received.observation);
    const history = watched.history.map((one) =>
      relate(one, (revision) => recording.relation(revision, wanted.revision)),
    );
    const verdict = judge(history, wanted, patient, step.t, since);
    const impatient = impatiently ? judge(history, wanted, { ...patient, stableFor: 0 }, step.t, since) : undefined;
    judged.push({ ...step, verdict, ...(impatient === undefined ? {} : { impatient }) });
  }
  return judged;
}

function withServerTime({ t, message }: Step, { startedAt }: Recording): Message {
  if (message.kind !== 'answer' || message.answer.kind !== 'ok') return message;
  const serverNow = Math.floor((startedAt + t) / 1000) * 1000;
  return { ...message, answer: { ...message.answer, serverNow } };
}

function* tailOf(steps: readonly Step[], { startedAt }: Recording, tail: number, every: number): Generator<Step> {
  const last = steps.findLast(({ object }) => object !== undefined);
  const end = steps.at(-1);
  const isGone = end?.message.kind === 'answer' && end.message.answer.kind === 'refused';
  if (last === undefined || end === undefined || isGone) return;
  for (let t = end.t + every; t <= end.t + tail; t += every) {
    const seconds = new Date(Math.floor((startedAt + t) / 1000) * 1000).toISOString().replace('.000', '');
    yield readStep(t, comparedAgain(last.object, seconds));
  }
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
export function comparedAgain(object: any, reconciledAt: string): unknown {
  return object.operation === undefined ? { ...object, status: { ...object.status, reconciledAt } } : object;
}

/** The first verdict that ends a wait. */
export function ending(judged: readonly Judged[]): Judged | undefined {
  return judged.find(({ verdict }) => verdict.kind !== 'waiting');
}
