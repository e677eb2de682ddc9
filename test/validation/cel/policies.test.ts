import { describe, expect, it } from '@jest/globals';
import { createCelEngine } from '../../../src/validation/cel/engine.ts';
import { type CheckOptions, check, startCheck } from '../../../src/validation/check.ts';
import { bundledSchemas, checkFiles, sourceFiles } from '../../support/manifests.ts';

const PLAIN: CheckOptions = { missingSchema: 'error', strict: true, disableRules: [] };

type Files = Readonly<Record<string, string>>;

/** `path:line severity message` of what the rules of the group say. */
function said(files: Files, options: Partial<CheckOptions> = {}): readonly string[] {
  const { findings } = checkFiles(files, { cel: createCelEngine(), ...options });
  return findings
    .filter(({ ruleId }) => ruleId.startsWith('policy/'))
    .map(({ path, line, severity, message }) => `${path}:${line} ${severity} ${message}`);
}

function policy(expression: string, more = ''): string {
  return `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: test }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: ['*'], resources: [configmaps, secrets] }]
${more}  validations:
    - expression: ${JSON.stringify(expression)}
`;
}

function binding(more = 'validationActions: [Deny]'): string {
  return `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: test }
spec: { policyName: test, ${more} }
`;
}

function config(name: string, data = '{ a: b }', kind = 'ConfigMap'): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\n${kind === 'Secret' ? 'stringData' : 'data'}: ${data}\n`;
}

const DENIED = 'ValidatingAdmissionPolicy test denies it: failed expression: false.';

describe('a policy', () => {
  it('in the tree is in force with its binding alone', () => {
    expect(said({ 'p.yaml': policy('false'), 'c.yaml': config('a') })).toEqual([]);
    expect(said({ 'p.yaml': policy('false') + binding(), 'c.yaml': config('a') })).toEqual([
      `c.yaml:3 error ${DENIED}`,
    ]);
  });

  it('that was given denies without a binding, and does what its binding says with one', () => {
    const given = (text: string) => ({ policies: sourceFiles({ 'given/p.yaml': text }) });
    expect(said({ 'c.yaml': config('a') }, given(policy('false')))).toEqual([`c.yaml:3 error ${DENIED}`]);
    expect(said({ 'c.yaml': config('a') }, given(policy('false') + binding('validationActions: [Warn]')))).toEqual([
      'c.yaml:3 warning ValidatingAdmissionPolicy test warns of it: failed expression: false.',
    ]);
    expect(said({ 'c.yaml': config('a') }, given(policy('false') + binding('validationActions: [Audit]')))).toEqual([
      'c.yaml:3 info ValidatingAdmissionPolicy test notes it in the audit log: failed expression: false.',
    ]);
  });

  it('in a kustomize patch or a template is none', () => {
    const kustomization = 'resources: [c.yaml]\npatches: [{ path: p.yaml }]\n';
    const files = { 'p.yaml': policy('false') + binding(), 'c.yaml': config('a'), 'kustomization.yaml': kustomization };
    expect(said(files)).toEqual([]);
  });

  it('sees every item of a List, at its line', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${config('a').trim().replaceAll('\n', '\n    ')}\n  - ${config('b').trim().replaceAll('\n', '\n    ')}\n`;
    expect(said({ 'p.yaml': policy("object.metadata.name != 'b'") + binding(), 'l.yaml': list })).toEqual([
      "l.yaml:10 error ValidatingAdmissionPolicy test denies it: failed expression: object.metadata.name != 'b'.",
    ]);
  });

  it('that was changed is held against all objects, another one against those that were changed', () => {
    const files = { 'p.yaml': policy('false') + binding(), 'c.yaml': config('a'), 'd.yaml': config('d') };
    const at = (...paths: readonly string[]) =>
      said(files, { changed: new Set(paths) }).map((text) => text.split(' ')[0]);
    expect(at('d.yaml')).toEqual(['d.yaml:3']);
    expect(at('p.yaml')).toEqual(['c.yaml:3', 'd.yaml:3']);
    expect(at('other.yaml')).toEqual([]);
  });

  it('tells nothing of the values of a Secret', () => {
    const more = `        messageExpression: "'the key is ' + object.stringData.key"\n`;
    const text = policy("int(object.stringData.key) > 0 && object.stringData.key == ''").replace(
      /\n$/,
      `\n${more.slice(2)}`,
    );
    const found = said({ 'p.yaml': text + binding(), 'c.yaml': config('a', '{ key: hunter2 }', 'Secret') });
    expect(found).toHaveLength(1);
    expect(found.join()).not.toContain('hunter2');
    expect(said({ 'p.yaml': text + binding(), 'c.yaml': config('a', '{ key: "12" }', 'Secret') }).join()).not.toContain(
      '12',
    );
  });

  it('can be switched off, with and without what it could not evaluate', () => {
    const files = { 'p.yaml': policy('request.userInfo.uid == "x"') + binding(), 'c.yaml': config('a') };
    expect(said(files)).toHaveLength(1);
    expect(said(files, { disableRules: ['policy/not-evaluated'] })).toEqual([]);
    expect(said(files, { disableRules: ['policy/admission'] })).toEqual([]);
    expect(said(files, { disableRules: ['policy'] })).toEqual([]);
  });
});

describe('what is not known', () => {
  const notEvaluated = (why: string, others = '') =>
    `info ValidatingAdmissionPolicy test cannot be evaluated here${others}: ${why}.`;

  it('is told once, with the number of objects', () => {
    const files = { 'p.yaml': policy('authorizer.path("/x").check("get").allowed()') + binding() };
    const objects = { 'a.yaml': config('a'), 'b.yaml': config('b'), 'c.yaml': config('c') };
    expect(said({ ...files, 'a.yaml': config('a') })).toEqual([`a.yaml:3 ${notEvaluated('authorizer is not known')}`]);
    expect(said({ ...files, ...objects })).toEqual([
      `a.yaml:3 ${notEvaluated('authorizer is not known', ' and for 2 other objects')}`,
    ]);
  });

  it('is what only a Namespace says, until it is among the files', () => {
    const selector =
      'validationActions: [Deny], matchResources: { namespaceSelector: { matchLabels: { stage: prod } } }';
    const files = { 'p.yaml': policy('false') + binding(selector), 'c.yaml': config('a') };
    const namespace = (stage: string) =>
      `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { stage: ${stage} } }\n`;
    expect(said(files)).toEqual([`c.yaml:3 ${notEvaluated('the labels of the namespace are not known')}`]);
    expect(said({ ...files, 'n.yaml': namespace('prod') })).toEqual([`c.yaml:3 error ${DENIED}`]);
    expect(said({ ...files, 'n.yaml': namespace('test') })).toEqual([]);
    const byName = selector.replace('stage: prod', 'kubernetes.io/metadata.name: shop');
    expect(said({ ...files, 'p.yaml': policy('false') + binding(byName) })).toEqual([`c.yaml:3 error ${DENIED}`]);
  });

  it('is the namespace of an object that names none', () => {
    const unnamed = config('a').replace(', namespace: shop', '');
    const found = (expression: string) => said({ 'p.yaml': policy(expression) + binding(), 'c.yaml': unnamed });
    expect(found("request.namespace == 'shop'")).toEqual([`c.yaml:3 ${notEvaluated('the namespace is not known')}`]);
    expect(found("object.metadata.namespace == 'shop'")).toEqual([
      `c.yaml:3 ${notEvaluated('the namespace is not known')}`,
    ]);
    expect(found("namespaceObject.metadata.name == 'shop'")).toEqual([
      `c.yaml:3 ${notEvaluated('namespaceObject is not known')}`,
    ]);
    expect(found("object.metadata.name == 'a'")).toEqual([]);
  });

  it('is a parameter that is not among the files', () => {
    const text = policy('object.data.a == params.data.a', '  paramKind: { apiVersion: v1, kind: ConfigMap }\n');
    const bound = binding(
      'validationActions: [Deny], paramRef: { name: wanted, namespace: shop, parameterNotFoundAction: Deny }',
    );
    const files = { 'p.yaml': text + bound, 'c.yaml': config('a') };
    expect(said(files)).toEqual([`c.yaml:3 ${notEvaluated('its parameters are not among the files')}`]);
    expect(said({ ...files, 'w.yaml': config('wanted') })).toEqual([]);
    expect(said({ ...files, 'w.yaml': config('wanted', '{ a: c }') })).toEqual([
      'c.yaml:3 error ValidatingAdmissionPolicy test denies it: failed expression: object.data.a == params.data.a.',
    ]);
  });

  it('is everything where there is no engine', () => {
    const release =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: a, namespace: b }\nspec: { interval: 1h }\n';
    const { findings } = check(sourceFiles({ 'r.yaml': release }), bundledSchemas('1.34'), PLAIN);
    expect(findings.map(({ ruleId }) => ruleId)).toContain('policy/not-evaluated');
  });
});

describe('the rules of a CRD', () => {
  const crd = (rule: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shops.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Shop, plural: shops, singular: shop, listKind: ShopList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-validations: [{ rule: ${JSON.stringify(rule)}, message: it is wrong }]
              properties: { name: { type: string }, size: { type: integer } }
`;
  const shop = (spec: string) =>
    `apiVersion: example.com/v1\nkind: Shop\nmetadata: { name: a, namespace: b }\nspec: ${spec}\n`;

  it('say nothing of a value that is put in later, unless it is right as it stands', () => {
    const found = (spec: string) => said({ 'crd.yaml': crd("self.name == 'x'"), 's.yaml': shop(spec) });
    expect(found('{ name: "y" }')).toEqual(['s.yaml:4 error spec: it is wrong.']);
    expect(found('{ name: "${NAME}" }')).toEqual([
      's.yaml:4 info A rule of the CRD of Shop cannot be evaluated here: a part of the value is put in later.',
    ]);
    expect(said({ 'crd.yaml': crd("self.name != 'x'"), 's.yaml': shop('{ name: "${NAME}" }') })).toEqual([]);
  });

  it('wait until the schema is satisfied, and do not mind a field that is dropped', () => {
    const found = (spec: string) => said({ 'crd.yaml': crd("self.name == 'x'"), 's.yaml': shop(spec) });
    expect(found('{ name: "z", size: large }')).toEqual([]);
    expect(found('{ name: "z", colour: blue }')).toEqual(['s.yaml:4 error spec: it is wrong.']);
  });

  it('are not asked of an object that an overlay patches', () => {
    const files = {
      'base/crd.yaml': crd("self.name == 'x'"),
      'base/s.yaml': shop('{ name: "z" }'),
      'base/kustomization.yaml': 'resources: [crd.yaml, s.yaml]\n',
    };
    const overlay =
      'resources: [../base]\npatches: [{ target: { kind: Shop }, patch: "- {op: replace, path: /spec/name, value: x}" }]\n';
    expect(said(files)).toEqual(['base/s.yaml:4 error spec: it is wrong.']);
    expect(said({ ...files, 'overlay/kustomization.yaml': overlay })).toEqual([]);
  });

  it('that cannot be read are told', () => {
    expect(said({ 'crd.yaml': crd('self.name =='), 's.yaml': shop('{ name: "z" }') })).toEqual([
      expect.stringMatching(
        /^s.yaml:4 info A rule of the CRD of Shop cannot be evaluated here: the expression cannot be read/,
      ),
    ]);
  });
});

describe('an engine', () => {
  const wants = (files: Files) => startCheck(sourceFiles(files), bundledSchemas('1.34'), PLAIN).wantsCel;

  it('is wanted where a rule or a policy is about some object, and only there', () => {
    expect(wants({ 'c.yaml': config('a') })).toBe(false);
    expect(wants({ 'p.yaml': policy('true') })).toBe(false);
    expect(wants({ 'p.yaml': policy('true') + binding(), 'c.yaml': config('a') })).toBe(true);
    expect(
      wants({
        'r.yaml':
          'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: a }\nspec: { interval: 1h, chartRef: { kind: OCIRepository, name: a } }\n',
      }),
    ).toBe(true);
  });
});
