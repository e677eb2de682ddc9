import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPlaceholder } from '../../src/validation/placeholders.ts';
import { isEncryptedValue } from '../../src/validation/sops.ts';
import { checkFiles, reasonsOf } from '../support/manifests.ts';
import { checkExample } from '../support/rule-example.ts';

const secret = (fields: string, metadata = 'name: x') =>
  `apiVersion: v1\nkind: Secret\nmetadata: {${metadata}}\n${fields}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

function messages(text: string, path = 's.yaml'): readonly string[] {
  return checkExample({ [path]: text }).findings.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a plain Secret', () => {
  it('is told once, with the keys of both fields and never a value', () => {
    const value = 'hunter2-hunter2';
    const found = messages(
      secret(`data: {password: ${base64(value)}}\nstringData: {a: "${value}", b: "${value}", c: "${value}"}\n`),
    );
    expect(found).toEqual(['4:1 The Secret holds 4 values in plain: password, a, b and 1 more.']);
  });

  it('never shows what it holds', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{12,20}$/), (value) => {
        const report = checkExample({ 's.yaml': secret(`data: {k: ${base64(value)}}\nstringData: {l: "${value}"}\n`) });
        const text = JSON.stringify(report);
        expect(text).not.toContain(value);
        expect(text).not.toContain(base64(value));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['nothing', 'type: Opaque\n'],
    ['an empty value', 'stringData: {a: ""}\n'],
    ['a variable', 'stringData: {a: "${PASSWORD}"}\n'],
    ['a variable in base64', `data: {a: ${base64('${PASSWORD}')}}\n`],
    ['a mark of argocd-vault-plugin', 'stringData: {a: "<path:kv/data/x#y>"}\n'],
    ['a reference of vals', 'stringData: {a: ref+vault://kv/x}\n'],
    ['a word to be replaced', 'stringData: {a: CHANGEME, b: "<your token>", c: replace-me, d: xxxx}\n'],
    ['a configuration without credentials', 'stringData: {app.ini: "[log]\\nlevel = info\\n"}\n'],
  ])('is none that holds %s', (_title, fields) => {
    expect(messages(secret(fields))).toEqual([]);
  });

  it('is a configuration that names a credential', () => {
    for (const line of ['password = abcdef', 'url: https://user:pass@example.com', '-----BEGIN PRIVATE KEY-----']) {
      expect(messages(secret(`stringData:\n  app.ini: |\n    [x]\n    ${line}\n`))).toHaveLength(1);
    }
  });

  it('is one by which Argo CD knows a repository only where it holds a credential', () => {
    const label = 'name: x, labels: {argocd.argoproj.io/secret-type: repository}';
    expect(messages(secret('stringData: {url: "https://git.example.com/a", type: git}\n', label))).toEqual([]);
    expect(messages(secret('stringData: {url: a, password: abc}\n', label))).toEqual([
      '4:1 The Secret holds a value in plain: password.',
    ]);
  });

  it('is a literal of a secretGenerator', () => {
    const text =
      'secretGenerator:\n  - name: a\n    literals: [user=admin, "password=${X}"]\n  - name: b\n    literals: [k=]\n';
    expect(messages(text, 'kustomization.yaml')).toEqual(['3:5 The secretGenerator holds a value in plain: user.']);
  });

  it('is a value in a file of SOPS that somebody wrote by hand', () => {
    const sops = 'sops:\n  version: 3.9.0\n  mac: ENC[x]\n';
    const fields = 'data:\n  a: ENC[AES256_GCM,data:x]\n  b: aHVudGVyMg==\n  c_unencrypted: aGVsbG8=\n';
    expect(messages(secret(fields + sops))).toEqual(['6:3 data.b is in plain, in a file that SOPS encrypts.']);
    expect(messages(secret(`${fields}${sops}  encrypted_regex: ^a$\n`))).toEqual([]);
  });
});

describe('what may be a value of a Secret', () => {
  it.each([
    ['a key that is no name', { 's.yaml': secret('stringData: {"hunter2 x": "${A}"}\n') }],
    [
      'a key that is no name, twice',
      { 's.yaml': secret('stringData:\n  "hunter2 x": "${A}"\n  "hunter2 x": "${A}"\n') },
    ],
    ['a date', { 's.yaml': secret('stringData: {a: 2001-02-03}\n') }],
    ['a tag', { 's.yaml': 'apiVersion: v1\nkind: secret\nstringData: {a: !hunter2 x}\n' }],
    ['an alias', { 's.yaml': secret('stringData: {a: *hunter2}\n') }],
    [
      'a literal without a key',
      { 'kustomization.yaml': 'secretGenerator: [{name: a, literals: ["x://hunter2?a=b"]}]\n' },
    ],
    [
      'a value in place of a file',
      { 'kustomization.yaml': 'secretGenerator: [{name: a, files: [hunter2], envs: ["A=hunter2"]}]\n' },
    ],
    [
      'a number in the template of an ExternalSecret',
      {
        's.yaml':
          'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a}\nspec: {target: {template: {data: {pin: 20010203}}}}\n',
      },
    ],
  ])('is not told: %s', (_what, files: Readonly<Record<string, string>>) => {
    const { findings } = checkExample(files);
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|2001-?02-?03/);
  });

  it('is told with its place where it is the name of a file', () => {
    const text = 'secretGenerator: [{name: a, files: [keys/tls.crt]}]\n';
    expect(messages(text, 'kustomization.yaml')).toEqual(['1:37 keys/tls.crt does not exist.']);
  });
});

describe('a file of git-crypt', () => {
  it('is skipped by its name, and no broken file', () => {
    const report = checkFiles({ 's.yaml': new TextEncoder().encode('\0GITCRYPT\0\x01\x02') });
    expect([report.findings, reasonsOf(report)]).toEqual([[], { 'encrypted with git-crypt': 1 }]);
    expect(checkFiles({ 's.yaml': new TextEncoder().encode('\0GITCRYP') }).findings).toHaveLength(1);
  });
});

describe('a file of SOPS', () => {
  it('is skipped where all of it is ciphertext, and nobody can tell what it is', () => {
    const cipher = 'ENC[AES256_GCM,data:x,type:str]';
    const whole = `apiVersion: ${cipher}\nkind: ${cipher}\nmetadata: {name: "${cipher}"}\n`;
    const sops = 'sops: {version: 3.9.0, mac: "ENC[x]"}\n';
    const reports = [
      whole + sops,
      whole.replace(`apiVersion: ${cipher}`, 'apiVersion: v1') + sops,
      whole.replace(`kind: ${cipher}`, 'kind: Secret') + sops,
    ].map((text) => checkFiles({ 's.yaml': text }));
    for (const report of reports)
      expect([report.findings, reasonsOf(report)]).toEqual([[], { 'encrypted with SOPS': 1 }]);
    expect(checkFiles({ 's.yaml': whole }).findings.map(({ ruleId }) => ruleId)).toContain('api/unknown-kind');
  });

  const file = (mac: string) => secret(`data: {a: "ENC[x]"}\nsops:\n  version: 3.9.0\n${mac}`);

  it.each([
    ['with its code', '  mac: ENC[x]\n', 0],
    ['without it', '', 1],
    ['with an empty one', '  mac: ""\n', 1],
  ])('%s', (_title, mac, count) => {
    const { findings } = checkExample({ 's.yaml': file(mac) });
    expect(findings.map(({ ruleId, line }) => `${line} ${ruleId}`)).toEqual(count === 0 ? [] : ['5 secret/sops-mac']);
  });

  it.each([
    [{ encrypted_regex: '^data$' }, ['data', 'a'], false],
    [{ encrypted_regex: '^stringData$' }, ['data', 'a'], true],
    [{ unencrypted_regex: '^a$' }, ['data', 'a'], true],
    [{ unencrypted_regex: '(?P<x>a)' }, ['data', 'a'], true],
    [{ encrypted_suffix: '_secret' }, ['data', 'a'], true],
    [{ unencrypted_suffix: '_plain' }, ['data', 'a_plain'], true],
    [{}, ['data', 'a_unencrypted'], true],
    [{}, ['data', 'a'], false],
  ])('%j leaves %j as it is: %s', (sops, path, expected) => {
    expect(isEncryptedValue(sops, path, 'plain')).toBe(expected);
  });
});

describe('placeholders', () => {
  it.each([
    '${A}',
    '$(A)',
    '{{ .Values.a }}',
    '<secret>',
    'ref+awsssm://x',
    'op://v/i/f',
    'changeme',
    'TODO',
    'placeholder',
  ])('%s is one', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each(['hunter2', 'changed-passwords', 'settlement', 'a < b', '$ecret', 'address'])('%s is none', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
