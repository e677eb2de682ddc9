import { afterEach, describe, expect } from '@jest/globals';
import { diff } from '../../src/commands/diff.ts';
import { validate } from '../../src/commands/validate.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { renderAnnotations } from '../../src/reporting/github-annotations.ts';
import { renderSummary } from '../../src/reporting/github-summary.ts';
import { FORMATS, REPORTS } from '../../src/reporting/registry.ts';
import { createRepository, itWith, needs, type Repository } from '../support/rendering.ts';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

/** What no report may show: every value of the files below begins with it, in upper case or in base64. */
const CANARY = /canary|Q0FOQVJZ/i;

const object = (kind: string, name: string, fields: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${fields}\n`;
const secret = (name: string, fields: string) => object('Secret', name, fields);

/** Secrets as people write them, rightly and wrongly, where no program has to be run. */
const MANIFESTS = {
  'plain/all.yaml': [
    secret('a', 'stringData: {p: CANARY-1, "CANARY 2 x": a, n: 918273, m: "CANARY-3\\nCANARY-4"}\nimmutable: CANARY-5'),
    secret('b', 'data: {a: Q0FOQVJZNQ, b: "CANARY-6 not base64!", c: {d: CANARY-7}, e: [CANARY-8]}'),
    secret('c', 'stringData: [CANARY-9]\ndata: CANARY-10'),
    secret('d', 'stringdata: {p: CANARY-11}\nmore: {p: CANARY-12}'),
    secret('e', 'type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: "CANARY-13"}'),
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: f}\n  stringData: {p: CANARY-14, q: [CANARY-15]}\n',
    'apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: g}\n  stringData: {p: CANARY-16}\n',
  ].join('---\n'),
  'plain/annotated.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: h\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: \'{"data":{"a":"CANARY-17"}}\', b: 5}\n',
  'plain/twice.yaml': secret('i', 'stringData:\n  "CANARY 18": CANARY-19\n  "CANARY 18": CANARY-20'),
  'plain/kinds.yaml': ['Secert', 'secret', 'Secrets']
    .map((kind, index) => object(kind, `k${index}`, 'stringData: {k: CANARY-21, b: 12}\ndata: {k: CANARY-22}'))
    .join('---\n'),
  'plain/kindless.yaml': 'apiVersion: v1\nmetadata: {name: l}\nkinds: Secret\ndata: {k: CANARY-23}\n',
  'plain/cut.yaml': secret('m', 'stringData:\n  p: "CANARY-24\n  q: CANARY-25 x: y'),
  'plain/alias.yaml': secret('n', 'stringData:\n  p: *CANARY-26'),
  'plain/tag.yaml': secret('o', 'stringData:\n  p: !CANARY-27 x'),
  'plain/tab.yaml': secret('p', 'stringData:\n\tp: CANARY-28'),
  'plain/broken.json': '{"apiVersion":"v1","kind":"Secret","stringData":{"p":"CANARY-29" "q":CANARY-30}}',
  'plain/text.yaml': object(
    'ConfigMap',
    'q',
    'data:\n  a: |\n    kind: Secret\n    stringData: {p: CANARY-31}\n  b: x',
  ),
  'plain/template.yaml':
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: r}\nspec: {target: {template: {data: {p: "CANARY-32 {{ .a }}", q: 12}}}}\n',
};

const generator = (fields: string) => `secretGenerator: [{name: x, ${fields}}]\n`;
const patched = (patch: string) =>
  `resources: [s.yaml]\npatches:\n- target: {kind: Secret}\n  patch: |\n    ${patch}\n`;
const S = secret('s', 'stringData: {p: CANARY-40}');

/** What kustomize refuses, and says why with what it has read. */
const KUSTOMIZATIONS = {
  'a/kustomization.yaml': generator('literals: [CANARY-41]'),
  'b/kustomization.yaml': generator('literals: ["postgres://u:CANARY-42@h/db?ssl=true"]'),
  'c/kustomization.yaml': generator('envs: [x.env]'),
  'c/x.env': 'A=1\nCANARY-43 foo\nCANARY44\n',
  'd/kustomization.yaml': patched('stringData: {p: CANARY-45: x\n    q: CANARY-46'),
  'd/s.yaml': S,
  'e/kustomization.yaml': 'resources: [s.yaml]\n',
  'e/s.yaml': secret('s', 'stringData: {p: CANARY-47}\ndata: {x: *CANARY-48}'),
  'f/kustomization.yaml': patched(
    'apiVersion: v1\n    kind: Secret\n    metadata: {name: s}\n    stringData: [CANARY-49]',
  ),
  'f/s.yaml': S,
  'g/kustomization.yaml':
    'resources: [s.yaml]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.p}, targets: [{select: {kind: Secret}, fieldPaths: [stringData.p.q]}]}]\n',
  'g/s.yaml': S,
  'h/kustomization.yaml': generator('files: [CANARY-50]'),
  'i/kustomization.yaml': 'secretGenerator:\n- name: x\n  literals: [a=CANARY-51, "b=CANARY-52"]\n',
  'j/kustomization.yaml': `${generator('literals: [a=b]')}patches:\n- patch: |\n    {apiVersion: v1, kind: Secret, metadata: {name: x}, stringData: {q: 5, "CANARY 53": x, z: [CANARY-54]}, more: CANARY-55}\n`,
  'k/kustomization.yaml':
    'resources: [s.yaml]\npatchesJson6902:\n- target: {kind: Secret, version: v1, name: s}\n  patch: |-\n    - op: add\n      path: /stringData/q\n      value: {a: CANARY-56\n',
  'k/s.yaml': S,
};

const chart = (name: string, template: string, values = '') => ({
  [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
  [`${name}/values.yaml`]: values,
  [`${name}/templates/x.yaml`]: template,
});

const CHARTS = {
  ...chart('l', '{{ fail (printf "bad password %s" .Values.auth.password) }}\n', 'auth: {password: CANARY-60}\n'),
  ...chart('m', secret('m', 'stringData:\n  q: *CANARY-61')),
  ...chart('n', secret('n', 'stringData: {p: CANARY-62, q: 1}\nimmutable: CANARY-63\ntyp: CANARY-64')),
  ...chart(
    'o',
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: o}\n  stringData: {p: CANARY-65}\n',
  ),
};

async function everyReport(
  command: string,
  outcome: Outcome,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const input = { command, version: '1.0.0', outcome, text: { sources: (path: string) => files[path] } };
  const reports = await Promise.all(Object.values(REPORTS).map((load) => load()));
  const texts = [...Object.values(FORMATS), ...reports].map((render) => render(input));
  return [...texts, ...renderAnnotations(outcome), renderSummary(command, outcome)].join('\n');
}

/** Lines of reports with a value in them. */
function shownIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => CANARY.test(line));
}

async function validated(files: Readonly<Record<string, string>>, render: string) {
  repository = createRepository(files);
  const flags = { render: [render], 'fail-on': ['error'] };
  const outcome = await validate(parseInputs('validate', { flags, positionals: ['.'], env: {} }), {
    host: repository.host,
  });
  const logged = repository.host.lines.join('\n');
  return { outcome, text: `${await everyReport('validate', outcome, files)}\n${logged}` };
}

describe('no report shows a value of a Secret', () => {
  itWith()('that validate finds as it stands', async () => {
    const { outcome, text } = await validated({ ...MANIFESTS, ...KUSTOMIZATIONS }, 'off');
    expect(outcome.findings.length).toBeGreaterThan(30);
    expect(shownIn(text)).toEqual([]);
  });

  itWith('kustomize', 'helm')(`${needs('kustomize', 'helm')}that validate finds in what is rendered`, async () => {
    const files = { ...KUSTOMIZATIONS, ...CHARTS };
    const { outcome, text } = await validated(files, 'auto');
    const failed = outcome.findings
      .filter(({ ruleId }) => ruleId === 'render/failed')
      .map(({ path }) => path.slice(0, 1));
    expect(failed).toEqual(['a', 'd', 'e', 'f', 'g', 'k', 'l', 'm']);
    expect(text).toContain('expected key=value');
    expect(text).toContain('bad password ***');
    expect(shownIn(text)).toEqual([]);
  });

  itWith('kustomize', 'helm')(`${needs('kustomize', 'helm')}that differs between two revisions`, async () => {
    const before = { ...MANIFESTS, ...KUSTOMIZATIONS, ...CHARTS };
    const after = Object.fromEntries(
      Object.entries(before).map(([path, text]) => [
        path,
        text.replace(/CANARY[- ]?(?=\d)/g, (canary) => `${canary}9`),
      ]),
    );
    repository = createRepository(before);
    const base = repository.commit();
    repository.write(after);
    const inputs = parseInputs('diff', { flags: { base: [base] }, positionals: ['.'], env: {} });
    const outcome = await diff(inputs, { host: repository.host });
    const text = await everyReport('diff', outcome, after);
    const changed = (outcome.differences ?? []).map(({ resource: { kind, name } }) => `${kind} ${name}`);
    expect(changed).toEqual(
      expect.arrayContaining(['Secret a', 'Secret d', 'Secret f', 'Secret g', 'Secret o', 'secret k1']),
    );
    expect(text).toContain('(masked ');
    expect(shownIn(text)).toEqual([]);
  });
});
