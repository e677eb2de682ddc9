import { describe, expect, it } from '@jest/globals';
import { createCelEngine } from '../../../src/validation/cel/engine.ts';
import { isFault } from '../../../src/validation/cel/value.ts';
import { customKinds } from '../../../src/validation/crd-kinds.ts';
import { withDefaults } from '../../../src/validation/policy/defaults.ts';
import { typedValue } from '../../../src/validation/policy/typed-values.ts';
import type { Shape } from '../../../src/validation/shape.ts';
import { type ExpressionVerdict, expressionGroups, readCelVerdicts, readTable } from '../../support/cel-oracle.ts';

const { crd, object } = readTable();
const [kind] = customKinds(crd);
const spec = specOf(kind?.shape ?? 'any');
const node = kind?.rules?.fields?.spec;
const none = () => undefined;
const self = typedValue(withDefaults(object.spec, node, spec, none), spec, none);
const cel = createCelEngine();
const recorded = readCelVerdicts().expressions;

/** Where nothing is said, although the server says something. */
const NOT_EVALUATED: readonly string[] = ["self.text.matches(self.text + '[')"];

function specOf(shape: Shape): Shape {
  return typeof shape === 'object' && 'fields' in shape ? (shape.fields.spec ?? 'any') : 'any';
}

function verdictOn(expression: string): ExpressionVerdict | string {
  const result = cel.compile(expression).run((name) => (name === 'self' ? self : undefined));
  if (isFault(result)) return result.kind === 'failed' ? 'fault' : `not evaluated: ${result.message}`;
  return String(result);
}

describe.each(Object.entries(expressionGroups()))('expressions about %s', (_, expressions) => {
  const known = expressions.filter(
    (expression) => recorded[expression] !== 'refused' && !NOT_EVALUATED.includes(expression),
  );

  it.each(known)('%s is what a real server says', (expression) => {
    expect(verdictOn(expression)).toBe(recorded[expression]);
  });
});

it.each(NOT_EVALUATED)('%s is not evaluated', (expression) => {
  expect(verdictOn(expression)).toMatch(/^not evaluated: /);
});

it('nearly every expression was taken by the server', () => {
  const refused = Object.values(recorded).filter((verdict) => verdict === 'refused');
  expect(Object.keys(recorded).length).toBeGreaterThan(300);
  expect(refused.length).toBeLessThan(10);
});
