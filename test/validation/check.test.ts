import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareReports } from '../../src/validation/check.ts';
import { bundledSchemas, checkFiles, placesOf, reasonsOf } from '../support/manifests.ts';

const POD = (spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: nginx\n${spec}`;
const one = (text: string, options = {}) => checkFiles({ 'x.yaml': text }, options);

describe('check points at the exact place', () => {
  it('of syntax errors, and goes on with the other documents', () => {
    const report = one(`a: [1\n---\n${POD('  hostNetwrk: true\n')}---\nkind: Pod\n\tx: 1\n`);
    expect(placesOf(report)).toEqual([
      'x.yaml:2:1 yaml/syntax',
      'x.yaml:10:3 schema/unknown-field',
      'x.yaml:13:1 yaml/syntax',
    ]);
    expect(report).toMatchObject({ documents: 3, skipped: [] });
  });

  it('of every duplicate key, with the first place, and still checks the object', () => {
    const report = one(POD('      image: httpd\n  "containers": []\n  hostIPC: 1\n'));
    expect(placesOf(report)).toEqual([
      'x.yaml:8:7 yaml/duplicate-key',
      'x.yaml:9:3 semantic/no-containers',
      'x.yaml:9:3 yaml/duplicate-key',
      'x.yaml:10:12 schema/type',
    ]);
    expect(report.findings[0]).toMatchObject({
      message: expect.stringContaining('line 7, column 7'),
      pointer: '/spec/containers/0/image',
    });
  });

  it('of the last of equal keys, which is the one that counts', () => {
    expect(placesOf(one(POD('  hostIPC: true\n  hostIPC: 5\n')))).toEqual([
      'x.yaml:9:3 yaml/duplicate-key',
      'x.yaml:9:12 schema/type',
    ]);
  });

  it('of fields, with the object, a pointer and a hint', () => {
    const report = one(POD('      imagePullPolice: Always\n      ports:\n        - containerport: 80\n'));
    expect(placesOf(report)).toEqual([
      'x.yaml:8:7 schema/unknown-field',
      'x.yaml:10:11 schema/missing-field',
      'x.yaml:10:11 schema/unknown-field',
    ]);
    expect(report.findings[0]).toMatchObject({
      resource: { apiVersion: 'v1', kind: 'Pod', name: 'web' },
      pointer: '/spec/containers/0/imagePullPolice',
      hint: 'Did you mean imagePullPolicy?',
      endLine: 8,
      endColumn: 22,
    });
  });

  it('of a field on the wrong level', () => {
    const report = one(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nreplicas: 1\nspec:\n  selector: {}\n  template: {}\n',
    );
    expect(report.findings[0]?.hint).toBe('replicas belongs in spec.');
  });

  it('in CRLF files, after a byte order mark, and in JSON', () => {
    const text = `\uFEFF${POD('  hostNetwork: "yes"\n').replaceAll('\n', '\r\n')}`;
    expect(placesOf(one(text))).toEqual(['x.yaml:8:16 schema/type']);
    const json =
      '{"apiVersion": "v1",\n\t"kind": "Pod",\n\t"metadata": {"name": "a", "labels": {}, "annotations": {"a": "\\/"}},\n "spec": {"containers": [{"name": "a", "image": "b"}], "hostPID": 1}}';
    expect(placesOf(checkFiles({ 'x.json': json }))).toEqual(['x.json:4:67 schema/type']);
    const comma = json.replace('1}}', 'true},}');
    expect(placesOf(checkFiles({ 'x.json': comma }))).toEqual([expect.stringMatching(/^x\.json:4:7\d yaml\/syntax$/)]);
  });
});

describe('check reads values as the server does', () => {
  it('takes nulls for absent fields, numbers for quantities, names for ports', () => {
    const spec = `      env:\n      ports: [{name: web, containerPort: 80}]\n      args: [null]\n      resources: {limits: {cpu: 2, memory: 1.5Gi, x/y: "3e2"}}\n      livenessProbe: {httpGet: {port: web}}\n      readinessProbe: {tcpSocket: {port: 8080}}\n  nodeName: null\n  hostUsers: ~\n`;
    expect(placesOf(one(POD(spec)))).toEqual([]);
  });

  it.each([
    ['cpu: 1.5 Gi', 'resources: {limits: {cpu: 1.5 Gi}}', 'schema/type'],
    ['an integer beyond 32 bits', 'ports: [{containerPort: 4294967296}]', 'schema/type'],
    [
      'an integer beyond 64 bits, exactly',
      'lifecycle: {preStop: {sleep: {seconds: 9223372036854775808}}}',
      'schema/type',
    ],
    ['a number as text', 'ports: [{containerPort: "80"}]', 'schema/type'],
    ['text as a number', 'env: [{name: A, value: 0777}]', 'schema/type'],
    ['a list as an object', 'env: {A: B}', 'schema/type'],
    ['null as a required list item', 'env: [null]', 'schema/missing-field'],
    ['an enum in another case', 'imagePullPolicy: always', 'schema/enum'],
  ])('finds %s', (_title, field, rule) => {
    expect(one(POD(`      ${field}\n`)).findings.map((finding) => finding.ruleId)).toEqual([rule]);
  });

  it('keeps a merged key that is overridden, and prototype names as data', () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels: &l {app: a, tier: b}\n  annotations: {<<: *l, app: c}\ndata: {__proto__: x, constructor: q, toString: z}\n`;
    expect(one(text).findings).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'app')).toBe(false);
  });

  it('does not ask for the fields of status, and leaves variables of Flux alone', () => {
    const text =
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: "${NAME}"}\nspec:\n  replicas: ${REPLICAS:=1}\n  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}\nstatus: {}\n';
    expect(one(text).findings).toEqual([]);
  });

  it('reads resources of a kustomization as kustomize does', () => {
    const files = {
      'kustomization.yaml': 'resources: [a.yaml]\n',
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {enabled: yes}\n',
    };
    expect(placesOf(checkFiles(files))).toEqual(['a.yaml:4:17 yaml/ambiguous-literal']);
    expect(placesOf(checkFiles({ 'a.yaml': files['a.yaml'] }))).toEqual([
      'a.yaml:4:17 schema/type',
      'a.yaml:4:17 yaml/ambiguous-literal',
    ]);
  });
});

describe('check of apiVersions', () => {
  const kind = (apiVersion: string, name: string) => `apiVersion: ${apiVersion}\nkind: ${name}\nmetadata: {name: x}\n`;

  it.each([
    ['policy/v1beta1', 'PodDisruptionBudget', 'was removed in Kubernetes 1.25', 'Use policy/v1.'],
    ['extensions/v1beta1', 'Ingress', 'was removed in Kubernetes 1.22', 'Use networking.k8s.io/v1.'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'was removed in Kubernetes 1.26', 'Use autoscaling/v2.'],
    ['policy/v1beta1', 'PodSecurityPolicy', 'was removed in Kubernetes 1.25', 'Nothing of the same name replaces it.'],
  ])('%s %s', (apiVersion, name, message, hint) => {
    const [finding] = one(kind(apiVersion, name)).findings.filter(({ ruleId }) => ruleId === 'api/removed');
    expect(finding).toMatchObject({ line: 1, column: 13, hint, message: expect.stringContaining(message) });
  });

  it('tells what is too new for the chosen version, and what only one of several versions has', () => {
    const text = kind('resource.k8s.io/v1', 'DeviceClass');
    const old = checkFiles({ 'x.yaml': `${text}spec: {}\n` }, {}, bundledSchemas('1.31', '1.34'));
    expect(old.findings).toMatchObject([
      { ruleId: 'api/removed', message: expect.stringContaining('comes with Kubernetes 1.34') },
    ]);
    const pod = checkFiles({ 'x.yaml': POD('  hostnameOverride: a\n') }, {}, bundledSchemas('1.31', '1.36'));
    expect(pod.findings).toMatchObject([
      { ruleId: 'schema/unknown-field', message: expect.stringContaining('(Kubernetes 1.31).') },
    ]);
  });

  it.each([
    ['error', ['error']],
    ['warn', ['warning']],
    ['skip', []],
  ] as const)('missing-schema %s on a custom resource', (missingSchema, severities) => {
    const report = one(kind('example.com/v1', 'Widget'), { missingSchema });
    expect(report.findings.map((finding) => finding.severity)).toEqual(severities);
    expect(report).toMatchObject({
      documents: 0,
      skipped: [{ path: 'x.yaml', document: 1, line: 1, reason: 'no schema' }],
    });
  });

  it('an unknown kind of Kubernetes itself is an error whatever the policy', () => {
    const report = one(kind('apps/v1', 'Deploiment'), { missingSchema: 'skip' });
    expect(report).toMatchObject({
      documents: 1,
      findings: [{ ruleId: 'api/unknown-kind', hint: 'Did you mean Deployment?' }],
    });
  });

  it('a forgotten or wrong apiVersion or kind is a finding where the rest is an object', () => {
    expect(placesOf(one('kind: Pod\nmetadata: {name: x}\n'))).toEqual(['x.yaml:1:1 schema/missing-field']);
    expect(placesOf(one('apiVersion: 1\nkind: Pod\nmetadata: {name: x}\n'))).toEqual(['x.yaml:1:13 schema/type']);
  });
});

describe('check of Lists', () => {
  it('checks every item, also of Lists in Lists and of typed lists', () => {
    const text = `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: a}, spek: {}}
  - apiVersion: v1
    kind: List
    items:
      - apiVersion: v1
        kind: ConfigMapList
        items:
          - metadata: {name: b}
            data: {a: 1}
  - apiVersion: example.com/v1
    kind: Widget
`;
    const report = one(text, { missingSchema: 'skip' });
    expect(placesOf(report)).toEqual(['x.yaml:4:60 schema/unknown-field', 'x.yaml:12:23 schema/type']);
    expect(report.findings[1]?.pointer).toBe('/items/1/items/0/items/0/data/a');
    expect(report).toMatchObject({ documents: 2, skipped: [{ reason: 'no schema' }] });
  });
});

describe('check of JSON', () => {
  it('takes one value after the other, as kubectl does, and leaves files of other tools alone', () => {
    const namespace = '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}';
    const report = checkFiles({
      'x.json': `${namespace}\n${namespace.replace(/}$/, ', "x": 1}')}\n`,
      'tsconfig.json': '{ // no\n}',
    });
    expect(placesOf(report)).toEqual(['x.json:2:70 schema/unknown-field']);
    expect(report).toMatchObject({
      documents: 2,
      skipped: [{ path: 'tsconfig.json', reason: 'not a Kubernetes object' }],
    });
  });
});

describe('options', () => {
  it('strict: false turns unknown fields and duplicate keys into warnings', () => {
    const { findings } = one(POD('  x: 1\n  x: 2\n'), { strict: false });
    expect(findings.map((finding) => finding.severity)).toEqual(['warning', 'warning']);
  });

  it('files that were not read are counted, and a finding where size or name is why', () => {
    const unread = [
      { path: 'big.yaml', reason: 'The file is too large.', fault: 'size' as const },
      { path: 'link.yaml', reason: 'symbolic link' },
      { path: 'b\uFFFD.yaml', reason: 'The name is not UTF-8.', fault: 'name' as const },
    ];
    expect(checkFiles({}, { unread })).toMatchObject({
      files: 3,
      documents: 2,
      findings: [
        { ruleId: 'yaml/limit', path: 'big.yaml' },
        { ruleId: 'yaml/encoding', path: 'b\uFFFD.yaml', severity: 'error' },
      ],
      skipped: [{ path: 'link.yaml', reason: 'symbolic link' }],
    });
  });
});

describe('secrets', () => {
  const encrypted = `apiVersion: v1
kind: Secret
metadata: {name: db}
data: {password: "ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]"}
stringDta: {x: hunter2}
sops: {mac: "ENC[AES256_GCM,data:q]", version: 3.9.0}
`;

  it('of SOPS are checked for their structure only', () => {
    expect(placesOf(one(encrypted))).toEqual(['x.yaml:5:1 schema/unknown-field']);
  });

  it('never have their values in a finding', () => {
    const plain =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata: {a: hunter2!, b: 31337}\nstringData: {c: 271828}\ntype: [hunter2]\n';
    const report = one(plain);
    expect(report.findings.length).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(report)).not.toMatch(/hunter2|31337|271828/);
  });
});

describe('compareReports', () => {
  it('tells new findings from those that only moved', () => {
    const before = one(POD('  x: 1\n'));
    const after = one(`# a line more\n${POD('      q: 1\n  x: 1\n')}`);
    expect(compareReports(before, after).map((finding) => finding.pointer)).toEqual(['/spec/containers/0/q']);
    expect(compareReports(after, before)).toEqual([]);
  });

  it('counts equal ones', () => {
    const twice = one('a: [\n---\nb: [\n');
    expect(compareReports(one('a: [\n'), twice)).toHaveLength(1);
  });
});

describe('whatever the files hold', () => {
  const line = fc.constantFrom(
    '---',
    'apiVersion: v1',
    'kind: Pod',
    'kind: List',
    'items:',
    '- a: 1',
    '  - kind: Pod',
    'metadata: {name: x}',
    'spec: [',
    'a: *b',
    'a: &b [*b]',
    '\tx',
    'sops: {mac: 1}',
    '{{ x }}: 1',
    'yes: no',
    '? [a]',
    '#',
    'a: !t x',
    '$patch: delete',
    '\uFEFFa: 1',
  );

  it('it ends, places lie in the file, and the same input gives the same report', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 14 }),
        fc.constantFrom('x.yaml', 'kustomization.yaml', 'x.json'),
        (lines, path) => {
          const text = lines.join('\n');
          const report = checkFiles({ [path]: text });
          const count = text.split(/\r\n|\n|\r/).length;
          for (const { line: at, column } of report.findings) {
            expect(at).toBeGreaterThanOrEqual(1);
            expect(at).toBeLessThanOrEqual(count);
            expect(column).toBeGreaterThanOrEqual(1);
          }
          expect(report.documents + report.skipped.length).toBeGreaterThan(0);
          expect(checkFiles({ [path]: text })).toEqual(report);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('documents are checked or skipped, none is lost', () => {
    const document = fc.constantFrom(
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
      'apiVersion: example.com/v1\nkind: Widget\n',
      'just: data\n',
      '- a\n',
      'broken: [\n',
      'apiVersion: skaffold/v4beta11\nkind: Config\n',
      'apiVersion: v1\nkind: Pod\n$patch: delete\n',
    );
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 8 }), (documents) => {
        const report = one(documents.join('---\n'));
        expect(report.documents + report.skipped.length).toBe(documents.length);
        expect(reasonsOf(report)).not.toHaveProperty('undefined');
      }),
    );
  });
});
