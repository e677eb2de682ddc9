import { ToolError } from '../../errors.ts';

/** What a server said in place of what was asked for. */
export interface Refusal {
  readonly status: number;
  /** The server's own sentences. */
  readonly reason: string;
}

export const WANTED_TOKEN = 'a project or group access token with the scope api and the role Developer';

export function isRefusal(value: unknown): value is Refusal {
  const { status, reason } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof status === 'number' && typeof reason === 'string';
}

/**
 * GitLab's errors have several shapes: `message` as a text, a list, or lists by field; `error` with a description for
 * scopes (https://docs.gitlab.com/api/rest/troubleshooting/).
 */
export function reasonOf(json: unknown, status: number): string {
  const { message, error, error_description: description } = Object(json) as Readonly<Record<string, unknown>>;
  const sentences = [...sentencesOf(message), ...sentencesOf(error), ...sentencesOf(description)];
  return sentences.length === 0 ? `HTTP status ${status}` : sentences.join('; ');
}

function sentencesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(sentencesOf);
  return Object.entries(Object(value)).flatMap(([field, texts]) =>
    sentencesOf(texts).map((text) => (field === 'base' ? text : `${field} ${text}`)),
  );
}

/** @param what `open a merge request` */
export function errorOf({ status, reason }: Refusal, what: string, location: string): ToolError {
  const text = `${location} refused to ${what}: ${reason}`;
  if (status === 401)
    return new ToolError('denied', text, { hint: 'Check that a token is given, and that it has not expired.' });
  if (status === 403) return new ToolError('denied', text, { hint: deniedHint(reason) });
  if (status === 404)
    return new ToolError('missing', text, {
      hint: `Check the name of the project; a token that may not see it gets the same answer. What is needed: ${WANTED_TOKEN}.`,
    });
  if (status >= 300 && status < 400)
    return new ToolError('missing', `${location} has moved to another address`, {
      hint: 'Name the new address in config-repository; redirects are not followed, since a token must not travel with one.',
    });
  if (status === 429 || status >= 500)
    return new ToolError('temporary', text, { hint: 'Run this again: what was done is found again.' });
  return new ToolError('protocol', text);
}

function deniedHint(reason: string): string {
  return /insufficient_scope/.test(reason)
    ? 'Give the token the scope api.'
    : `Give ${WANTED_TOKEN} (Maintainer, where only those may push to the branch).`;
}
