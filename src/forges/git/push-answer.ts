export type PushAnswer =
  /** The server moved, made or deleted the branch, or it was there already. */
  | { readonly kind: 'accepted' }
  /** The branch was not where it was expected, or somebody else is writing it right now. */
  | { readonly kind: 'stale'; readonly reason: string }
  /** Refused for good by a rule or a hook. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No answer about the branch: the connection broke, or the push did not begin. */
  | { readonly kind: 'unknown' };

/**
 * How Git's own reasons begin when another push was quicker, on either side of the connection (builtin/push.c,
 * builtin/receive-pack.c, refs/files-backend.c). Only the beginning counts: names of branches and texts of hooks come after.
 */
const STALE =
  /^(stale info|non-fast-forward|fetch first|needs force|remote ref updated|incorrect old value|cannot lock ref|unable to lock|failed to (update|lock) ref|could not update ref|reference (already exists|is at)|is at )/i;

/**
 * Reads `push --porcelain` for one branch: `<flag>TAB<from>:<to>TAB<summary> (<reason>)`
 * (https://git-scm.com/docs/git-push#_output).
 */
export function parsePushAnswer(stdout: string, reference: string): PushAnswer {
  const line = stdout.split('\n').find((text) => text.split('\t')[1]?.endsWith(`:${reference}`));
  if (line === undefined) return { kind: 'unknown' };
  const [flag = '', , summary = ''] = line.split('\t');
  if (/^[ =*+-]$/.test(flag)) return { kind: 'accepted' };
  if (flag !== '!' || summary.startsWith('[remote failure]')) return { kind: 'unknown' };
  const reason = /\((.*)\)\s*$/.exec(summary)?.[1] ?? summary;
  if (summary.startsWith('[rejected]')) return { kind: 'stale', reason };
  return STALE.test(reason) ? { kind: 'stale', reason } : { kind: 'refused', reason };
}
