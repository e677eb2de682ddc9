import type { CommitStatus, Revision } from '../../forges/forge-client.ts';
import type { Observation } from '../delivery-engine.ts';
import type { Reading, Spoken, Strayed } from './reading.ts';
import { type Meaning, meaningOf, sentenceOf } from './words.ts';

/** The newest word of one context, on the newest commit that has one. */
interface Voice {
  readonly status: CommitStatus;
  readonly revision: Revision;
  /** 0 is the newest commit that was read. */
  readonly age: number;
  readonly meaning: Meaning;
  /** An older commit that it has called live. */
  readonly liveBefore?: Revision;
}

export interface Rules {
  readonly matches: (context: string) => boolean;
  /** How many contexts must have succeeded. */
  readonly required: number;
}

type Interpreted = Pick<
  Observation,
  | 'state'
  | 'obstacle'
  | 'trusted'
  | 'seenRevision'
  | 'appliedRevision'
  | 'attempt'
  | 'reasons'
  | 'resources'
  | 'fingerprint'
>;

/**
 * What the contexts of one target say, from commits newest first. A word about a newer commit takes the place of one about an
 * older: it holds for the wanted commit as well, which the newer one contains. Silence proves nothing.
 */
export function interpret({ spoken, strayed }: Reading, rules: Rules): Interpreted {
  const interpreted = interpretVoices(spoken, rules);
  return strayed === undefined ? interpreted : offTheBranch(interpreted, strayed);
}

/** What was live once is about to be replaced by what the branch holds now. */
function offTheBranch({ appliedRevision: _, ...others }: Interpreted, { head, isBehind }: Strayed): Interpreted {
  const reason = `the branch is at ${head.slice(0, 12)}, which does not contain the wanted commit`;
  return {
    ...others,
    ...(isBehind ? {} : { state: 'blocked', obstacle: 'elsewhere' }),
    seenRevision: head,
    reasons: [reason, ...others.reasons],
    fingerprint: `${head} ${others.fingerprint}`,
  };
}

function interpretVoices(spoken: readonly Spoken[], rules: Rules): Interpreted {
  const voices = voicesOf(spoken, rules.matches);
  const succeeded = voices.filter(({ meaning }) => meaning === 'success');
  const failed = voices.filter(({ meaning }) => meaning === 'failure');
  const failing = voices.filter(({ meaning }) => meaning === 'failing');
  const waiting = voices.filter(({ meaning }) => meaning === 'unsettled');
  const told = [...failed, ...failing, ...waiting, ...succeeded];
  const missing = rules.required - succeeded.length;
  const shared = {
    trusted: true,
    resources: told.map(({ status, meaning }) => ({
      ...{ kind: status.kind, name: status.context, health: meaning, message: status.description },
    })),
    fingerprint: JSON.stringify([missing, told.map(({ status, revision }) => [status, revision])]),
    ...seenOf(voices),
  };
  const reasons = told.map(lineOf);
  if (failed.length > 0) return { ...shared, ...failedOf(failed), reasons };
  if (failing.length > 0) return { ...shared, ...appliedOf(failing), state: 'degraded', reasons };
  if (waiting.length > 0 || missing > 0) {
    const first = missing > 0 ? [missingLine(succeeded.length, rules.required)] : [];
    return { ...shared, state: voices.length === 0 ? 'unseen' : 'syncing', reasons: [...first, ...reasons] };
  }
  return { ...shared, ...appliedOf(succeeded), state: 'healthy', reasons };
}

/** Of every context that is asked for, the newest word. */
function voicesOf(spoken: readonly Spoken[], matches: Rules['matches']): readonly Voice[] {
  const voices = new Map<string, Voice>();
  for (const [age, { revision, statuses }] of spoken.entries()) {
    for (const status of statuses.filter(({ context, state }) => state !== 'inactive' && matches(context))) {
      const key = `${status.kind} ${status.context}`;
      const newest = voices.get(key);
      const meaning = meaningOf(status);
      if (newest === undefined) voices.set(key, { status, revision, age, meaning });
      else if (newest.liveBefore === undefined && meaning === 'success')
        voices.set(key, { ...newest, liveBefore: revision });
    }
  }
  return [...voices.values()];
}

/** The newest commit that anybody has said something about. */
function seenOf(voices: readonly Voice[]): { readonly seenRevision?: Revision } {
  const newest = voices.toSorted((a, b) => a.age - b.age)[0];
  return newest === undefined ? {} : { seenRevision: newest.revision };
}

/** The oldest of the commits that are said to be live: it is what every context has at least. */
function appliedOf(succeeded: readonly Voice[]): { readonly appliedRevision?: Revision } {
  const oldest = succeeded.toSorted((a, b) => b.age - a.age)[0];
  return oldest === undefined ? {} : { appliedRevision: oldest.revision };
}

/** Where every context that fails has called an older commit live, what came later is to blame. */
function failedOf(failed: readonly Voice[]): Partial<Interpreted> & Pick<Observation, 'state'> {
  const voice = failed.find(({ liveBefore }) => liveBefore === undefined) ?? failed[0];
  if (voice === undefined) return { state: 'degraded' };
  const { liveBefore: appliedRevision } = voice;
  return {
    state: 'degraded',
    attempt: { revision: voice.revision, outcome: 'failed', reason: lineOf(voice) },
    ...(appliedRevision === undefined ? {} : { appliedRevision }),
  };
}

function missingLine(succeeded: number, required: number): string {
  if (required === 1) return 'no context has said that it succeeded yet';
  return `${succeeded} of ${required} contexts have said that they succeeded`;
}

function lineOf({ status, revision }: Voice): string {
  return `${sentenceOf(status)} (about ${revision.slice(0, 12)})`;
}
