import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  asPrefixOf,
  configKey,
  dnsLabel,
  dnsLabelWithLetterFirst,
  dnsSubdomain,
  domainPath,
  hostName,
  labelValue,
  type NameCheck,
  pathSegment,
  portName,
  qualifiedName,
} from '../../../src/validation/kubernetes/names.ts';

const long = (length: number) => 'a'.repeat(length);

describe.each<[string, NameCheck, readonly string[], readonly string[]]>([
  ['dnsLabel', dnsLabel, ['a', '1', 'a-1', long(63)], ['', 'A', 'a.b', '-a', 'a-', 'a_b', long(64), 'ä']],
  ['dnsLabelWithLetterFirst', dnsLabelWithLetterFirst, ['a', 'a1', long(63)], ['', '1a', 'a.b', 'a-', long(64)]],
  [
    'dnsSubdomain',
    dnsSubdomain,
    ['a', '1.2', 'a-b.c', long(253)],
    ['', '.', 'a.', '.a', 'a..b', 'a.-b', 'A', long(254)],
  ],
  ['pathSegment', pathSegment, ['a:B', 'a b', '...', 'ä'], ['.', '..', 'a/b', 'a%b']],
  [
    'qualifiedName',
    qualifiedName,
    ['a', 'A_b.c-1', `example.com/${long(63)}`, `${long(63)}.b/c`],
    ['', '/a', 'a/', 'a/b/c', 'A.com/b', '-a', 'a.', 'a b', long(64), `${long(254)}/a`],
  ],
  ['labelValue', labelValue, ['', 'A_b.c-1', long(63)], ['-a', 'a-', 'a b', 'a/b', 'a:b', long(64)]],
  [
    'configKey',
    configKey,
    ['a', '.a', '-', 'A_b.c', '.-.', long(253)],
    ['', '.', '..', '..a', 'a/b', 'a b', long(254)],
  ],
  [
    'portName',
    portName,
    ['http', 'a', '1-a', 'a'.repeat(15)],
    ['', 'HTTP', '80', '-a', 'a-', 'a--b', 'a_b', 'a'.repeat(16)],
  ],
  ['domainPath', domainPath, ['k8s.io/ingress-nginx', 'a/b/c'], ['nginx', '/a', 'a/', 'A.b/c', 'a/b c']],
  ['hostName', hostName, ['a.b', '*.a.b'], ['*', 'a.*', '*a.b', 'A.b', '*.*.a', 'a:80']],
])('%s', (_name, check, good, bad) => {
  it('takes good names', () => expect(good.filter((name) => check(name) !== undefined)).toEqual([]));
  it('refuses others, with the end of a sentence', () => {
    expect(bad.filter((name) => check(name) === undefined)).toEqual([]);
    for (const name of bad) expect(check(name)).toMatch(/^(must|may) .*[^.]$|^must not be ".*"$/);
  });
});

describe('whatever the text', () => {
  const checks = [
    configKey,
    dnsLabel,
    dnsSubdomain,
    domainPath,
    hostName,
    labelValue,
    pathSegment,
    portName,
    qualifiedName,
  ];

  it('answers are short and on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...checks), (text, check) => {
        const answer = check(text) ?? '';
        expect(answer.length).toBeLessThan(400);
        expect(answer).not.toMatch(/\n/);
      }),
    );
  });

  it('a label is a subdomain, and a label value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-a-z0-9.]{0,20}$/), (text) => {
        if (dnsLabel(text) !== undefined) return;
        expect([dnsSubdomain(text), labelValue(text), qualifiedName(text)]).toEqual([undefined, undefined, undefined]);
      }),
    );
  });
});

describe('asPrefixOf', () => {
  it('lets a prefix end with a dash, and no more', () => {
    const check = asPrefixOf(dnsSubdomain);
    expect(['web-', 'web', 'a.b-'].filter((name) => check(name) !== undefined)).toEqual([]);
    expect(['Web-', 'web.', '-', '_-'].filter((name) => check(name) === undefined)).toEqual([]);
  });
});
