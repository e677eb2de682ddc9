import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Phase, TargetState, VerdictKind } from '../../src/engines/delivery-engine.ts';
import { type ErrorCode, EXIT_CODE_OF_ERROR, ToolError } from '../../src/errors.ts';
import type { Outcome, Result } from '../../src/outcome.ts';
import { renderJson } from '../../src/reporting/json.ts';
import { type Schema, violations } from '../support/json-schema.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';
import { EMPTY, ERRORS, HOSTILE_TEXT, OUTCOMES, observation, target } from './outcomes.ts';

const SCHEMA = JSON.parse(readFileSync(new URL('../../docs/outcome.schema.json', import.meta.url), 'utf8')) as Schema;

function documentOf(command: string, outcome: Outcome | ToolError): Record<string, unknown> {
  return JSON.parse(renderJson(command, outcome, '1.0.0')) as Record<string, unknown>;
}

/** Every name of a union, by the compiler's word. */
function names<T extends string>(all: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(all) as T[];
}

const STATES = names<TargetState>({
  absent: true,
  forbidden: true,
  unreachable: true,
  blocked: true,
  unseen: true,
  pending: true,
  syncing: true,
  progressing: true,
  healthy: true,
  suspended: true,
  degraded: true,
  failed: true,
});
const VERDICTS = names<VerdictKind>({
  landed: true,
  waiting: true,
  failed: true,
  superseded: true,
  blocked: true,
  timedOut: true,
  unreachable: true,
});
const PHASES = names<Phase>({
  resolve: true,
  unseen: true,
  seen: true,
  syncing: true,
  applied: true,
  rolling: true,
  settling: true,
});
const RESULTS = names<Result>({
  ok: true,
  failed: true,
  superseded: true,
  blocked: true,
  'timed-out': true,
  unreachable: true,
  cancelled: true,
  error: true,
});

describe('the JSON document', () => {
  it.each(OUTCOMES)('of $name fits the schema', ({ command, outcome }) => {
    expect(violations(SCHEMA, documentOf(command, outcome))).toEqual([]);
  });

  it.each(ERRORS)('of $name fits the schema', ({ command, error }) => {
    expect(violations(SCHEMA, documentOf(command, error))).toEqual([]);
  });

  it('has the schema know every result, verdict, state and phase', () => {
    const outcomes = RESULTS.flatMap((result) =>
      VERDICTS.map((kind): Outcome => {
        const targets = STATES.flatMap((state) =>
          PHASES.map((phase) => ({
            target: target('a'),
            verdict: { kind, phase, reasons: [], observation: observation('a', { state }) },
            seconds: 1,
            timeline: [],
          })),
        );
        return { ...EMPTY, result, targets };
      }),
    );
    expect(outcomes.flatMap((outcome) => violations(SCHEMA, documentOf('wait', outcome)))).toEqual([]);
  });

  it('has exactly the promised members, in their order', () => {
    const members = ['tool', 'version', 'command', 'result', 'exitCode', 'outputs', 'findings', 'edits', 'targets'];
    expect(Object.keys(documentOf('bump', EMPTY))).toEqual(members);
    expect(Object.keys(documentOf('bump', new ToolError('io', 'x')))).toEqual([...members, 'error']);
  });

  it.each(Object.entries(EXIT_CODE_OF_ERROR))('tells the error %s with its exit code', (code, exitCode) => {
    const error = new ToolError(code as ErrorCode, 'It broke.', { hint: 'Mend it.', problems: ['here'] });
    const document = documentOf('bump', error);
    expect(violations(SCHEMA, document)).toEqual([]);
    expect(document).toMatchObject({
      exitCode,
      error: { code, message: 'It broke.', problems: ['here'], hint: 'Mend it.' },
    });
  });

  it.each([
    ['deadline', 'timed-out'],
    ['interrupted', 'cancelled'],
    ['terminated', 'cancelled'],
    ['denied', 'error'],
  ] as const)('calls the error %s %s', (code, result) => {
    expect(documentOf('wait', new ToolError(code, 'x'))).toMatchObject({ result, outputs: { result } });
  });

  it('keeps every value as it is, whatever is in it, and holds no command for a log', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(HOSTILE_TEXT, '\u0600\u06dd\ufff9', '#\u0301[')),
        (text) => {
          const json = renderJson('bump', { ...EMPTY, outputs: { result: 'ok', branch: `##[${text}` } }, '1.0.0');
          expect(JSON.parse(json)).toMatchObject({ outputs: { branch: `##[${text}` } });
          expect(runnerCommands(json, ANY_COMMAND)).toEqual([]);
          expect(json).toMatch(/^[^\p{Cf}\x00-\x09\x0b-\x1f\x7f-\x9f]*$/u);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('the schema', () => {
  const valid = documentOf('validate', OUTCOMES[0]?.outcome ?? EMPTY);
  it.each([
    ['an unknown member', { ...valid, extra: 1 }],
    ['another tool', { ...valid, tool: 'other' }],
    ['an unknown result', { ...valid, result: 'fine' }],
    ['outputs that are no strings', { ...valid, outputs: { changed: true } }],
    ['a finding without a rule', { ...valid, findings: [{ severity: 'error' }] }],
    ['a line before the first', { ...valid, findings: [{ ...(valid.findings as object[])[0], line: 0 }] }],
    ['a fractional exit code', { ...valid, exitCode: 1.5 }],
  ])('refuses %s', (_what, document) => {
    expect(violations(SCHEMA, document)).not.toEqual([]);
  });
});
