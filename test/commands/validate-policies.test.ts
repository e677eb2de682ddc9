import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGate } from '../../src/commands/delivery-gate.ts';
import { validate } from '../../src/commands/validate.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { loadCel } from '../../src/validation/load-cel.ts';
import { bundledSchemas, sourceFiles } from '../support/manifests.ts';
import { createRealHost, temporaryFolder } from '../support/real-host.ts';

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: colours }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]
  validations:
    - { expression: object.data.colour != 'red', message: not red }
`;

const config = (colour: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\ndata: { colour: ${colour} }\n`;
const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: a, namespace: b }
spec: { interval: 1h }
`;

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

async function run(files: Readonly<Record<string, string>>, ...policies: readonly string[]) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  const inputs = parseInputs('validate', { flags: { policies }, positionals: ['shop'], env: {} });
  return validate(inputs, { host: createRealHost({ workingDirectory: folder.path }) });
}

describe('validate', () => {
  it('holds objects against the policies that are named', async () => {
    const files = { 'policies/colours.yaml': POLICY, 'shop/a.yaml': config('red') };
    expect((await run(files)).findings).toEqual([]);
    const { findings, exitCode } = await run(files, 'policies');
    expect(findings.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([
      'shop/a.yaml:3 ValidatingAdmissionPolicy colours denies it: not red.',
    ]);
    expect(exitCode).toBe(1);
  });

  it('names policies that are not there', async () => {
    await expect(run({ 'shop/a.yaml': config('red') }, 'nowhere')).rejects.toMatchObject({ code: 'missing' });
  });

  it('holds custom resources against the rules of their CRD', async () => {
    const { findings } = await run({ 'shop/r.yaml': RELEASE });
    expect(findings.map(({ ruleId, line }) => `${line} ${ruleId}`)).toEqual(['4 policy/crd-rule']);
  });
});

it('deliver keeps out what breaks a rule or a policy', async () => {
  const inputs = {
    missingSchema: 'error',
    strict: true,
    disableRules: [],
    enableRules: [],
    failOn: 'error',
    ignore: [],
  } as const;
  const evaluation = { cel: await loadCel(), policies: sourceFiles({ 'p.yaml': POLICY }) };
  const gate = createGate(bundledSchemas('1.34'), inputs, evaluation);
  const before = sourceFiles({ 'a.yaml': config('blue'), 'r.yaml': RELEASE });
  const after = sourceFiles({ 'a.yaml': config('red') });
  const snapshot = { files: before } as unknown as Parameters<typeof gate.check>[1];
  expect(await gate.check({ files: after }, snapshot, { branch: 'main', revision: '' })).toBe(false);
  expect(gate.findings().map(({ message }) => message)).toEqual([
    'ValidatingAdmissionPolicy colours denies it: not red.',
  ]);
});
