import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { secretsOfBuild, secretsOfChart, withoutSecrets } from '../../src/rendering/secret-texts.ts';

const bytes = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));

describe('the words of a program', () => {
  it('hold a secret in none of the forms that programs write it in', () => {
    const text = fc.stringMatching(/^[A-Za-z0-9"\\$%&/<>]{6,20}$/);
    fc.assert(
      fc.property(text, fc.stringMatching(/^[ .,:]{0,9}$/), (secret, around) => {
        const forms = [secret, JSON.stringify(secret), Buffer.from(secret).toString('base64')];
        const told = withoutSecrets(forms.join(`${around}\n`), [secret]);
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), forms[2]]) expect(told).not.toContain(form);
      }),
    );
  });

  it.each([
    ['a line of several', 'first line\nsecond line', 'bad: second line.'],
    ['the value of a line', 'KEY=hidden', 'bad: hidden.'],
    ['the value of a field', 'a: 1\nkey: "hidden"', 'bad: hidden.'],
    ['a value in braces', 'a: {b: hidden, c: 1}\nd: e', 'bad: hidden.'],
    ['what looked like an alias', '*hidden', "unknown anchor 'hidden'"],
    ['what was in base64', Buffer.from('hidden').toString('base64'), 'bad: hidden.'],
    ['a value that is cut', 'hidden-and-long', 'cannot unmarshal !!str `hidden-...` into int'],
    ['a line as numbers', 'other', 'line [104 105] has invalid utf8 bytes : hidden'],
    ['a patch as a whole', 'other', 'trouble with config: `\npatch: hidden\n`: no patch'],
  ])('leave out %s', (_what, secret, words) => {
    const told = withoutSecrets(words, [secret]);
    expect(told).not.toMatch(/hidden|second|104/);
    expect(told).not.toBe(words);
  });

  it.each([
    ['a short text', ['is'], 'this is bad'],
    [
      'the fields of a manifest',
      ['kind: Secret\nmetadata:\n  name: web\nstringData:\n'],
      'stringData: of kind: Secret name: web',
    ],
    ['all of it, without a secret', [], 'cannot unmarshal !!str `abc`'],
  ])('keep %s', (_what, secrets, words) => {
    expect(withoutSecrets(words, secrets)).toBe(words);
  });
});

describe('what may not be repeated', () => {
  it('of a build is what Secrets are made of', () => {
    const kustomization = {
      secretGenerator: [{ literals: ['a=one', 'two'], envs: ['a.env'], files: ['key=b.txt'] }],
      configMapGenerator: [{ literals: ['x=open'], files: ['c.txt'] }],
      patches: [{ target: { kind: 'Secret' }, path: 'p.yaml' }],
    };
    const files = bytes({
      'x/kustomization.yaml': JSON.stringify(kustomization),
      'x/a.env': 'three',
      'x/b.txt': 'four',
      'x/c.txt': 'open',
      'x/p.yaml': 'five',
      'x/s.yaml':
        'kind: Secret\nstringData: {a: six}\n---\nkind: ConfigMap\ndata: {a: open}\n---\nkind: Secret\nseven: [',
      'x/d.yaml': 'kind: ConfigMap\ndata: {a: open}\n',
    });
    const kustomizations = new Map([['x', { path: 'x/kustomization.yaml', content: kustomization }]]);
    const found = secretsOfBuild(files, kustomizations, { patches: [{ target: { kind: 'Secret' }, patch: 'eight' }] });
    const text = found.join(' ');
    for (const word of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']) expect(text).toContain(word);
    expect(text).not.toContain('open');
  });

  it('of a chart is what has the name of a secret, and lines of Secrets in templates', () => {
    const files = bytes({
      'values.yaml': 'password: one\nauth: {tokens: [two], secretName: open, existingSecret: open}\nother: open\n',
      'templates/s.yaml':
        'kind: Secret\nmetadata:\n  name: open\nstringData:\n  a: three\n  b: {{ .Values.open }}\ntype: open\n',
    });
    const found = secretsOfChart(files, ['apiKey: four\n'], ['db.password=five', 'replicas=open']);
    expect(found.map((text) => text.trim())).toEqual(['four', 'five', 'one', 'two', 'a: three']);
  });
});
