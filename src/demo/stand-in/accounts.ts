export interface Account {
  readonly token: string;
  /** Default `ci`. For the token of a project's role: `proj:shop:gate`. */
  readonly username?: string;
  /** For a login; without one nobody can log in. */
  readonly password?: string;
  /** Default `get` and `logs`: all that a gate needs. */
  readonly rights?: readonly Right[];
  /** Default: all. */
  readonly projects?: readonly string[];
  readonly expired?: boolean;
}

export type Right = 'get' | 'sync' | 'logs';

/**
 * Whose token a request carries, or what the server says about it. The texts differ: a token that is none at all, one
 * that is not of this server, and one that has expired.
 */
export function authenticate(
  accounts: readonly Account[],
  headers: Readonly<Record<string, string | undefined>>,
): Account | string {
  const token = tokenOf(headers);
  const account = accounts.find((candidate) => candidate.token === token);
  if (account === undefined) {
    const jwt = token?.split('.').length === 3;
    return jwt ? 'invalid session: token signature is invalid: signature is invalid' : 'no session information';
  }
  return account.expired ? 'invalid session: token has invalid claims: token is expired' : account;
}

function tokenOf(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? /(?:^|; *)argocd\.token=([^;]+)/.exec(headers.cookie ?? '')?.[1];
}

export function nameOf(account: Account): string {
  return account.username ?? 'ci';
}

/** Whether an account may do something to the applications of a project. */
export function may(account: Account, right: Right, project: string): boolean {
  return (account.rights ?? ['get', 'logs']).includes(right) && coversProject(account, project);
}

export function coversProject(account: Account, project: string): boolean {
  return account.projects === undefined || account.projects.includes(project);
}
