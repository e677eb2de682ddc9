import type { Verdict, VerdictKind } from '../engines/delivery-engine.ts';
import { worstFirst } from '../engines/worst-first.ts';
import type { Revision } from '../forges/forge-client.ts';
import type { TargetOutcome } from '../outcome.ts';
import { short } from './words.ts';

/** The worst of all targets is the verdict of the run. */
export function worstVerdict(targets: readonly TargetOutcome[]): Verdict | undefined {
  return worstFirst(targets)[0]?.verdict;
}

const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  landed: 'is live and healthy',
  failed: 'failed',
  superseded: 'was superseded',
  blocked: 'is blocked',
  timedOut: 'did not become live in time',
  waiting: 'did not become live in time',
  unreachable: 'could not be followed',
};

export function waitHeadline(revision: Revision, targets: readonly TargetOutcome[]): string {
  const verdict = worstVerdict(targets);
  if (verdict === undefined) return `Nothing to wait for at ${short(revision)}`;
  const which = targets.filter((one) => one.verdict.kind === verdict.kind).map(({ target }) => target.name);
  const phase = verdict.kind === 'timedOut' ? ` (it got as far as: ${verdict.phase})` : '';
  return `${short(revision)} ${VERDICT_WORDS[verdict.kind]} on ${named(which)}${phase}`;
}

/** Names that a line holds before the rest becomes a number. */
const NAMED = 8;

export function named(names: readonly string[]): string {
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).join(', ') + rest;
}
