import type { RelatedObservation, Target } from '../../src/engines/delivery-engine.ts';
import { ToolError } from '../../src/errors.ts';
import type { Outcome, TargetOutcome } from '../../src/outcome.ts';

/** Runs as they happen, for goldens and for the schema. */
export const OLD = '1b2c3d4e5f60718293a4b5c6d7e8f90123456789';
export const NEW = '3f2a91c0d4e5b6a7980123456789abcdef012345';

export function target(name: string): Target {
  return { name, kind: 'Application', namespace: 'argocd', project: 'shop' };
}

export function observation(name: string, parts: Partial<RelatedObservation> = {}): RelatedObservation {
  return {
    target: target(name),
    at: 0,
    via: 'read',
    state: 'healthy',
    trusted: true,
    seenRevision: NEW,
    appliedRevision: NEW,
    deployed: [],
    lasting: 0,
    final: false,
    reasons: [],
    images: [],
    resources: [],
    fingerprint: '',
    seen: 'equal',
    applied: 'equal',
    attempted: 'equal',
    ...parts,
  };
}

export const EMPTY: Outcome = {
  result: 'ok',
  exitCode: 0,
  outputs: { result: 'ok' },
  findings: [],
  edits: [],
  targets: [],
  headline: 'Done.',
  notes: [],
};

export const SOURCES: Readonly<Record<string, string>> = {
  'apps/api/deployment.yaml': [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: api',
    '  namespace: shop',
    'spec:',
    '  replicas: "3"',
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: api',
    '          image: ghcr.io/acme/api:1.4.2',
    '          imagePullPolcy: Always',
    '',
  ].join('\n'),
  'apps/db/secret.yaml': ['apiVersion: v1', 'kind: Secret', 'data:', '  password: aHVudGVyMg', ''].join('\n'),
};

const VALIDATE: Outcome = {
  ...EMPTY,
  result: 'failed',
  exitCode: 1,
  outputs: { result: 'failed', 'duration-ms': '184', documents: '14', errors: '3', warnings: '1', skipped: '2' },
  findings: [
    {
      ruleId: 'schema/unknown-field',
      severity: 'error',
      path: 'apps/api/deployment.yaml',
      line: 13,
      column: 11,
      endLine: 13,
      endColumn: 25,
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' },
      pointer: '/spec/template/spec/containers/0/imagePullPolcy',
      message: 'Unknown field "imagePullPolcy" in a container.',
      hint: 'Did you mean "imagePullPolicy"?',
    },
    {
      ruleId: 'schema/type',
      severity: 'error',
      path: 'apps/api/deployment.yaml',
      line: 7,
      column: 13,
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' },
      message: 'The field "spec.replicas" must be an integer, and is a string.',
      hint: 'Write it without quotes.',
    },
    {
      ruleId: 'schema/missing-field',
      severity: 'error',
      path: 'apps/db/secret.yaml',
      line: 1,
      column: 1,
      resource: { apiVersion: 'v1', kind: 'Secret' },
      message: 'The field "metadata.name" is missing.',
    },
    {
      ruleId: 'yaml/ambiguous',
      severity: 'warning',
      path: 'apps/web/configmap.yaml',
      line: 8,
      column: 10,
      resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'web' },
      message: 'The plain value `no` is a string here and false on the cluster.',
      hint: 'Quote it.',
    },
    {
      ruleId: 'schema/no-schema',
      severity: 'info',
      path: 'apps/web/rollout.yaml',
      line: 2,
      column: 7,
      message: 'There is no schema for argoproj.io/v1alpha1 Rollout; only its structure was checked.',
    },
  ],
  checked: [
    {
      path: 'apps/api/deployment.yaml',
      line: 1,
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' },
    },
    {
      path: 'apps/api/deployment.yaml',
      line: 15,
      resource: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'api' },
    },
    { path: 'apps/api/kustomization.yaml', line: 1, document: 1, reason: 'kustomization' },
    { path: 'apps/db/secret.yaml', line: 1, resource: { apiVersion: 'v1', kind: 'Secret' } },
    {
      path: 'apps/web/configmap.yaml',
      line: 1,
      resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'web' },
    },
  ],
  headline: '3 errors and 1 warning in 14 objects of 9 files.',
  notes: [
    '2 files skipped: 1 Helm template, 1 kustomize patch.',
    'Checked against Kubernetes 1.34, the newest bundled one.',
  ],
};

/** Thirty findings of four rules in three files. */
const MANY: Outcome = {
  ...VALIDATE,
  findings: Array.from({ length: 30 }, (_, index) => ({
    ruleId: ['schema/unknown-field', 'schema/type', 'schema/enum', 'yaml/ambiguous-literal'][index % 4] ?? '',
    severity: index % 4 === 3 ? ('warning' as const) : ('error' as const),
    path: ['apps/api/deployment.yaml', 'apps/web/deployment.yaml', 'infra/ingress.yaml'][index % 3] ?? '',
    line: 5 + index * 3,
    column: 9,
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: `app-${index % 6}` },
    pointer: `/spec/template/spec/containers/0/field${index}`,
    message: `spec.template.spec.containers[0].field${index} is not right.`,
    ...(index % 5 === 0 ? { hint: `Did you mean field${index + 1}?` } : {}),
  })),
  checked: [],
  headline: '23 errors and 7 warnings in 6 objects of 3 files.',
};

const EDITS: Outcome['edits'] = [
  {
    path: 'kubernetes/manifests/deployment.yaml',
    start: 310,
    end: 323,
    replacement: 'my-app:1.4.2',
    line: 19,
    before: 'my-app:latest',
    after: 'my-app:1.4.2',
    image: 'my-app',
    imageBefore: 'my-app:latest',
    imageAfter: 'my-app:1.4.2',
    place: 'Deployment my-app container my-app',
  },
  {
    path: 'overlays/prod/kustomization.yaml',
    start: 120,
    end: 126,
    replacement: '1.4.2',
    line: 8,
    before: '1.4.1',
    after: '1.4.2',
    image: 'my-app',
    imageBefore: 'my-app:1.4.1',
    imageAfter: 'my-app:1.4.2',
    place: 'images[name=my-app].newTag',
  },
];

const BUMP: Outcome = {
  ...EMPTY,
  outputs: { result: 'ok', changed: 'true', revision: NEW, branch: 'main' },
  edits: EDITS,
  headline: 'Bumped my-app to 1.4.2 in 2 files, commit 3f2a91c on main.',
};

function landed(name: string, seconds: number): TargetOutcome {
  return {
    target: target(name),
    verdict: { kind: 'landed', phase: 'settling', reasons: [], observation: observation(name) },
    seconds,
    timeline: [
      { seconds: 0.2, phase: 'unseen', state: 'healthy', reason: '' },
      { seconds: 3, phase: 'syncing', state: 'syncing', reason: '' },
      { seconds: 9, phase: 'rolling', state: 'progressing', reason: '' },
      { seconds: seconds - 10, phase: 'settling', state: 'healthy', reason: '' },
    ],
  };
}

const DELIVER: Outcome = {
  ...BUMP,
  outputs: { ...BUMP.outputs, verdict: 'landed' },
  targets: [landed('argocd/shop-api', 41.3), landed('argocd/shop-web', 55)],
  headline: 'my-app 1.4.2 is live and healthy on 2 targets.',
  notes: ['Commit 3f2a91c on main.'],
};

const DEGRADED: TargetOutcome = {
  target: target('argocd/shop-web'),
  verdict: {
    kind: 'failed',
    phase: 'rolling',
    reasons: ['Deployment shop/web: Degraded for 38 s: Deployment "web" exceeded its progress deadline'],
    observation: observation('argocd/shop-web', { state: 'degraded' }),
  },
  seconds: 96.4,
  timeline: [
    { seconds: 0, phase: 'unseen', state: 'healthy', reason: '' },
    { seconds: 4, phase: 'syncing', state: 'syncing', reason: '' },
    { seconds: 9, phase: 'rolling', state: 'progressing', reason: '' },
    { seconds: 58, phase: 'rolling', state: 'degraded', reason: '' },
  ],
  diagnosis: {
    target: target('argocd/shop-web'),
    sections: [
      {
        title: 'Unhealthy objects',
        lines: [
          'Deployment shop/web: Degraded: exceeded its progress deadline, 2 of 3 replicas updated',
          'Pod shop/web-5d8f7c9b4-x2x7q: ImagePullBackOff: my-app:1.4.2 not found',
        ],
      },
      {
        title: 'Events',
        lines: ['Pod shop/web-5d8f7c9b4-x2x7q: Failed to pull image "my-app:1.4.2": manifest unknown (12 times)'],
      },
    ],
    hints: ['Check that my-app:1.4.2 exists in the registry and that the cluster may pull it.'],
  },
};

const DELIVER_FAILED: Outcome = {
  ...DELIVER,
  result: 'failed',
  exitCode: 1,
  outputs: { ...DELIVER.outputs, result: 'failed', verdict: 'failed' },
  targets: [landed('argocd/shop-api', 41.3), DEGRADED],
  headline: 'my-app 1.4.2 failed on argocd/shop-web and was rolled back.',
  notes: ['Commit 3f2a91c was undone by commit 7c1d2e3 on main; my-app 1.4.1 is live and healthy again.'],
};

const WAIT_BLOCKED: Outcome = {
  ...EMPTY,
  result: 'blocked',
  exitCode: 4,
  outputs: { result: 'blocked', verdict: 'blocked' },
  targets: [
    {
      target: target('argocd/shop-api'),
      verdict: {
        kind: 'blocked',
        phase: 'seen',
        reasons: ['Automatic sync is off and nobody has started a sync of 3f2a91c.'],
        observation: observation('argocd/shop-api', { state: 'blocked', appliedRevision: OLD, applied: 'lacks' }),
      },
      seconds: 2.1,
      timeline: [{ seconds: 0.3, phase: 'seen', state: 'blocked', reason: '' }],
    },
    {
      target: target('argocd/shop-web'),
      verdict: {
        kind: 'superseded',
        phase: 'applied',
        reasons: [`The live revision ${OLD} no longer contains the change.`],
      },
      seconds: 2.2,
      timeline: [],
    },
  ],
  headline: 'Blocked: argocd/shop-api waits for a manual sync.',
  notes: ['Start the sync in Argo CD, or set sync to if-needed.'],
};

/** Everything that a hostile repository or server can put into a report. */
export const HOSTILE_TEXT = [
  'x',
  '::add-mask::1',
  '::set-output name=a::b',
  'foo ##[stop-commands]z #\u00ad#[error]q',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u009b2J',
  '\u202edesrever\u2066 v1\u200b.0 \ud800',
  'section_start:1700000000:own[collapsed=true]\r\u001b[0Khidden',
  '| a `b` ``` <img src=x onerror=alert(1)> [link](javascript:alert(1)) @everyone #12 !34 GH-5 https://evil.example',
].join('\n');

const HOSTILE: Outcome = {
  ...EMPTY,
  result: 'failed',
  exitCode: 1,
  outputs: { result: 'failed', revision: NEW },
  findings: [
    {
      ruleId: 'yaml/syntax',
      severity: 'error',
      path: '::error::\u001b[2Jx,y:z.yaml',
      line: 1,
      column: 1,
      resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: '@everyone', name: HOSTILE_TEXT },
      message: HOSTILE_TEXT,
      hint: HOSTILE_TEXT,
    },
  ],
  edits: [
    {
      path: 'a|b`c.yaml',
      start: 0,
      end: 1,
      replacement: 'x',
      line: 1,
      before: 'app:v1\u202e',
      after: `app@sha256:${'a'.repeat(64)}`,
      place: HOSTILE_TEXT,
    },
  ],
  targets: [
    {
      target: target('##[group]own; section evil: #'),
      verdict: { kind: 'failed', phase: 'syncing', reasons: [HOSTILE_TEXT] },
      seconds: 3,
      timeline: [{ seconds: 0, phase: 'syncing', state: 'failed', reason: HOSTILE_TEXT }],
      diagnosis: {
        target: target('x'),
        sections: [{ title: '::group::own', lines: [HOSTILE_TEXT, '```', '````js'] }],
        hints: ['##[add-mask]a'],
      },
    },
  ],
  headline: '::error::own headline',
  notes: ['/merge', '\t##[endgroup]'],
};

/** By command and name of the golden folder. */
const HISTORY: Outcome = {
  ...EMPTY,
  tables: [
    {
      title: 'Bumps',
      columns: ['WHEN', 'COMMIT', 'CHANGE', 'WHERE', 'WHO', 'SOURCE', 'PIPELINE'],
      rows: [
        [
          '2026-11-24 09:30Z',
          NEW.slice(0, 12),
          'ghcr.io/acme/api 1.4.1 -> 1.4.2',
          'apps/api/deployment.yaml',
          'bot | [x](https://evil.example)',
          'c0ffee1',
          'https://ci.example.com/acme/api/runs/17',
        ],
        ['', '', 'ghcr.io/acme/web 1.0.0 -> 1.0.1', 'apps/web/values.yaml'],
        ['2026-11-23 16:02Z', OLD.slice(0, 12), 'not a bump: it changes more than images', ''],
      ],
      revisions: [NEW, OLD],
    },
  ],
  headline: '1 bump on main of https://git.example.com/acme/config.git in 40 commits',
  notes: ['1 commit with the trailers of a bump did something else.'],
};

export const OUTCOMES: readonly { readonly name: string; readonly command: string; readonly outcome: Outcome }[] = [
  { name: 'validate-findings', command: 'validate', outcome: VALIDATE },
  { name: 'validate-many', command: 'validate', outcome: MANY },
  { name: 'bump-changed', command: 'bump', outcome: BUMP },
  { name: 'deliver-landed', command: 'deliver', outcome: DELIVER },
  { name: 'deliver-failed', command: 'deliver', outcome: DELIVER_FAILED },
  { name: 'wait-blocked', command: 'wait', outcome: WAIT_BLOCKED },
  { name: 'history-table', command: 'history', outcome: HISTORY },
  { name: 'hostile', command: 'deliver', outcome: HOSTILE },
];

export const ERRORS: readonly { readonly name: string; readonly command: string; readonly error: ToolError }[] = [
  {
    name: 'error-input',
    command: 'bump',
    error: new ToolError('input', 'Two inputs of bump are not right.', {
      problems: [
        'images: "My App:1.0" is no image reference: a repository is written in lower case, without spaces.',
        'strategy: "push" is none of commit, pull-request, dry-run.',
      ],
      hint: 'drawbridge bump --help shows every input with an example.',
    }),
  },
  {
    name: 'error-denied',
    command: 'bump',
    error: new ToolError(
      'denied',
      'The push of commit 3f2a91c to main of https://git.example.com/acme/config.git was refused by a hook: only release managers may write to main. Nothing was written.',
      { hint: "Let the token's user push to main, or set strategy to pull-request." },
    ),
  },
];
