import { describe, expect, it } from '@jest/globals';
import { bundledSchemas, checkFiles, placesOf, reasonsOf } from '../support/manifests.ts';

/** What real trees hold and what is no mistake, each beside the mistake that must still be found. */

type Files = Readonly<Record<string, string>>;

const errorsOf = (files: Files) =>
  checkFiles(files)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ path, ruleId }) => `${path} ${ruleId}`);

const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n';
const PART = `${DEPLOYMENT}spec:\n  template: {spec: {containers: [{name: a, env: []}]}}\n`;

describe('patches that no kustomization names', () => {
  it.each([
    ['app/manager_patch.yaml', 'app/kustomization.yaml'],
    ['app/manager-patch.yaml', 'app/kustomization.yaml'],
    ['app/patch-manager.yaml', 'app/kustomization.yaml'],
    ['app/patches/manager.yaml', 'app/kustomization.yaml'],
    ['app/crd/patches/manager.yaml', 'app/kustomization.yaml'],
  ])('%s beside %s is skipped with the reason', (path, kustomization) => {
    const report = checkFiles({ [path]: PART, [kustomization]: 'resources: []\n' });
    expect(placesOf(report)).toEqual([]);
    expect(reasonsOf(report)).toEqual({ kustomization: 1, 'kustomize patch by its name': 1 });
  });

  it('are checked where they are resources, and where no kustomization is near', () => {
    const wrong = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatas: {}\n';
    expect(errorsOf({ 'a/x-patch.yaml': wrong, 'a/kustomization.yaml': 'resources: [x-patch.yaml]\n' })).toEqual([
      'a/x-patch.yaml schema/unknown-field',
    ]);
    expect(errorsOf({ 'a/x-patch.yaml': wrong, 'b/kustomization.yaml': 'resources: []\n' })).toEqual([
      'a/x-patch.yaml schema/unknown-field',
    ]);
  });

  it('or of any name, beside a kustomization: not held to be complete, and still checked', () => {
    const files = (text: string) => ({ 'app/kustomization.yaml': 'resources: []\n', 'app/big.yaml': text });
    expect(errorsOf(files(PART))).toEqual([]);
    expect(errorsOf(files(`${DEPLOYMENT}spec: {replica: 2}\n`))).toEqual(['app/big.yaml schema/unknown-field']);
    expect(errorsOf({ 'app/big.yaml': PART }).length).toBeGreaterThan(0);
  });

  it('of kustomize 1, in a list of paths', () => {
    const report = checkFiles({ 'app/kustomization.yaml': 'patches: [big.yaml]\n', 'app/big.yaml': PART });
    expect(reasonsOf(report)).toEqual({ kustomization: 1, 'kustomize patch': 1 });
  });
});

describe('what kustomize adds', () => {
  const template = 'template: {metadata: {labels: {b: c}}, spec: {containers: [{name: a, image: a}]}}';
  const files = (labels: string) => ({
    'kustomization.yaml': `resources: [a.yaml]\n${labels}`,
    'a.yaml': `${DEPLOYMENT}spec: {${template}}\n`,
  });

  it.each(['commonLabels: {app: a}\n', 'labels: [{pairs: {app: a}, includeSelectors: true}]\n'])(
    'is a selector: %s',
    (labels) => {
      expect(errorsOf(files(labels))).toEqual([]);
    },
  );

  it('is none with labels alone', () => {
    expect(errorsOf(files('labels: [{pairs: {app: a}}]\n'))).toEqual(['a.yaml schema/missing-field']);
  });

  it('may replace an empty map by a list', () => {
    const rule =
      'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {groups: {}}\n';
    const patch = 'patches: [{path: p.yaml, target: {kind: PrometheusRule}}]\n';
    expect(errorsOf({ 'kustomization.yaml': `resources: [r.yaml]\n${patch}`, 'r.yaml': rule })).toEqual([]);
    expect(errorsOf({ 'r.yaml': rule })).toEqual(['r.yaml schema/type']);
  });
});

describe('what Kustomizations of Flux patch', () => {
  const flux = (name: string, path: string, spec = '') =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}}\nspec:\n  path: ${path}\n${spec}`;
  const whole = '  interval: 1h\n  prune: true\n  sourceRef: {kind: GitRepository, name: flux-system}\n';
  const defaults =
    '  patches:\n    - target: {kind: Kustomization}\n      patch: |\n        kind: Kustomization\n        metadata: {name: any}\n        spec:\n          interval: 1h\n';
  const passedOn = `${defaults}          patches:\n            - target: {kind: HelmRelease}\n              patch: "[]"\n`;
  const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec: {values: {}}\n';

  it('may lack fields below the path, and nowhere else that another one builds', () => {
    const files = (patches: string) => ({
      'flux/all.yaml': flux('all', './apps', `${whole}${patches}`),
      'flux/more.yaml': flux('more', './more', whole),
      'apps/a.yaml': flux('a', './a'),
      'more/b.yaml': flux('b', './b'),
    });
    expect(new Set(errorsOf(files('')).map((found) => found.split(' ')[0]))).toEqual(
      new Set(['apps/a.yaml', 'more/b.yaml']),
    );
    expect(new Set(errorsOf(files(defaults)))).toEqual(new Set(['more/b.yaml schema/missing-field']));
  });

  it('gives patches to the next ones, and what those build may lack fields too', () => {
    const files = (patches: string) => ({
      'flux/all.yaml': flux('all', './apps', `${whole}${patches}`),
      'apps/a.yaml': flux('a', './charts', whole),
      'charts/release.yaml': release,
    });
    expect(errorsOf(files(defaults)).length).toBeGreaterThan(0);
    expect(errorsOf(files(passedOn))).toEqual([]);
  });

  it('counts where nothing in the tree builds the file', () => {
    const files = { 'flux/all.yaml': flux('all', './apps', `${whole}${defaults}`), 'old/a.yaml': flux('a', './a') };
    expect(errorsOf(files)).toEqual([]);
  });

  it('is seen through a JSON patch', () => {
    const patch =
      '  patches:\n    - target: {kind: Kustomization}\n      patch: |\n        - op: add\n          path: /spec/patches/-\n          value: {patch: "[]", target: {kind: HelmRelease}}\n';
    const files = {
      'flux/all.yaml': flux('all', './apps', `${whole}${patch}`),
      'apps/a.yaml': flux('a', './charts', whole),
      'charts/release.yaml': release,
    };
    expect(errorsOf(files)).toEqual([]);
  });
});

describe('files of other programs', () => {
  it.each([
    ['a release note', 'apiVersion: notes/v2\nkind: feature\narea: traffic\n'],
    ['a machine configuration', 'apiVersion: v1alpha1\nkind: WatchdogTimerConfig\ndevice: /dev/watchdog0\n'],
    ['an installer', 'apiVersion: v1\nkind: Full\ndomain: example.com\n'],
  ])('%s has no metadata, in a group that no CRD can have', (_title, text) => {
    expect(reasonsOf(checkFiles({ 'x.yaml': text }))).toEqual({ 'tool configuration': 1 });
  });

  it.each([
    ['apiVersion: v1\nkind: Service\nspec: {ports: [{port: 1}]}\n', 'object/missing-name'],
    ['apiVersion: v1\nkind: Servce\nspec: {}\n', 'api/unknown-kind'],
    ['apiVersion: v1\nkind: Full\nmetadata: {name: a}\n', 'api/unknown-kind'],
  ])('%j is none of them', (text, rule) => {
    expect(errorsOf({ 'x.yaml': text })).toContain(`x.yaml ${rule}`);
  });

  it('may give a key twice with a warning; objects and kustomizations may not', () => {
    const severities = (files: Files) =>
      checkFiles(files).findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`);
    expect(severities({ 'values.yaml': 'a: 1\na: 2\n' })).toEqual(['warning yaml/duplicate-key']);
    expect(severities({ 'kustomization.yaml': 'namespace: a\nnamespace: b\n' })).toEqual(['error yaml/duplicate-key']);
    expect(severities({ 'x.yaml': 'apiVersion: v1\nkind: Namespace\nkind: Namespace\nmetadata: {name: a}\n' })).toEqual(
      ['error yaml/duplicate-key'],
    );
  });

  it('are the data of a chart', () => {
    const files = { 'web/Chart.yaml': 'name: web\n', 'web/files/part.yaml': PART, 'web/crds/part.yaml': PART };
    expect(reasonsOf(checkFiles(files))).toEqual({ 'Helm chart': 2 });
    expect(errorsOf(files).every((found) => found.startsWith('web/crds/'))).toBe(true);
  });

  it('are what a policy generator is given', () => {
    const files = {
      'kustomization.yaml': 'generators: [policies.yaml]\n',
      'policies.yaml':
        'apiVersion: policy.open-cluster-management.io/v1\nkind: PolicyGenerator\nmetadata: {name: a}\npolicies:\n  - manifests: [{path: input/}, {path: one.yaml}]\n',
      'input/part.yaml': PART,
      'one.yaml': PART,
    };
    expect(errorsOf(files)).toEqual([]);
    expect(reasonsOf(checkFiles(files))).toEqual({ kustomization: 1, 'kustomize input': 3 });
  });
});

describe('tests', () => {
  const test = (steps: string) =>
    `apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: a}\nspec: {steps: [{try: [${steps}]}]}\n`;

  it('compare with parts of objects', () => {
    const report = checkFiles({
      't/chainsaw-test.yaml': test(
        '{apply: {file: whole.yaml}}, {assert: {file: sub/ready.yaml}}, {error: {file: gone.yaml}}',
      ),
      't/sub/ready.yaml': PART,
      't/gone.yaml': PART,
      't/whole.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    });
    expect(placesOf(report)).toEqual([]);
    expect(reasonsOf(report)).toEqual({ 'test assertion': 2, 'tool configuration': 1 });
  });

  it('apply part of what is there already, and no unknown field', () => {
    const files = (text: string) => ({
      't/chainsaw-test.yaml': test('{apply: {file: update.yaml}}'),
      't/update.yaml': text,
    });
    expect(errorsOf(files(`${DEPLOYMENT}spec: {replicas: 2}\n`))).toEqual([]);
    expect(errorsOf(files(`${DEPLOYMENT}spec: {replica: 2}\n`))).toEqual(['t/update.yaml schema/unknown-field']);
  });
});

describe('CustomResourceDefinitions', () => {
  const crd = (spec: string, version = '') =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: pipes.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {kind: Pipe, plural: pipes}\n  versions:\n    - name: v1\n      served: true\n      storage: true\n${version}      schema: {openAPIV3Schema: {type: object, properties: {spec: ${spec}}}}\n`;
  const pipe = (spec: string) => `apiVersion: example.com/v1\nkind: Pipe\nmetadata: {name: a}\nspec: ${spec}\n`;

  it('keep what is unknown in the items of a list that keeps it, up to a named field', () => {
    const items = '{type: object, properties: {named: {type: object, properties: {x: {type: string}}}}}';
    const kept = `{type: object, properties: {all: {type: array, x-kubernetes-preserve-unknown-fields: true, items: ${items}}}}`;
    const found = (spec: string) => errorsOf({ 'crd.yaml': crd(kept), 'x.yaml': pipe(spec) });
    expect(found('{all: [{pipeline.id: main}]}')).toEqual([]);
    expect(found('{all: [{named: {y: 1}}]}')).toEqual(['x.yaml schema/unknown-field']);
  });

  it.each([
    ['{replicas: -1}', '-5', 1],
    ['{replicas: 2}', '3', 1],
    ['{replicas: 2147483648}', '0', 1],
    ['{replicas: 4}', '3', 0],
  ])('limit the replicas of what can be scaled: %s with a minimum of %s', (spec, minimum, errors) => {
    const scale =
      '      subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}\n';
    const schema = `{type: object, properties: {replicas: {type: integer, minimum: ${minimum}}}}`;
    expect(errorsOf({ 'crd.yaml': crd(schema, scale), 'x.yaml': pipe(spec) }).length).toBe(errors);
  });

  it('in test data come after the bundled ones, and are used where there are none', () => {
    const old = (group: string, kind: string, plural: string) =>
      crd('{type: object}').replaceAll('example.com', group).replaceAll('Pipe', kind).replaceAll('pipes', plural);
    const repository =
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: a}\nspec: {interval: 1m, url: https://example.com/a}\n';
    const text = old('source.toolkit.fluxcd.io', 'GitRepository', 'gitrepositories');
    expect(errorsOf({ 'x.yaml': repository, 'testdata/crd.yaml': text })).toEqual([]);
    expect(errorsOf({ 'x.yaml': repository, 'crds/crd.yaml': text })).toContain('x.yaml schema/unknown-field');
    expect(errorsOf({ 'x.yaml': pipe('{a: 1}'), 'testdata/crd.yaml': crd('{type: object}') })).toEqual([
      'x.yaml schema/unknown-field',
    ]);
  });
});

describe('kinds that no schema is known of', () => {
  const kind = (apiVersion: string, name: string) => `apiVersion: ${apiVersion}\nkind: ${name}\nmetadata: {name: a}\n`;
  const found = (apiVersion: string, name: string) =>
    checkFiles({ 'x.yaml': kind(apiVersion, name) }, { missingSchema: 'warn' })
      .findings.filter(({ ruleId }) => ruleId === 'api/unknown-kind')
      .map(({ severity, hint }) => `${severity}: ${hint}`);

  it.each([
    ['cert-manager.io/v1', 'Certficate', 'error: Did you mean Certificate?'],
    ['cert-manger.io/v1', 'Certificate', 'error: Did you mean Certificate in cert-manager.io/v1?'],
    ['app/v1', 'Deployment', 'error: Did you mean Deployment in apps/v1?'],
    ['cert-manager.io/v1alpha9', 'Certificate', 'warning: The bundled release has Certificate in cert-manager.io/v1.'],
  ])('%s %s', (apiVersion, name, expected) => {
    expect(found(apiVersion, name)).toEqual([expected]);
  });

  it('are a warning where nothing is like them', () => {
    expect(found('example.com/v1', 'Widget')).toEqual([expect.stringContaining('warning: Name its CRD')]);
  });
});

describe('fields that the published schema requires, and the server does not', () => {
  const container = (probe: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a, livenessProbe: ${probe}}]}\n`;

  it.each([
    ['a header', container('{httpGet: {port: 80, httpHeaders: [{name: Host}]}}')],
    ['a LimitRange', 'apiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\nspec: {}\n'],
    ['a CSIDriver', 'apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: {name: a}\n'],
  ])('are a warning: %s', (_title, text) => {
    const { findings } = checkFiles({ 'x.yaml': text }, {}, bundledSchemas('1.34'));
    expect(findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`)).toEqual(['warning schema/missing-field']);
  });

  it('stay an error where the server needs them', () => {
    expect(errorsOf({ 'x.yaml': container('{httpGet: {port: 80, httpHeaders: [{value: a}]}}') })).toContain(
      'x.yaml schema/missing-field',
    );
  });
});

describe('the operators of selectors', () => {
  const affinity = (expression: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: a}]\n  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [${expression}]}]}}}\n`;
  const budget = (expression: string) =>
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1, selector: {matchExpressions: [${expression}]}}\n`;

  it.each([
    ['{key: a, operator: In}', true],
    ['{key: a, operator: Exists, values: [b]}', true],
    ['{key: a b, operator: Exists}', true],
    ['{key: a, operator: In, values: [b c]}', true],
    ['{key: a, operator: NotIn, values: [b]}', false],
  ])('of nodes and of labels know %s alike', (expression, wrong) => {
    for (const text of [affinity(expression), budget(expression)])
      expect(errorsOf({ 'x.yaml': text }).length > 0).toBe(wrong);
  });

  it('compare numbers of nodes alone', () => {
    expect(errorsOf({ 'x.yaml': affinity('{key: a, operator: Gt, values: ["1"]}') })).toEqual([]);
    expect(errorsOf({ 'x.yaml': budget('{key: a, operator: Gt, values: ["1"]}') }).length).toBeGreaterThan(0);
  });
});
