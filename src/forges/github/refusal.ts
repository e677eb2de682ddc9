import { ToolError } from '../../errors.ts';

/** What a server said in place of what was asked for. */
export interface Refusal {
  readonly status: number;
  /** The server's own sentences. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

const PERMISSIONS = 'Contents: write and Pull requests: write';

interface Known {
  readonly pattern: RegExp;
  readonly hint: string;
}

/** Sentences of GitHub whose next step is known; first match wins. */
const KNOWN: readonly Known[] = [
  {
    pattern: /not permitted to create or approve pull requests/i,
    hint: 'Allow it in the settings of the repository (Actions, General, Workflow permissions), or use another token.',
  },
  {
    pattern: /SAML|single sign-on/i,
    hint: 'Authorise the token for the organisation (Configure SSO on the page of the token).',
  },
  {
    pattern: /without `?workflows?`? (scope|permission)|refusing to allow/i,
    hint: 'A file below .github/workflows is touched: give the token the permission Workflows: write.',
  },
  {
    pattern: /not accessible by|must have (push|write|admin)|permission/i,
    hint: `Give the token the permissions ${PERMISSIONS} for this repository; in a workflow: permissions: contents: write, pull-requests: write.`,
  },
  {
    pattern:
      /protected branch|GH006|rule violation|GH013|ruleset|through a pull request|through the merge queue|approving review|status check|signature/i,
    hint: 'Let this token pass the rule (its bypass list), use another branch, or use a strategy that opens a pull request.',
  },
];

const DENIED_HINT = `Give the token the permissions ${PERMISSIONS} for this repository.`;

/** The next step after a denial with this text. */
export function nextStep(reason: string): string {
  return KNOWN.find(({ pattern }) => pattern.test(reason))?.hint ?? DENIED_HINT;
}

/** True for both of GitHub's limits (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export function isRateLimit({ status, reason, headers }: Refusal): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined || /rate limit/i.test(reason);
}

/** @param what `open a pull request` */
export function errorOf(refusal: Refusal, what: string, location: string): ToolError {
  const { status, reason } = refusal;
  const text = `${location} refused to ${what}: ${reason}`;
  if (isRateLimit(refusal)) return rateLimited(what, location, reason);
  if (status === 401)
    return new ToolError('denied', text, { hint: 'Check that a token is given, and that it has not expired.' });
  if (status === 403) return new ToolError('denied', text, { hint: nextStep(reason) });
  if (status === 404)
    return new ToolError('missing', text, {
      hint: 'Check the name of the repository; a token that may not see it gets the same answer.',
    });
  if (status >= 300 && status < 400)
    return new ToolError('missing', `${location} has moved to another address`, {
      hint: 'Name the new address in config-repository; redirects are not followed, since a token must not travel with one.',
    });
  if (status >= 500) return new ToolError('temporary', text, { hint: 'Run this again: what was done is found again.' });
  return new ToolError('protocol', text);
}

/** Marks the error of a limit: temporary, and certain that nothing was done. */
const LIMIT = 'a limit of GitHub';

export function rateLimited(what: string, location: string, reason: string): ToolError {
  return new ToolError('temporary', `${location} limits how often it is asked, and did not ${what}: ${reason}`, {
    hint: 'Nothing was written by this request. Run this again later.',
    cause: LIMIT,
  });
}

/** True where the answer to a write got lost, so that whether it took effect has to be read. */
export function isLost(error: unknown): error is ToolError {
  return error instanceof ToolError && error.code === 'temporary' && error.cause !== LIMIT;
}

/** The sentences of an answer: `message`, and those of `errors`, which are objects of several shapes or plain text. */
export function reasonOf(data: unknown, status: number): string {
  const { message, errors } = Object(data) as { readonly message?: unknown; readonly errors?: unknown };
  const details = (Array.isArray(errors) ? errors : []).map(detailOf);
  const sentences = [...(typeof message === 'string' ? [message] : []), ...details].filter((text) => text !== '');
  return sentences.length === 0 ? `HTTP status ${status}` : sentences.join('; ');
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const { message, field, code } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof message === 'string') return message;
  return [field, code].filter((part) => typeof part === 'string').join(' ');
}
