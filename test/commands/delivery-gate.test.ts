import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGate, type GateInputs } from '../../src/commands/delivery-gate.ts';
import { type DeliverySchemaInputs, deliverySchemas } from '../../src/commands/delivery-schemas.ts';
import type { Forge } from '../../src/forges/forge-client.ts';
import type { Schemas } from '../../src/validation/schemas.ts';
import { bundledSchemas, sourceFiles } from '../support/manifests.ts';
import { createRealHost, temporaryFolder } from '../support/real-host.ts';

const INPUTS: GateInputs = {
  missingSchema: 'error',
  strict: true,
  disableRules: [],
  enableRules: [],
  failOn: 'error',
  ignore: [],
};
const config = (fields: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${fields}\n`;
const thing = (fields: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {${fields}}\n`;

/** What a gate makes of a change from one text of `a.yaml` to another, beside these files. */
async function pass(
  before: string,
  after: string,
  others: Readonly<Record<string, string>>,
  schemas: Schemas = bundledSchemas('1.34'),
) {
  const gate = createGate(schemas, INPUTS);
  const planned = { files: sourceFiles({ 'a.yaml': after }) };
  const snapshot = { files: sourceFiles({ 'a.yaml': before, ...others }) } as unknown as Parameters<
    typeof gate.check
  >[1];
  const passes = await gate.check(planned, snapshot, { branch: 'main', revision: '' });
  return { passes, rules: gate.findings().map(({ ruleId, severity }) => `${severity} ${ruleId}`) };
}

describe('the configuration file of the config repository', () => {
  const configuration = { '.drawbridge.yaml': 'ignore:\n  - rule: schema/unknown-field\n    kind: ConfigMap\n' };

  it('leaves out of a delivery what it leaves out of validate', async () => {
    expect(await pass(config('data: {}'), config('dta: {}'), {})).toEqual({
      passes: false,
      rules: ['error schema/unknown-field'],
    });
    expect(await pass(config('data: {}'), config('dta: {}'), configuration)).toEqual({ passes: true, rules: [] });
  });

  it('leaves all else in, and complains of no entry that the edited files do not need', async () => {
    expect(await pass(config('data: {}'), config('data: {a: 1}'), configuration)).toEqual({
      passes: false,
      rules: ['error schema/type'],
    });
    expect(await pass(config('data: {}'), config('data: {a: b}'), configuration)).toEqual({ passes: true, rules: [] });
  });

  it('is refused where it is wrong, and read whatever files are bumped', async () => {
    await expect(pass(config(''), config('x: 1'), { '.drawbridge.yaml': 'ignroe: []\n' })).rejects.toThrow(
      /drawbridge\.yaml/,
    );
    const gate = createGate(bundledSchemas('1.34'), INPUTS);
    expect(['.drawbridge.yaml', 'a.yaml', 'x/.drawbridge.yaml'].map((path) => gate.wants?.(path))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the schemas of a delivery', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const schema = (type: string) =>
    JSON.stringify({ type: 'object', properties: { spec: { type: 'object', properties: { size: { type } } } } });
  const crd = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\nspec: {group: example.com, scope: Namespaced, names: {kind: Thing, plural: things}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: boolean}}}}}}}]}\n`;
  const LOCATION = 'schemas/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json';

  /** A config repository with these files; the paths that were asked for are kept. */
  function repositoryOf(files: Readonly<Record<string, string>>): Pick<Forge, 'repository'> {
    const repository = {
      head: async (branch = 'main') => ({ branch, revision: 'a'.repeat(40) }),
      readFiles: async (wanted: (path: string) => boolean, revision: string) => ({
        revision,
        files: sourceFiles(files).filter(({ path }) => wanted(path)),
        paths: Object.keys(files),
      }),
    };
    return { repository: repository as unknown as Forge['repository'] };
  }

  const NO_INPUTS = { crds: [], schemaLocations: [], files: [], disableRules: [], enableRules: [] };

  async function schemas(
    inputs: Partial<DeliverySchemaInputs>,
    files: Readonly<Record<string, string>>,
  ): Promise<Schemas> {
    const host = createRealHost({ workingDirectory: folder.path, env: { XDG_CACHE_HOME: join(folder.path, 'cache') } });
    const open = await deliverySchemas({ ...NO_INPUTS, ...inputs }, host);
    return open(repositoryOf(files));
  }

  it('are those of the locations, for kinds of the config repository', async () => {
    mkdirSync(join(folder.path, 'schemas'));
    writeFileSync(join(folder.path, 'schemas/thing_v1.json'), schema('integer'));
    const files = { 'a.yaml': thing('size: 1') };
    const none = await schemas({}, files);
    expect((await pass(thing('size: 1'), thing('size: big'), {}, none)).rules).toEqual(['warning api/unknown-kind']);
    const found = await schemas({ schemaLocations: [LOCATION] }, files);
    expect(await pass(thing('size: 1'), thing('size: big'), {}, found)).toEqual({
      passes: false,
      rules: ['error schema/type'],
    });
    expect(await pass(thing('size: 1'), thing('size: 2'), {}, found)).toEqual({ passes: true, rules: [] });
  });

  it('are those of the CRDs that are named before them', async () => {
    mkdirSync(join(folder.path, 'schemas'));
    writeFileSync(join(folder.path, 'schemas/thing_v1.json'), schema('integer'));
    writeFileSync(join(folder.path, 'crd.yaml'), crd);
    const found = await schemas({ schemaLocations: [LOCATION], crds: ['crd.yaml'] }, { 'a.yaml': thing('size: 1') });
    expect(await pass(thing('size: true'), thing('size: false'), {}, found)).toEqual({ passes: true, rules: [] });
    expect((await pass(thing('size: true'), thing('size: 2'), {}, found)).passes).toBe(false);
  });

  it('are refused before the config repository is opened where an input is wrong', async () => {
    const host = createRealHost({ workingDirectory: folder.path });
    const refusal = (inputs: Partial<DeliverySchemaInputs>) =>
      expect(deliverySchemas({ ...NO_INPUTS, ...inputs }, host)).rejects;
    await refusal({ kubernetesVersion: '1.3' }).toMatchObject({ code: 'input' });
    await refusal({ crds: ['none'] }).toMatchObject({ code: 'missing' });
    const schemaLocations = ['none/{{.Kind}}.json'];
    await refusal({ kubernetesVersion: '1.3', crds: ['none'], schemaLocations, disableRules: ['x'] }).toMatchObject({
      code: 'input',
      problems: [
        'kubernetes-version: 1.3 is not bundled',
        'disable-rules: x is no rule and no group of rules. The rules are listed in docs/rules.',
        'schema-locations: none does not exist',
        'crds: none: no such file or folder',
      ],
    });
  });
});
