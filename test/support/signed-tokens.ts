import { createPublicKey, createSign, createVerify, generateKeyPairSync, type JsonWebKey } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

/** Signs tokens with a key of its own (RFC 7519, RS256). */
export interface Signer {
  readonly sign: (claims: Claims) => string;
  /** As a JWKS endpoint gives it. */
  readonly keys: { readonly keys: readonly JsonWebKey[] };
}

export function signer(keyId: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    sign(claims) {
      const signed = `${encode({ alg: 'RS256', kid: keyId })}.${encode(claims)}`;
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
    },
    keys: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' }] },
  };
}

/** The claims of a token whose signature is right, whose issuer is this one and that has not run out; else why not. */
export function verified(
  token: string,
  { keys }: Signer['keys'],
  issuer: string,
  now: number,
): { readonly claims: Claims } | { readonly problem: string } {
  const [head = '', body = '', signature = ''] = token.split('.');
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
  try {
    const key = keys.find(({ kid }) => kid === decode(head).kid);
    if (key === undefined) return { problem: 'unknown key' };
    const check = createVerify('RSA-SHA256').update(`${head}.${body}`);
    if (!check.verify(createPublicKey({ key, format: 'jwk' }), signature, 'base64url')) return { problem: 'signature' };
    const claims = decode(body);
    if (claims.iss !== issuer) return { problem: `issued by ${claims.iss}` };
    return typeof claims.exp === 'number' && claims.exp * 1000 > now ? { claims } : { problem: 'token is expired' };
  } catch {
    return { problem: 'malformed' };
  }
}
