import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { createRedactor } from '../../src/reporting/redact.ts';

const SECRET = 'ghp_s3cr3t/To+ken&<$&>"quoted" é';

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function redactorOf(...secrets: readonly string[]): (text: string) => string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor.redact;
}

describe('createRedactor', () => {
  it.each([
    ['raw', SECRET],
    ['base64', base64(SECRET)],
    ['base64 without padding', base64(SECRET).replace(/=+$/, '')],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['URL-encoded in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['form-encoded', new URLSearchParams({ x: SECRET }).toString().slice(2)],
    ['JSON-escaped', JSON.stringify(SECRET).slice(1, -1)],
    [
      'JSON-escaped by Go',
      JSON.stringify(SECRET).slice(1, -1).replace('<', '\\u003c').replace('>', '\\u003e').replaceAll('&', '\\u0026'),
    ],
    ['Basic credentials of a Git remote', base64(`x-access-token:${SECRET}`)],
  ])('masks the secret %s, and only that', (_form, shown) => {
    expect(redactorOf(SECRET)(`before ${shown} after`)).toBe('before *** after');
  });

  it.each([0, 1, 2, 3, 4, 5])('masks what base64 shows of it behind %i other bytes', (offset) => {
    const encoded = base64(`${'u'.repeat(offset)}${SECRET}tail`);
    const shown = redactorOf(SECRET)(encoded);
    expect(shown).toContain('***');
    expect(Buffer.from(shown.split('***')[0] ?? '', 'base64').toString()).not.toContain(SECRET.slice(0, 2));
    expect(shown.length).toBeLessThan(encoded.length - 36);
  });

  it('masks each line of a secret of several lines', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\r\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n';
    const redact = redactorOf(key);
    expect(redact('line 2 is kqhkiG9w0BAQEF.')).toBe('line 2 is ***.');
    expect(redact(JSON.stringify({ key }))).toBe('{"key":"***"}');
    expect(redact(key)).toBe('***');
  });

  it.each(['', 'short', '1234567', '   1234567   ', '        '])(
    'refuses %j, which would blank ordinary words',
    (secret) => {
      const redactor = createRedactor();
      expect(() => redactor.add(secret)).toThrow(ToolError);
      expect(() => redactor.add(secret)).toThrow(/^A secret of \d characters is too short/);
      expect(redactor.redact('short 1234567')).toBe('short 1234567');
    },
  );

  it('takes a secret literally, never as a pattern or a replacement', () => {
    const redact = redactorOf('.*[a-z]+$&$1\\');
    expect(redact('any text at all')).toBe('any text at all');
    expect(redact('x .*[a-z]+$&$1\\ y')).toBe('x *** y');
  });

  it('masks all of overlapping, nested and repeated secrets', () => {
    expect(redactorOf('abcdefgh', 'efghijkl')('-abcdefghijkl-')).toBe('-***-');
    expect(redactorOf('abcdefgh', 'abcdefghijkl')('abcdefghijkl')).toBe('***');
    expect(redactorOf('aaaaaaaa')(`b${'a'.repeat(21)}b`)).toBe('b***b');
    expect(redactorOf('********')('*'.repeat(30))).toBe('***');
  });

  it('never lets a secret through, wherever it stands', () => {
    const secrets = fc
      .string({ unit: 'binary', minLength: 8, maxLength: 20 })
      .filter((text) => text.trim().length >= 8);
    fc.assert(
      fc.property(secrets, secrets, fc.array(fc.string()), (one, two, between) => {
        const redact = redactorOf(one, two);
        const shown = redact([one, base64(one), ...between, two, encodeURIComponent(two.toWellFormed())].join('|'));
        fc.pre(!one.includes('***') && !two.includes('***') && !one.includes('|') && !two.includes('|'));
        expect(shown).not.toContain(one);
        expect(shown).not.toContain(two);
      }),
      { numRuns: 3000 },
    );
  });

  it('redacts every string of plain data and of an error', () => {
    const redactor = createRedactor();
    redactor.add(SECRET);
    const data = { a: [SECRET, { b: `x${SECRET}` }], n: 1, nothing: null, flag: true };
    expect(redactor.redactAll(data)).toEqual({ a: ['***', { b: 'x***' }], n: 1, nothing: null, flag: true });
    const error = redactor.redactAll(
      new ToolError('denied', `m ${SECRET}`, { hint: SECRET, problems: [`p ${SECRET}`] }),
    );
    expect(error).toMatchObject({ code: 'denied', message: 'm ***', hint: '***', problems: ['p ***'] });
  });
});
