export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

/** Who the requests come from. */
export interface Session {
  /** The `authorization` of the next request; none where there are no credentials. */
  header(signal: AbortSignal): Promise<string | undefined>;
  /** False when a refused header cannot be made anew. It is asked for again only once, whoever notices. */
  renew(refused: string | undefined): boolean;
}

/** A session of a user and password ends after a day and can be made anew; a token that was given cannot. */
export function session(
  credentials: Credentials | undefined,
  login: (username: string, password: string, signal: AbortSignal) => Promise<string>,
): Session {
  if (credentials?.kind !== 'password') {
    const header = credentials === undefined ? undefined : `Bearer ${credentials.token}`;
    return { header: async () => header, renew: () => false };
  }
  let made: Promise<string> | undefined;
  let current: string | undefined;
  const start = async (signal: AbortSignal): Promise<string> => {
    try {
      current = `Bearer ${await login(credentials.username, credentials.password, signal)}`;
      return current;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
  return {
    header: (signal) => (made ??= start(signal)),
    renew(refused) {
      if (refused === current) made = undefined;
      return true;
    },
  };
}
