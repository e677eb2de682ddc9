import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ImageRef,
  isImageProblem,
  normaliseImageName,
  parseImageRef,
  printImageRef,
  sameImage,
} from '../../src/image/image-ref.ts';

const SHA256 = `sha256:${'0f'.repeat(32)}`;
const SHA512 = `sha512:${'0f'.repeat(64)}`;

function parsed(text: string): ImageRef {
  const ref = parseImageRef(text);
  if (isImageProblem(ref)) throw new Error(`${text} ${ref.problem}`);
  return ref;
}

describe('parseImageRef', () => {
  it.each<[string, ImageRef]>([
    ['nginx', { repository: 'nginx' }],
    ['nginx:1.27', { repository: 'nginx', tag: '1.27' }],
    ['a:5000', { repository: 'a', tag: '5000' }],
    ['reg:443/a', { registry: 'reg:443', repository: 'a' }],
    ['localhost/a', { registry: 'localhost', repository: 'a' }],
    ['localhost:5000/a/b:v1', { registry: 'localhost:5000', repository: 'a/b', tag: 'v1' }],
    ['[::1]:5000/a:v1', { registry: '[::1]:5000', repository: 'a', tag: 'v1' }],
    ['[2001:db8::1]/a/b', { registry: '[2001:db8::1]', repository: 'a/b' }],
    ['ghcr.io/acme/api_x/y--z__q:V1_x', { registry: 'ghcr.io', repository: 'acme/api_x/y--z__q', tag: 'V1_x' }],
    [`a:v1@${SHA256}`, { repository: 'a', tag: 'v1', digest: SHA256 }],
    [`a@${SHA512}`, { repository: 'a', digest: SHA512 }],
    [`a:${'x'.repeat(128)}`, { repository: 'a', tag: 'x'.repeat(128) }],
    ['docker.io/library/nginx', { registry: 'docker.io', repository: 'library/nginx' }],
  ])('%s', (text, expected) => {
    expect(parseImageRef(text)).toEqual(expected);
    expect(printImageRef(parsed(text))).toBe(text);
  });

  it.each([
    ['', 'is empty'],
    ['a:', 'no tag after it'],
    [`a:${'x'.repeat(129)}`, '129 characters'],
    ['a:.x', 'tag ".x"'],
    ['a:-x', 'tag "-x"'],
    ['a:b:c', 'tag "b:c"'],
    ['a b', 'U+0020'],
    ['a:ｖ１', 'U+FF56'],
    ['a:v1\u200b', 'U+200B'],
    ['a:v1\u202e', 'U+202E'],
    ['\u0430:v1', 'U+0430'],
    ['UPPER', 'upper-case letters in "UPPER"'],
    ['Acme/api', 'upper-case letters in "Acme"'],
    ['ghcr.io/Acme/api', 'upper-case letters in "Acme"'],
    ['a//b', 'empty part'],
    ['/a', 'empty part'],
    ['a/', 'empty part'],
    ['../a', 'registry ".."'],
    ['a/..', 'part ".."'],
    ['a-', 'part "a-"'],
    ['a___b', 'part "a___b"'],
    ['-host.io/a', 'registry "-host.io"'],
    ['host:port/a', 'registry "host:port"'],
    ['[::1/a', 'registry "[::1"'],
    ['ghcr.io/', 'names no repository'],
    [`${'a'.repeat(256)}`, '256 characters'],
    [`a@sha256:${'0'.repeat(63)}`, '63 characters (it needs 64)'],
    [`a@sha256:${'0F'.repeat(32)}`, 'not lower-case hexadecimal'],
    [`a@md5:${'0'.repeat(32)}`, 'neither sha256: nor sha512:'],
    [`a@${SHA256}@${SHA256}`, 'characters (it needs 64)'],
    ['a@__proto__:x', 'neither sha256: nor sha512:'],
    ['https://ghcr.io/acme/api', 'registry "https:"'],
    ['oci://ghcr.io/acme/api', 'registry "oci:"'],
  ])('refuses %j', (text, problem) => {
    expect(parseImageRef(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('never throws, and prints back what it read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9.:/@_[\]-]{0,60}$/)), (text) => {
        const ref = parseImageRef(text);
        if (!isImageProblem(ref)) expect(printImageRef(ref)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    'a'.repeat(2_000_000),
    'a/'.repeat(1_000_000),
    '-'.repeat(2_000_000),
    `a:${'_'.repeat(2_000_000)}`,
    '['.repeat(2_000_000),
    `${'a'.repeat(254)}-`,
  ])('takes no longer than the text is long (%#)', (text) => {
    const start = performance.now();
    expect(parseImageRef(text)).toHaveProperty('problem');
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('sameImage', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx'],
    ['nginx', 'index.docker.io/nginx'],
    ['library/nginx:1', 'docker.io/nginx:2'],
    ['acme/api', 'docker.io/acme/api'],
    ['GHCR.io/acme/api', 'ghcr.io/acme/api'],
  ])('%s is %s', (a, b) => expect(sameImage(parsed(a), parsed(b))).toBe(true));

  it.each([
    ['my/app', 'my/app-worker'],
    ['nginx', 'acme/nginx'],
    ['nginx', 'ghcr.io/library/nginx'],
    ['reg:5000/a', 'reg:5001/a'],
    ['library/library/a', 'library/a'],
  ])('%s is not %s', (a, b) => expect(sameImage(parsed(a), parsed(b))).toBe(false));

  it('prints one spelling', () => {
    expect(normaliseImageName(parsed('nginx:1.27'))).toBe('docker.io/library/nginx');
    expect(normaliseImageName(parsed('localhost:5000/a'))).toBe('localhost:5000/a');
  });
});
