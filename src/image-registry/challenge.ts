/** What a registry asks for in `WWW-Authenticate` (https://distribution.github.io/distribution/spec/auth/token/). */
export type Challenge =
  | { readonly kind: 'basic' }
  | { readonly kind: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Reads the first challenge that is known. Linear: a hostile header costs no more than its length. */
export function parseChallenge(header: string): Challenge | undefined {
  if (/^\s*basic\b/i.test(header)) return { kind: 'basic' };
  if (!/^\s*bearer\s/i.test(header)) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of header.matchAll(/([a-z]+)=(?:"([^"]*)"|([^\s,"]+))/gi)) {
    parameters.set(name.toLowerCase(), quoted ?? plain ?? '');
  }
  const realm = parameters.get('realm');
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const [service, scope] = [parameters.get('service'), parameters.get('scope')];
  return {
    kind: 'bearer',
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}
