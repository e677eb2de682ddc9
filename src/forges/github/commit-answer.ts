import { ToolError } from '../../errors.ts';
import type { Revision } from '../forge-client.ts';
import type { GraphqlAnswer, GraphqlError } from './client.ts';
import { nextStep, rateLimited } from './refusal.ts';

/** What GitHub's answer to `createCommitOnBranch` means. */
export type CommitAnswer =
  | { readonly kind: 'committed'; readonly revision: Revision }
  | { readonly kind: 'stale'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: ToolError }
  /** The server broke off: whether there is a commit has to be read. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Two wordings were seen: `Expected branch to point to "…" but it did not`, `is at … but expected …`. */
const STALE = /expected branch to point to|is at \S+ but expected|pull and try again/i;
const BROKEN = /something went wrong|timed? ?out|internal|temporar|service unavailable/i;

/** @param what `commit to branch main` */
export function readCommitAnswer({ data, errors }: GraphqlAnswer, what: string, location: string): CommitAnswer {
  const revision = revisionOf(data);
  if (revision !== undefined) return { kind: 'committed', revision };
  const [first] = errors;
  const reason = errors.map(({ message }) => message).join('; ') || 'it names no commit';
  if (errors.some(isStale)) return { kind: 'stale', reason };
  if (first?.type === 'RATE_LIMITED') return { kind: 'failed', error: rateLimited(what, location, reason) };
  if (first?.type === undefined || BROKEN.test(`${first.type} ${reason}`)) return { kind: 'unknown', reason };
  return { kind: 'failed', error: failureOf(first, reason, what, location) };
}

function isStale({ type, message }: GraphqlError): boolean {
  return type === 'STALE_DATA' || STALE.test(message);
}

function failureOf({ type }: GraphqlError, reason: string, what: string, location: string): ToolError {
  const text = `${location} refused to ${what}: ${reason}`;
  if (type !== 'NOT_FOUND') return new ToolError('denied', text, { hint: nextStep(reason) });
  return new ToolError('missing', text, {
    hint: 'Check the branch, and that the token may write to this repository: GitHub says "not found" for what a token may not see.',
  });
}

function revisionOf(data: GraphqlAnswer['data']): Revision | undefined {
  const { commit } = Object(data.createCommitOnBranch) as { readonly commit?: unknown };
  const { oid } = Object(commit) as { readonly oid?: unknown };
  return typeof oid === 'string' && /^[0-9a-f]{40,64}$/.test(oid) ? oid : undefined;
}
