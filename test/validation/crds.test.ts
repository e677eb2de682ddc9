import { describe, expect, it } from '@jest/globals';
import { customKinds } from '../../src/validation/crd-kinds.ts';
import { openings } from '../../src/validation/crd-openings.ts';
import { crdShape } from '../../src/validation/crd-shape.ts';
import type { Shape } from '../../src/validation/shape.ts';
import { bundledSchemas, checkFiles, placesOf } from '../support/manifests.ts';

function crd(schema: unknown, more: Readonly<Record<string, unknown>> = {}, group = 'example.com'): string {
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `shops.${group}` },
    spec: { group, scope: 'Namespaced', names: { kind: 'Shop', plural: 'shops' }, versions: [version] },
  });
}

function specOf(schema: unknown): unknown {
  return { type: 'object', properties: { spec: schema } };
}

/** The messages for an object with this `spec`, checked against a CRD with this schema of it. */
function messagesFor(schema: unknown, spec: unknown, more: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const shop = JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Shop', metadata: { name: 'a' }, spec });
  const { findings } = checkFiles(
    { 'crd.json': crd(specOf(schema), more), 'shop.json': shop },
    { disableRules: ['semantic'] },
  );
  return findings.filter(({ path }) => path === 'shop.json').map(({ message }) => message);
}

describe('the shape of a structural schema', () => {
  it.each<[string, Record<string, unknown>, Shape]>([
    ['a string', { type: 'string' }, 'string'],
    ['a nullable string', { type: 'string', nullable: true }, { of: 'string', nullable: true }],
    ['an enum', { type: 'string', enum: ['a', 'b'] }, { enum: ['a', 'b'] }],
    ['an integer with limits', { type: 'integer', minimum: 1 }, { of: 'integer', limits: { minimum: 1 } }],
    [
      'int-or-string',
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      'integer-or-string',
    ],
    ['an object without fields', { type: 'object' }, { fields: {} }],
    ['an open object', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, 'object'],
    ['anything', { 'x-kubernetes-preserve-unknown-fields': true }, 'any'],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }, { values: 'string' }],
    [
      'a list told apart by keys',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'string' },
      },
      { items: 'string', list: 'map', keys: ['name'] },
    ],
    [
      'a required field with a default',
      {
        type: 'object',
        required: ['a', 'b'],
        properties: { a: { type: 'string', default: 'x' }, b: { type: 'string' } },
      },
      { fields: { a: 'string', b: 'string' }, required: ['b'] },
    ],
  ])('%s', (_, schema, shape) => {
    expect(crdShape(schema)).toEqual(shape);
  });

  it('takes quantities as the server does', () => {
    const pattern =
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';
    const size = { 'x-kubernetes-int-or-string': true, pattern };
    const schema = { type: 'object', properties: { size } };
    expect(crdShape(size)).toBe('integer-or-quantity');
    for (const value of [2, 5_368_709_120, '1Gi', '500m']) expect(messagesFor(schema, { size: value })).toEqual([]);
    for (const value of [0.5, '1 GiB', true]) expect(messagesFor(schema, { size: value })).toHaveLength(1);
  });

  it('adds what an embedded resource has', () => {
    const shape = crdShape({ type: 'object', 'x-kubernetes-embedded-resource': true });
    expect(shape).toMatchObject({ fields: { metadata: '#meta.v1.ObjectMeta' }, required: ['apiVersion', 'kind'] });
  });
});

describe('objects of a CRD in the tree', () => {
  it('are held against it, CRDs of other kinds and broken ones aside', () => {
    const report = checkFiles(
      {
        'a/crd.json': crd(specOf({ type: 'object', required: ['size'], properties: { size: { type: 'integer' } } })),
        'b/crd.yaml': 'kind: CustomResourceDefinition\nspec: { group: example.com, names: [ }\n',
        'shop.yaml': 'apiVersion: example.com/v1\nkind: Shop\nmetadata:\n  name: a\nspec:\n  sizes: 3\n',
        'other.yaml': 'apiVersion: example.com/v2\nkind: Shop\nmetadata:\n  name: a\n',
      },
      { disableRules: ['semantic', 'yaml'] },
    );
    expect(placesOf(report)).toEqual([
      'other.yaml:1:13 api/unknown-kind',
      'shop.yaml:5:1 schema/missing-field',
      'shop.yaml:6:3 schema/unknown-field',
    ]);
  });

  const shopOf = (version: string) => `apiVersion: example.com/${version}\nkind: Shop\nmetadata: { name: a }\n`;
  const refusals = (files: Readonly<Record<string, string>>) =>
    checkFiles(files, { disableRules: ['semantic'], missingSchema: 'skip' })
      .findings.filter(({ ruleId }) => ruleId === 'api/unknown-kind')
      .map(({ path, line, severity, message, hint }) => [`${path}:${line} ${severity}`, message, hint]);
  const old = crd(specOf({ type: 'object' }), { name: 'v1alpha1', served: false });

  it('are refused in a version that it does not serve, or does not have', () => {
    const files = { 'crd.json': crd(specOf({ type: 'object' })), 'a.yaml': shopOf('v1'), 'b.yaml': shopOf('v1beta9') };
    const message = (version: string, path: string) =>
      `The CRD of Shop in ${path} does not serve example.com/${version}, so that the API server refuses the object.`;
    const serves = 'It serves example.com/v1.';
    expect(refusals(files)).toEqual([['b.yaml:1 error', message('v1beta9', 'crd.json'), serves]]);
    expect(refusals({ 'crd.json': old, 'a.yaml': shopOf('v1alpha1') })).toEqual([
      ['a.yaml:1 error', message('v1alpha1', 'crd.json'), 'It serves no version at all.'],
    ]);
    const both = { 'a/crd.json': old, 'b/crd.json': files['crd.json'] };
    expect(refusals({ ...both, 'c.yaml': shopOf('v1alpha1'), 'd.yaml': shopOf('v1') })).toEqual([
      ['c.yaml:1 error', message('v1alpha1', 'a/crd.json and elsewhere'), serves],
    ]);
  });

  it('are warned of where the bundled CRD is known to be patched, and held against one among the files', () => {
    const alert = (kind: string) =>
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: notification.toolkit.fluxcd.io/v1beta3\n  kind: Alert\n  metadata: {name: a}\n  spec:\n    providerRef: {name: p}\n    eventSources: [{kind: ${kind}, name: a}]\n`;
    const severities = (files: Readonly<Record<string, string>>) =>
      checkFiles(files, { disableRules: ['reference', 'semantic', 'schema/crd-loosened'] }).findings.map(
        ({ ruleId, severity }) => `${severity} ${ruleId}`,
      );
    expect(severities({ 'a.yaml': alert('FluxInstance') })).toEqual(['warning schema/enum']);
    for (const kind of ['GitRepositry', '""', 'flux', 'Flux Instance'])
      expect(severities({ 'a.yaml': alert(kind) })).toEqual(['error schema/enum']);
    expect(severities({ 'a.yaml': alert('GitRepository') })).toEqual([]);
    const kind = { type: 'string', enum: ['GitRepository'] };
    const sources = { type: 'array', items: { type: 'object', properties: { kind, name: { type: 'string' } } } };
    const spec = {
      type: 'object',
      properties: { eventSources: sources, providerRef: { 'x-kubernetes-preserve-unknown-fields': true } },
    };
    const own = crd(specOf(spec), { name: 'v1beta3' }, 'notification.toolkit.fluxcd.io').replaceAll('Shop', 'Alert');
    expect(severities({ 'crd.json': own, 'a.yaml': alert('FluxInstance') })).toEqual(['error schema/enum']);
  });

  it('are not refused for what a CRD of test data, or a bundled one, does not serve', () => {
    const bundled = 'apiVersion: source.toolkit.fluxcd.io/v1alpha9\nkind: GitRepository\nmetadata: { name: a }\n';
    expect(refusals({ 'testdata/crd.json': old, 'a.yaml': shopOf('v1alpha1'), 'b.yaml': shopOf('v1') })).toEqual([]);
    expect(refusals({ 'a.yaml': bundled })).toEqual([]);
    const served = crd(specOf({ type: 'object' }), { name: 'v1beta1' });
    const files = { 'crd.json': crd(specOf({ type: 'object' })), 'testdata/crd.json': served };
    expect(refusals({ ...files, 'testdata/a.yaml': shopOf('v1beta1') })).toEqual([]);
  });

  it('come before the bundled CRD of the same kind', () => {
    const schema = specOf({ type: 'object', properties: { url: { type: 'string' } } });
    const files = {
      'crd.json': crd(schema, {}, 'source.toolkit.fluxcd.io').replaceAll('Shop', 'GitRepository'),
      'a.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: a }\nspec: { url: x }\n',
    };
    expect(checkFiles(files, { disableRules: ['semantic'] }).findings).toEqual([]);
    expect(checkFiles({ 'a.yaml': files['a.yaml'] }).findings.length).toBeGreaterThan(0);
  });

  it.each<[string, Record<string, unknown>, unknown, readonly string[]]>([
    ['a pattern', { type: 'string', pattern: '^[a-z]+$' }, 'A', ['spec must match ^[a-z]+$ ("A").']],
    ['a length', { type: 'string', maxLength: 2 }, 'äöü', ['spec must have at most 2 characters ("äöü").']],
    ['an empty string', { type: 'string', minLength: 1 }, '', ['spec must not be empty ("").']],
    ['an empty string in an enum', { type: 'string', enum: ['a'] }, '', ['spec must be one of a, not "".']],
    ['a range', { type: 'integer', minimum: 1, maximum: 3 }, 4, ['spec must be at most 3 (4).']],
    ['an open range', { type: 'number', minimum: 0, exclusiveMinimum: true }, 0, ['spec must be greater than 0 (0).']],
    [
      'too few items',
      { type: 'array', minItems: 2, items: { type: 'string' } },
      ['a'],
      ['spec must have at least 2 items.'],
    ],
    ['a null item', { type: 'array', items: { type: 'string' } }, [null], ['spec[0] must not be null.']],
    ['a null that is allowed', { type: 'array', items: { type: 'string', nullable: true } }, [null], []],
    ['a CIDR', { type: 'string', format: 'cidr' }, '10.0.0.0/33', ['spec must be of the format cidr ("10.0.0.0/33").']],
    ['an unknown format', { type: 'string', format: 'hostname-ish' }, '!', []],
    ['text that Flux puts in later', { type: 'string', pattern: '^a$' }, '${VALUE}', []],
  ])('break %s', (_, schema, spec, messages) => {
    expect(messagesFor(schema, spec)).toEqual(messages);
  });

  const string = { type: 'string' };
  const union = { type: 'object', properties: { a: string, b: string, c: { ...string, default: 'x' } } };
  it.each<[Record<string, unknown>, unknown, readonly string[]]>([
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 'x' }, []],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, {}, ['spec must have exactly one of a, b.']],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 'x', b: 'x' }, ['spec must have only one of a, b.']],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 'x', b: null }, []],
    [{ anyOf: [{ required: ['a'] }, { required: ['c'] }] }, {}, []],
    [{ not: { required: ['a', 'b'] } }, { a: 'x', b: 'x' }, ['spec must not have a and b together.']],
    [{ not: { properties: { c: { enum: ['x'] } } } }, {}, ['spec has a form that the schema forbids.']],
    [{ allOf: [{ required: ['a'] }] }, {}, ['spec must have a.']],
  ])('fulfil %j or not', (junctors, spec, messages) => {
    expect(messagesFor({ ...union, ...junctors }, spec)).toEqual(messages);
  });

  it('may not be scaled below nothing', () => {
    const schema = { type: 'object', properties: { replicas: { type: 'integer' } } };
    const scale = {
      subresources: { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
    };
    expect(messagesFor(schema, { replicas: -1 }, scale)).toEqual(['spec.replicas must be at least 0 (-1).']);
    expect(messagesFor(schema, { replicas: -1 })).toEqual([]);
  });
});

describe('customKinds', () => {
  it('passes over what is no CRD, and over broken parts of one', () => {
    expect(customKinds({ kind: 'ConfigMap' })).toEqual([]);
    expect(
      customKinds({ kind: 'CustomResourceDefinition', spec: { group: 'a', names: { kind: 'B' }, versions: 3 } }),
    ).toEqual([]);
    const [kind] = customKinds({
      kind: 'CustomResourceDefinition',
      spec: {
        group: 'a.b',
        scope: 'Cluster',
        names: { kind: 'B', plural: 'bs' },
        versions: [7, { name: 'v1', served: false }],
      },
    });
    expect(kind).toMatchObject({ apiVersion: 'a.b/v1', kind: 'B', namespaced: false, served: false, rules: undefined });
  });

  it('keeps CEL rules and defaults by their place', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'string', default: 'x' },
        list: {
          type: 'array',
          items: { type: 'object', 'x-kubernetes-validations': [{ rule: ' self.a ', message: 'm' }] },
        },
        plain: { type: 'string' },
      },
    };
    const [kind] = customKinds(JSON.parse(crd(specOf(schema))));
    expect(kind?.rules).toEqual({
      fields: {
        spec: { fields: { a: { default: 'x' }, list: { items: { rules: [{ rule: 'self.a', message: 'm' }] } } } },
      },
    });
  });

  it('leaves the status to the server where it has a path of its own', () => {
    const schema = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
    const shapeOf = (more: Record<string, unknown>) => customKinds(JSON.parse(crd(schema, more)))[0]?.shape;
    expect(shapeOf({})).toMatchObject({ fields: { status: 'string' }, required: ['status'] });
    expect(shapeOf({ subresources: { status: {} } })).toEqual({
      fields: { apiVersion: 'string', kind: 'string', metadata: '#meta.v1.ObjectMeta', status: 'any' },
    });
  });
});

describe('openings', () => {
  const strict: Shape = {
    fields: { a: { fields: { b: 'string' } }, c: { items: { fields: { d: 'string' } } }, status: 'string' },
  };
  it('are the outermost places that take anything', () => {
    const fieldsOf = (loose: Shape) => openings(loose, strict).map(({ field }) => field.join('.'));
    expect(fieldsOf(strict)).toEqual([]);
    expect(fieldsOf({ fields: { a: 'object', c: { items: 'any' }, status: 'any' } })).toEqual(['a', 'c.[]']);
    expect(fieldsOf({ fields: {}, open: true })).toEqual(['']);
    expect(fieldsOf({ fields: { a: { fields: {} } } })).toEqual([]);
  });
});

describe('bundled custom resources', () => {
  it('say where they come from, and keep versions that are no longer served', () => {
    const schemas = bundledSchemas('1.34');
    expect(schemas.bundled('argoproj.io/v1alpha1', 'Application', '1.34')?.source).toMatchObject({ name: 'argo-cd' });
    expect(schemas.find('external-secrets.io/v1beta1', 'ExternalSecret', '1.34')?.custom?.served).toBe(false);
    expect(schemas.kinds('1.34')).not.toContainEqual({
      apiVersion: 'external-secrets.io/v1beta1',
      kind: 'ExternalSecret',
    });
    expect(schemas.bundled('apps/v1', 'Deployment', '1.34')).toBeUndefined();
    expect(schemas.find('__proto__/v1', 'A', '1.34')).toBeUndefined();
  });

  it('have CEL rules and defaults for those who ask', () => {
    const rules = bundledSchemas('1.34').find('gateway.networking.k8s.io/v1', 'Gateway', '1.34')?.custom?.rules();
    expect(JSON.stringify(rules)).toContain('self.all(');
    expect(rules?.fields?.spec).toBeDefined();
  });
});
