import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Author } from '../forge-client.ts';
import type { GitlabClient } from './client.ts';
import { record, text } from './convert.ts';

const DAY = 86_400_000;
/** Milliseconds before its end from which a token is warned about. */
const SOON = 14 * DAY;

/** Whoever the token belongs to, a bot for a project's or group's; undefined where the token may not ask that. */
export async function authorOf(client: GitlabClient): Promise<Author | undefined> {
  const tried = await client.attempt('read who the token belongs to', [401, 403, 404], (sdk) =>
    sdk.users.showCurrentUser(),
  );
  const user = record('value' in tried ? tried.value : undefined);
  const email = text(user.commit_email) || text(user.email);
  const name = text(user.name) || text(user.username);
  return email === '' || name === '' ? undefined : { name, email };
}

/**
 * Access tokens end after a year at most, and pipelines then stop with a bare 401, so that is told two weeks before
 * (https://docs.gitlab.com/api/personal_access_tokens/#self-inform). Whatever keeps it from being known is passed over.
 */
export async function warnOfExpiry(client: GitlabClient, { clock, log }: Pick<Host, 'clock' | 'log'>): Promise<void> {
  try {
    const tried = await client.attempt('read the token', [400, 401, 403, 404], (sdk) => sdk.tokens.show());
    const token = record('value' in tried ? tried.value : undefined);
    const warning = expiryWarning(text(token.name), text(token.expires_at), clock.now());
    if (warning !== undefined) log.warning(warning);
  } catch (error) {
    if (!(error instanceof ToolError) || ['interrupted', 'terminated', 'deadline'].includes(error.code)) throw error;
    log.debug(`When the token ends could not be read: ${error.message}`);
  }
}

/** @param now milliseconds since 1970 */
export function expiryWarning(name: string, expiresAt: string, now: number): string | undefined {
  const left = Date.parse(expiresAt) - now;
  if (!(left < SOON)) return undefined;
  const days = Math.max(0, Math.ceil(left / DAY));
  return `The GitLab token${name === '' ? '' : ` ${name}`} ends on ${expiresAt}, in ${days} ${days === 1 ? 'day' : 'days'}: rotate it before then.`;
}
