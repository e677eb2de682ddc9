import fc from 'fast-check';
import type { Outcome } from '../../src/outcome.ts';
import type { ReportInput } from '../../src/reporting/registry.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { EMPTY, ERRORS, HOSTILE_TEXT, OUTCOMES } from './outcomes.ts';

export const API = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' };
export const FINDING: Finding = {
  ruleId: 'schema/type',
  severity: 'error',
  path: 'apps/api.yaml',
  line: 7,
  column: 3,
  endLine: 7,
  endColumn: 9,
  resource: API,
  pointer: '/spec/replicas',
  message: 'It is wrong.',
};

export function input(parts: Partial<Outcome> = {}, more: Partial<ReportInput> = {}): ReportInput {
  return { command: 'validate', version: '1.2.3', outcome: { ...EMPTY, ...parts }, ...more };
}

export function withFindings(...findings: readonly Partial<Finding>[]): ReportInput {
  return input({ findings: findings.map((parts) => ({ ...FINDING, ...parts })) });
}

export const ALL = [
  ...OUTCOMES.map(({ name, command, outcome }) => ({ name, command, outcome })),
  ...ERRORS.map(({ name, command, error }) => ({ name, command, outcome: error })),
].map((run) => ({ ...run, version: '1.2.3' }));

/** Any text where a repository can put text, and places as they come. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    HOSTILE_TEXT,
    ']]>',
    '<![CDATA[',
    '&#0;',
    'a & b &lt; c',
    '--> <!--',
    '</details>',
    '\n...\n',
    '# TODO',
    '](x)',
    '../..',
    ' ',
  ),
);
const hostileFinding: fc.Arbitrary<Finding> = fc.record(
  {
    ruleId: fc.constantFrom('schema/type', 'yaml/syntax', 'own/rule'),
    severity: fc.constantFrom('error', 'warning', 'info'),
    path: hostileText,
    line: fc.integer({ min: 1, max: 99 }),
    column: fc.integer({ min: 1, max: 99 }),
    resource: fc.record(
      { apiVersion: hostileText, kind: hostileText, name: hostileText },
      { requiredKeys: ['apiVersion', 'kind'] },
    ),
    pointer: hostileText,
    message: hostileText,
    hint: hostileText,
  },
  { requiredKeys: ['ruleId', 'severity', 'path', 'line', 'column', 'message'] },
);
export const hostileRun = fc
  .record({
    findings: fc.array(hostileFinding, { maxLength: 30 }),
    skipped: fc.array(hostileText, { maxLength: 3 }),
    headline: hostileText,
  })
  .map(({ findings, skipped, headline }) =>
    input({
      findings,
      headline,
      checked: skipped.map((reason, index) => ({ path: `${reason}.yaml`, document: index + 1, line: 1, reason })),
    }),
  );

/** Two objects, a document that is none, and an object without a schema. */
export const CHECKED: NonNullable<Outcome['checked']> = [
  { path: 'apps/api.yaml', line: 1, resource: API },
  { path: 'apps/api.yaml', line: 20, resource: { ...API, kind: 'Service' } },
  { path: 'apps/kustomization.yaml', line: 1, document: 1, reason: 'kustomization' },
  { path: 'apps/rollout.yaml', line: 4, document: 1, reason: 'no schema', resource: { ...API, kind: 'Rollout' } },
];
