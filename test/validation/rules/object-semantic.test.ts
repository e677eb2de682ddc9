import { describe, expect, it } from '@jest/globals';
import { bundledSchemas, checkFiles, placesOf } from '../../support/manifests.ts';

const rulesOf = (report: ReturnType<typeof checkFiles>) =>
  report.findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`);
const pod = (spec: string, name = 'web') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n    - {name: web, image: nginx}\n${spec}`;
const POD = (container: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx, ${container}}]}`;

describe('rules that a version of Kubernetes loosened', () => {
  it.each([
    [
      'a Service with a digit first',
      'apiVersion: v1\nkind: Service\nmetadata: {name: 1web}\nspec: {ports: [{port: 80}]}',
      '1.35',
      '1.36',
      'object/name',
    ],
    ['a variable with a space', POD('env: [{name: a b}]'), '1.31', '1.32', 'semantic/env-name'],
    ['a container that restarts', POD('restartPolicy: Always'), '1.34', '1.35', 'semantic/container-restart-policy'],
    [
      'a search domain with an underscore',
      pod('  dnsConfig: {searches: [_tcp.a.b]}\n'),
      '1.32',
      '1.33',
      'semantic/dns-search',
    ],
    [
      'traffic to the same zone',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {trafficDistribution: PreferSameZone, ports: [{port: 80}]}',
      '1.33',
      '1.34',
      'semantic/traffic-distribution',
    ],
  ])('%s', (_title, text, before, after, rule) => {
    expect(checkFiles({ 'x.yaml': text }, {}, bundledSchemas(before)).findings.map(({ ruleId }) => ruleId)).toEqual([
      rule,
    ]);
    expect(checkFiles({ 'x.yaml': text }, {}, bundledSchemas(after)).findings).toEqual([]);
    expect(
      checkFiles({ 'x.yaml': text }, {}, bundledSchemas(after, before)).findings.map(({ ruleId }) => ruleId),
    ).toEqual([rule]);
  });

  it('a restart policy of a container is an error where the server refuses it, a warning where it drops it', () => {
    const text = POD('restartPolicy: Always');
    const severities = ['1.33', '1.34'].map(
      (version) => checkFiles({ 'x.yaml': text }, {}, bundledSchemas(version)).findings[0]?.severity,
    );
    expect(severities).toEqual(['error', 'warning']);
  });
});

describe('texts that another program fills in', () => {
  it.each(['${NAME}', '{{ .Values.name }}', '$(NAME)-x', "(join('-', [$namespace, 'x']))"])('%s', (name) => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: "${name}", namespace: "${name}", labels: {a: "${name}"}}
spec: {serviceAccountName: "${name}", containers: [{name: "${name}", image: "${name}", env: [{name: "${name}"}], ports: [{name: "${name}", containerPort: 80}], volumeMounts: [{name: "${name}", mountPath: "/a"}]}]}`;
    expect(placesOf(checkFiles({ 'x.yaml': text }))).toEqual([]);
  });

  it('a volume of such a name may be any', () => {
    const text = pod(
      '  volumes: [{name: "${VOLUME}", emptyDir: {}}]\n  initContainers: [{name: a, image: b, volumeMounts: [{name: data, mountPath: /a}]}]\n',
    );
    expect(placesOf(checkFiles({ 'x.yaml': text }))).toEqual([]);
  });

  it('so do labels that a selector may yet find', () => {
    const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: "\${APP}"}}, spec: {containers: [{name: a, image: b}]}}}`;
    expect(placesOf(checkFiles({ 'x.yaml': text }))).toEqual([]);
  });
});

describe('what kustomize changes', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: _}\n';
  const binding =
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: a}]\n';
  const files = { 'namespace.yaml': namespace, 'binding.yaml': binding };

  it('namespaces of the files that a kustomization lists', () => {
    expect(rulesOf(checkFiles(files))).toEqual(['error semantic/account-namespace', 'error object/name']);
    const listed = { ...files, 'kustomization.yaml': 'namespace: shop\nresources: [namespace.yaml, binding.yaml]\n' };
    expect(rulesOf(checkFiles(listed))).toEqual([]);
  });

  it('kinds that it patches: nothing is missing there, and what is there is still checked', () => {
    const base =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: wbe}}, spec: {containers: [{name: web, ports: [{name: HTTP, containerPort: 80}], volumeMounts: [{name: a, mountPath: /a}]}]}}}\n';
    const overlay = {
      'kustomization.yaml': 'resources: [d.yaml]\npatches: [{path: p.yaml, target: {kind: Deployment}}]\n',
    };
    expect(rulesOf(checkFiles({ 'd.yaml': base }))).toEqual([
      'error semantic/selector-mismatch',
      'error semantic/missing-image',
      'error semantic/port-name',
      'error semantic/missing-volume',
    ]);
    expect(rulesOf(checkFiles({ 'd.yaml': base, ...overlay }))).toEqual(['error semantic/port-name']);
  });
});

describe('values of the wrong type', () => {
  it('are told once, and break no rule', () => {
    const text = pod('  volumes: {a: b}\n  tolerations: [1]\n  affinity: []\n  dnsConfig: x\n  nodeSelector: [a]\n');
    expect(new Set(checkFiles({ 'x.yaml': text }).findings.map(({ ruleId }) => ruleId))).toEqual(
      new Set(['schema/type']),
    );
  });

  it('of every field of a pod, one after the other', () => {
    for (const value of ['null', '1', '"a"', '[]', '{}', '[null]', '[{}]', '{a: 1}', 'true']) {
      for (const field of [
        'containers',
        'initContainers',
        'volumes',
        'affinity',
        'tolerations',
        'topologySpreadConstraints',
        'securityContext',
        'dnsConfig',
        'hostAliases',
        'os',
        'resourceClaims',
        'nodeSelector',
      ]) {
        const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {${field}: ${value}}`;
        expect(() => checkFiles({ 'x.yaml': text })).not.toThrow();
      }
    }
  });
});

describe('kinds of the same name in another group', () => {
  it('are not held to the rules of Kubernetes', () => {
    const text =
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web.a}\nspec: {template: {spec: {containers: [{image: a}]}}}\n';
    expect(rulesOf(checkFiles({ 'x.yaml': text }, { missingSchema: 'skip' }))).toEqual([]);
  });
});

describe('the values of Secrets', () => {
  it('are in no message', () => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: hunter2, "b c": hunter2}\n`;
    const report = checkFiles({ 'x.yaml': text });
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining(['semantic/secret-json', 'semantic/config-key']),
    );
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
});
