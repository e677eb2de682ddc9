import type { Host } from '../../host.ts';
import { unlessAborted } from '../api/shared.ts';

export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | JobIdentity;

/** Who the job is, as its CI system signs it: no secret is stored anywhere. */
export interface JobIdentity {
  readonly kind: 'identity';
  /** A token that is not used up; asked for again once it was refused. @throws ToolError denied, missing, temporary */
  readonly identityToken: (signal: AbortSignal) => Promise<string>;
  /** The connector of Dex that trusts the CI system; absent where Argo CD trusts it itself, by `oidc.config`. */
  readonly connector?: string;
}

/** What a session can be started with as often as needed. */
export type Login = Exclude<Credentials, { kind: 'token' }>;

/** Who the requests come from. */
export interface Session {
  /** The `authorization` of the next request; none where there are no credentials. */
  header(signal: AbortSignal): Promise<string | undefined>;
  /** False when a refused header cannot be made anew. It is asked for again only once, whoever notices. */
  renew(refused: string | undefined): boolean;
}

/**
 * A session of a user and password ends after a day, one of a job's identity after minutes, and both can be made anew; a token
 * that was given cannot.
 */
export function session(
  credentials: Credentials | undefined,
  host: Pick<Host, 'log' | 'signal'>,
  login: (credentials: Login, signal: AbortSignal) => Promise<string>,
): Session {
  const secret = (value: string): string => {
    host.log.secret(value);
    return value;
  };
  if (credentials === undefined || credentials.kind === 'token') {
    const header = credentials === undefined ? undefined : `Bearer ${secret(credentials.token)}`;
    return { header: async () => header, renew: () => false };
  }
  if (credentials.kind === 'password') secret(credentials.password);
  let made: Promise<string> | undefined;
  let current: string | undefined;
  const start = async (): Promise<string> => {
    try {
      current = `Bearer ${secret(await login(credentials, host.signal))}`;
      return current;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
  return {
    // For all who wait for it: it must not end with the first of them that is no longer wanted.
    header(signal) {
      made ??= start();
      return unlessAborted(made, signal);
    },
    renew(refused) {
      if (refused === current) made = undefined;
      return true;
    },
  };
}
