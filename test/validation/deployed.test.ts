import { describe, expect, it } from '@jest/globals';
import { readValues } from '../../src/rendering/yaml-values.ts';
import { createWorld } from '../../src/validation/deployed/world.ts';
import { printPointer } from '../../src/validation/file-findings.ts';
import { objectsOf } from '../../src/validation/objects.ts';
import { UNIT_RULES } from '../../src/validation/rules/registry.ts';
import type { ManifestObject } from '../../src/validation/rules/rule.ts';
import { isObject } from '../../src/validation/scalars.ts';

const UNKNOWN = 'unknown-here';
const OPTIONS = { encrypted: false, isPatched: () => false, isKnown: () => false };

function objectsIn(...texts: readonly string[]): readonly ManifestObject[] {
  return readValues(texts.join('---\n'), 'cluster').flatMap(({ value }) =>
    isObject(value) ? objectsOf(value, OPTIONS) : [],
  );
}

/** What the rules on units say of these, `rule pointer: message hint`; `others` are what other units come to. */
function found(texts: readonly string[], others: readonly string[] = []): readonly string[] {
  const objects = objectsIn(...texts);
  const world = createWorld([...objects, ...objectsIn(...others)]);
  const deployed = { objects, world, isKnown: (text: string) => !text.includes(UNKNOWN) };
  return UNIT_RULES.flatMap((rule) =>
    rule
      .checkUnit(deployed)
      .map(({ path, message, hint = '' }) => `${rule.id} ${printPointer(path)}: ${message} ${hint}`.trimEnd()),
  );
}

const workload = (labels: string, pod = '', name = 'web', kind = 'Deployment') =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n  template:\n    metadata: {labels: {${labels}}}\n    spec:\n      containers: [{name: c, image: a, ports: [{name: http, containerPort: 80}]}]\n${pod}`;
const service = (selector: string, more = '', name = 'web') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {${selector}}, ports: [{name: http, port: 80${more}}]}\n`;
const custom = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\n';
const inNamespace = (text: string, namespace: string) =>
  text.replace('metadata: {', `metadata: {namespace: ${namespace}, `);

describe('what selects pods', () => {
  const budget = (labels: string) =>
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {selector: {matchLabels: {${labels}}}}\n`;

  it.each([
    ['a misspelt value', 'app: wbe', 'app: web', 'The pods of Deployment web have app: web.'],
    ['a misspelt key', 'ap: web, tier: front', 'app: web, tier: front', 'The pods of Deployment web have no label ap.'],
    [
      'a label of the namesake that is another',
      'app.kubernetes.io/name: web',
      'app: web',
      'have no label app.kubernetes.io/name.',
    ],
    ['one of two', 'app: web, component: front', 'app: web, component: back', 'have component: back.'],
  ])('is told by %s', (_title, selector, labels, hint) => {
    const [one, ...more] = found([workload(labels), service(selector)]);
    expect([one, more]).toEqual([expect.stringContaining(hint), []]);
    expect(found([workload(labels), budget(selector)])).toEqual([
      expect.stringMatching(/^reference\/pod-selector \/spec\/selector\/matchLabels\//),
    ]);
  });

  it.each([
    ['pods are selected', [workload('app: web, tier: front'), service('app: web')]],
    ['pods of another kind are', [workload('app: web', '', 'web', 'StatefulSet'), service('app: web')]],
    [
      'pods of a Rollout are',
      [
        workload('app: web').replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout'),
        service('app: web'),
      ],
    ],
    ['a label is set at run time', [workload('app: web'), service('app: web, role: leader')]],
    ['pods have nothing in common with it', [workload('app: database', '', 'database'), service('app: web')]],
    [
      'pods share what all of a release do',
      [
        workload('app.kubernetes.io/instance: x, app: database', '', 'database'),
        service('app.kubernetes.io/instance: x, app: web'),
      ],
    ],
    ['an operator may make pods', [workload('app: web'), service('app: wbe'), custom]],
    [
      'there is no selector',
      [workload('app: web'), 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n'],
    ],
    [
      'it stands for a name',
      [
        workload('app: web'),
        'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: ExternalName, selector: {app: wbe}}\n',
      ],
    ],
    ['a value comes from the cluster', [workload('app: web'), service(`app: ${UNKNOWN}`)]],
    ['a variable is left', [workload('app: web'), service('app: "${APP}"')]],
  ])('is fine where %s', (_title, texts) => {
    expect(found(texts)).toEqual([]);
  });

  it('may select what another unit deploys into the namespace, and not into another', () => {
    const unit = [inNamespace(workload('app: web'), 'a'), inNamespace(service('app: wbe'), 'a')];
    expect(found(unit, [inNamespace(workload('app: wbe'), 'a')])).toEqual([]);
    expect(found(unit, [inNamespace(workload('app: wbe'), 'b')])).toHaveLength(1);
  });
});

describe('ports by name', () => {
  it.each([
    ['is there', 'http', []],
    ['is a number', '8080', []],
    ['is a number in quotes', '"8080"', []],
    [
      'is misspelt',
      'htpp',
      [
        'reference/target-port /spec/ports/0/targetPort: No container of Deployment web has a port of the name htpp. Did you mean http?',
      ],
    ],
    [
      'is another',
      'metrics',
      [
        'reference/target-port /spec/ports/0/targetPort: No container of Deployment web has a port of the name metrics.',
      ],
    ],
  ])('one that %s', (_title, target, expected) => {
    expect(found([workload('app: web'), service('app: web', `, targetPort: ${target}`)])).toEqual(expected);
  });

  it('may be those of a container that is put in later, or of pods that are not here', () => {
    const injected = workload('app: web, sidecar.istio.io/inject: "true"');
    expect(found([injected, service('app: web', ', targetPort: envoy')])).toEqual([]);
    expect(found([service('app: web', ', targetPort: envoy')])).toEqual([]);
  });
});

describe('backends', () => {
  const ingress = (backend: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: ${backend}}}]}}]}\n`;
  const route = (backend: string) =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec: {rules: [{backendRefs: [${backend}]}]}\n`;
  const unit = [workload('app: frontend', '', 'frontend'), service('app: frontend', '', 'frontend')];

  it.each([
    ['a port of the Service', ingress('{name: frontend, port: {number: 80}}')],
    ['a port by name', ingress('{name: frontend, port: {name: http}}')],
    ['a Service of elsewhere', ingress('{name: login, port: {number: 80}}')],
    ['what an annotation tells', ingress('{name: frontend, port: {name: use-annotation}}')],
    ['a route to a port', route('{name: frontend, port: 80}')],
    ['a route into another namespace', inNamespace(route('{name: frontned, namespace: other, port: 80}'), 'own')],
    ['a route to another kind', route('{name: frontned, kind: ServiceImport, group: multicluster.x-k8s.io, port: 80}')],
  ])('may be %s', (_title, text) => {
    expect(
      found(
        [...unit, text].map((one) => (text.includes('namespace: own') && one !== text ? inNamespace(one, 'own') : one)),
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'a port that is not there',
      ingress('{name: frontend, port: {number: 8080}}'),
      'service/port/number: The Service frontend has no port 8080. It has 80.',
    ],
    [
      'a port by a wrong name',
      ingress('{name: frontend, port: {name: htpp}}'),
      'service/port/name: The Service frontend has no port htpp. Did you mean http?',
    ],
    [
      'a misspelt Service',
      ingress('{name: frontned, port: {number: 80}}'),
      'service/name: The Service frontned is not in what is deployed with this object. Did you mean frontend?',
    ],
    [
      'a port of a route',
      route('{name: frontend, port: 8080}'),
      'backendRefs/0/port: The Service frontend has no port 8080. It has 80.',
    ],
    [
      'a misspelt Service of a route',
      route('{name: frontned, port: 80}'),
      'backendRefs/0/name: The Service frontned is not',
    ],
  ])('is told where it names %s', (_title, text, part) => {
    expect(found([...unit, text])).toEqual([expect.stringContaining(part)]);
  });

  it('misses the Service of a workload that is here, where nothing else could make it', () => {
    const login = [workload('app: login', '', 'login'), ingress('{name: login, port: {number: 80}}')];
    expect(found([...unit, ...login])).toEqual([expect.stringContaining('The Service login is not')]);
    expect(found([...unit, ...login, custom])).toEqual([]);
    expect(found([...unit, ...login], [service('app: login', '', 'login')])).toEqual([]);
  });
});

describe('what is scaled', () => {
  const scaler = (target: string, kind = 'autoscaling/v2\nkind: HorizontalPodAutoscaler') =>
    `apiVersion: ${kind}\nmetadata: {name: web}\nspec: {scaleTargetRef: {${target}}}\n`;
  const deployment = 'apiVersion: apps/v1, kind: Deployment';

  it.each([
    ['is deployed with it', [workload('app: web'), scaler(`${deployment}, name: web`)]],
    [
      'comes without a kind, as KEDA takes it',
      [workload('app: web'), scaler('name: web', 'keda.sh/v1alpha1\nkind: ScaledObject')],
    ],
    ['may be made by an operator', [workload('app: web'), scaler(`${deployment}, name: x`), custom]],
    ['has no workloads of the kind around it', [scaler(`${deployment}, name: x`)]],
    ['is of a kind of its own', [workload('app: web'), scaler('apiVersion: example.com/v1, kind: Thing, name: x')]],
  ])('is fine where it %s', (_title, texts) => {
    expect(found(texts)).toEqual([]);
  });

  it.each([
    [
      'is absent',
      `${deployment}, name: shop`,
      'The Deployment shop, which this scales, is not in what is deployed with it.',
    ],
    [
      'is of another kind',
      'apiVersion: apps/v1, kind: StatefulSet, name: web',
      'There is a Deployment of this name (apps/v1).',
    ],
    ['is misspelt', `${deployment}, name: wbe`, 'Did you mean web?'],
  ])('is told where it %s', (_title, target, part) => {
    expect(found([workload('app: web'), scaler(target)])).toEqual([expect.stringContaining(part)]);
  });

  it('may be what another unit deploys', () => {
    expect(
      found([workload('app: web'), scaler(`${deployment}, name: shop`)], [workload('app: shop', '', 'shop')]),
    ).toEqual([]);
  });
});

describe('what pods take from objects beside them', () => {
  const pod = (fields: string) => workload('app: web', `      ${fields}\n`);
  const volume = (source: string) => pod(`volumes: [{name: v, ${source}}]`);
  const config = (name: string, data = '{a: b}') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
  const secret = (name: string, data = 'stringData: {a: b}') =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n${data}\n`;
  const account = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`;
  const sealed = (kind: string, name: string) => `apiVersion: ${kind}\nmetadata: {name: ${name}}\nspec: {}\n`;

  it.each([
    ['a ConfigMap', volume('configMap: {name: setings}'), config('settings'), 'settings'],
    [
      'a generated ConfigMap',
      volume('configMap: {name: settings}'),
      config('settings-5h8gk2mb97'),
      'settings-5h8gk2mb97',
    ],
    ['a Secret', volume('secret: {secretName: credentails}'), secret('credentials'), 'credentials'],
    [
      'a sealed Secret',
      volume('secret: {secretName: credentails}'),
      sealed('bitnami.com/v1alpha1\nkind: SealedSecret', 'credentials'),
      'credentials',
    ],
    ['a projected one', volume('projected: {sources: [{configMap: {name: setings}}]}'), config('settings'), 'settings'],
    [
      'a claim',
      volume('persistentVolumeClaim: {claimName: web-stroage}'),
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: web-storage}\n',
      'web-storage',
    ],
    ['an account', pod('serviceAccountName: web-acount'), account('web-account'), 'web-account'],
    ['a Secret for images', pod('imagePullSecrets: [{name: regsitry}]'), secret('registry'), 'registry'],
  ])('finds the name of %s misspelt', (_title, text, other, meant) => {
    expect(found([text, other])).toEqual([
      expect.stringMatching(new RegExp(`^reference/pod-object .* Did you mean ${meant}\\?$`)),
    ]);
  });

  it.each([
    ['it is there', volume('configMap: {name: settings}'), config('settings')],
    ['it may be absent', volume('configMap: {name: setings, optional: true}'), config('settings')],
    ['only numbers differ', volume('configMap: {name: settings-2}'), config('settings-1')],
    ['names of environments differ', volume('secret: {secretName: web-prod}'), secret('web-dev')],
    ['another part is there', volume('secret: {secretName: web-tls}'), secret('web')],
    [
      'an external Secret makes it',
      volume('secret: {secretName: credentails}'),
      `${sealed('external-secrets.io/v1\nkind: ExternalSecret', 'other').replace('spec: {}', 'spec: {target: {name: credentails}}')}---\n${secret('credentials')}`,
    ],
    ['an account may be made', pod('serviceAccountName: other'), `${account('web')}---\n${custom}`],
    ['the account is what every namespace has', pod('serviceAccountName: default'), account('web')],
    ['nothing is known of it', volume(`configMap: {name: setings-${UNKNOWN}}`), config(`settings-${UNKNOWN}`)],
  ])('finds nothing where %s', (_title, text, other) => {
    expect(found([text, other])).toEqual([]);
  });

  it('misses an account where others are brought, and that of no other unit', () => {
    const unit = [pod('serviceAccountName: other'), account('web')];
    expect(found(unit)).toEqual([expect.stringContaining('The ServiceAccount other is not')]);
    expect(found(unit, [account('other')])).toEqual([]);
  });

  const env = (key: string, more = '', from = 'configMapKeyRef') =>
    workload('app: web').replace(
      'image: a,',
      `image: a, env: [{name: X, valueFrom: {${from}: {name: x, key: ${key}${more}}}}],`,
    );

  it.each([
    ['a key that is there', env('a'), config('x'), 0],
    ['one that may be absent', env('c', ', optional: true'), config('x'), 0],
    ['one of a ConfigMap that is filled later', env('c'), config('x', '{}'), 0],
    ['one of a ConfigMap of elsewhere', env('c'), config('y'), 0],
    ['one that is absent', env('c'), config('x'), 1],
    ['one of a Secret', env('c', '', 'secretKeyRef'), secret('x'), 1],
    ['one of an encrypted Secret', env('a', '', 'secretKeyRef'), secret('x', 'data: {a: "ENC[x]"}'), 0],
    ['one of the items of a volume', volume('configMap: {name: x, items: [{key: c, path: c}]}'), config('x'), 1],
  ])('looks for %s', (_title, text, other, count) => {
    expect(found([text, other]).filter((line) => line.startsWith('reference/config-key'))).toHaveLength(count);
  });
});
