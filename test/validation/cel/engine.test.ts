import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCelEngine } from '../../../src/validation/cel/engine.ts';
import { writeOptionalsAsCalls } from '../../../src/validation/cel/optional-syntax.ts';
import { Fault, isFault, type Result, type Value } from '../../../src/validation/cel/value.ts';
import { dynamicValue } from '../../../src/validation/policy/typed-values.ts';
import { expressionGroups } from '../../support/cel-oracle.ts';

function run(expression: string, self: unknown = null): Result {
  const value: Value = dynamicValue(self);
  return createCelEngine()
    .compile(expression)
    .run((name) => (name === 'self' ? value : undefined));
}

function reasonOf(result: Result): string {
  return isFault(result) ? `${result.kind}: ${result.message}` : `value: ${String(result)}`;
}

describe('an expression', () => {
  it.each([
    ['a name that nobody knows', 'other.field == 1', 'unsupported: other is not known'],
    ['a function that nobody knows', 'nowhere(1)', 'unsupported: the function nowhere() is not known'],
    ['a method that nobody knows', "'a'.nowhere()", 'unsupported: the function nowhere() is not known'],
    ['an unsigned integer', '1u == 1u', 'unsupported: unsigned integers are not supported'],
    ['a message', 'Thing{a: 1}', 'unsupported: the type Thing is not known'],
    ['an optional item', '[?self.a]', 'unsupported: the expression cannot be read'],
    [
      'a time zone by name',
      "timestamp('2024-01-01T00:00:00Z').getHours('Europe/Berlin')",
      'unsupported: the time zone',
    ],
    ['a lazy pattern', "'aa'.find('a+?')", 'unsupported: the pattern "a+?" is not supported'],
    ['text that is no CEL', 'self ==', 'unsupported: the expression cannot be read (1:'],
    ['nothing', '', 'unsupported: the expression cannot be read'],
    ['a key that is not there', 'self.b', 'failed: no such key: b'],
    ['types that do not fit', "1 + 'a'", 'failed: no such overload: _+_(int, string)'],
    ['a macro on a number', 'self.a.all(x, x)', 'failed: no such overload: a macro on a int'],
    ['a macro with two variables on text', "'ab'.all(i, v, true)", 'failed: no such overload: a macro on a string'],
  ])('with %s says so', (_, expression, reason) => {
    expect(reasonOf(run(expression, { a: 1 })).slice(0, reason.length)).toBe(reason);
  });

  it('goes on where the other side decides, and is unsupported where both sides are faults of either kind', () => {
    expect(run('other || true')).toBe(true);
    expect(run('false && other')).toBe(false);
    expect(reasonOf(run('self.x || other', {}))).toBe('unsupported: other is not known');
    expect(reasonOf(run('self.x && self.y', {}))).toBe('failed: no such key: x');
  });

  it('is compiled once, and tells the names that it uses', () => {
    const cel = createCelEngine();
    expect(cel.compile('self.a')).toBe(cel.compile('self.a'));
    expect(cel.compile('self.a == oldSelf.a && [1].all(x, x > 0)').names).toEqual(
      new Set(['self', 'oldSelf', 'x', '@result']),
    );
  });

  it('has macros with two variables', () => {
    expect(run("{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 10) == {'b': 20}")).toBe(true);
    expect(run("['a', 'b'].transformList(i, v, i > 0, v) == ['b']")).toBe(true);
    expect(run('[1, 2, 3].existsOne(i, v, v == i + 1)')).toBe(false);
    expect(run('[1, 2, 3].exists(i, v, v / i == 2 && i == 1)')).toBe(true);
  });
});

describe('optional selection', () => {
  it.each([
    ['a.?b', 'a.optionalField__("b")'],
    ['a.?b.?c.orValue(1)', 'a.optionalField__("b").optionalField__("c").orValue(1)'],
    ["a[?'x']", "a.optionalIndex__('x')"],
    ['a[?b[0]][1]', 'a.optionalIndex__(b[0])[1]'],
    ['a[\'.?b\'] + "[?x]"', 'a[\'.?b\'] + "[?x]"'],
    ['a ? [b] : [c]', 'a ? [b] : [c]'],
    ["r'.?\\' + a.?b // .?c", 'r\'.?\\\' + a.optionalField__("b") // .?c'],
  ])('%s is written as a call', (text, written) => {
    expect(writeOptionalsAsCalls(text)).toBe(written);
  });
});

describe('work is bounded', () => {
  const many = { list: Array.from({ length: 2_000 }, (_, index) => `item-${index}`), text: 'x'.repeat(500_000) };

  it.each([
    ['nested macros', 'self.list.all(a, self.list.all(b, self.list.all(c, a != b || b != c)))'],
    ['nested macros with two variables', 'self.list.all(i, a, self.list.all(j, b, self.list.all(k, c, true)))'],
    ['macros over long text', 'self.list.all(a, !self.text.contains(a))'],
    ['comparisons of long text', "self.list.all(a, self.text + a != self.text + 'y')"],
    ['text that grows', `self.text${'.replace("x", "xxxxxxxxxxxxxxxxxxxx")'.repeat(6)} == ''`],
    ['lists that grow', `self.list${'.map(a, self.list).flatten()'.repeat(6)}.size() > 0`],
    ['long ranges', 'lists.range(100000000).size() > 0'],
    ['joins of long text', 'self.list.map(a, self.text).join().size() > 0'],
    ['equality of large lists', 'self.list.all(a, self.list == self.list.map(b, b))'],
    ['large numbers', 'quantity("1e999999999").isGreaterThan(quantity("1e-999999999"))'],
    ['patterns that repeat', `self.text.matches('${'(x*)*'.repeat(20)}y')`],
    ['patterns that are searched', `self.text.findAll('${'(x|xx)*'.repeat(20)}y').size() > 0`],
    ['parentheses', `${'('.repeat(3_000)}true${')'.repeat(3_000)}`],
    ['long expressions', Array.from({ length: 4_000 }, () => 'true').join(' && ')],
  ])('for %s', (_, expression) => {
    const start = performance.now();
    const result = run(expression, many);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(isFault(result) ? result.kind : typeof result).toMatch(/^(unsupported|boolean)$/);
  });

  it('for all expressions of a run together', () => {
    const cel = createCelEngine(2_500_000);
    const slow = cel.compile('self.all(a, self.all(b, self.all(c, true)))');
    const list: Value = Array.from({ length: 300 }, (_, index) => BigInt(index));
    const reasons = Array.from({ length: 4 }, () => reasonOf(slow.run(() => list)));
    expect(reasons[0]).toBe('unsupported: it takes more work than one rule is allowed');
    expect(reasons.at(-1)).toBe('unsupported: all rules together take more work than is allowed');
  });
});

describe('whatever comes', () => {
  const parts = Object.values(expressionGroups()).flat();
  const tokens = [...new Set(parts.flatMap((text) => text.match(/\w+|'[^']*'|[^\s\w]/g) ?? []))];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...tokens), { maxLength: 25 }).map((words) => words.join(' ')),
    fc
      .tuple(
        fc.constantFrom(...parts),
        fc.constantFrom('&&', '||', '==', '+', '?', '.', '['),
        fc.constantFrom(...parts),
      )
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc.string({ maxLength: 60 }),
  );

  it('an expression ends in a value or a fault, and never throws', () => {
    fc.assert(
      fc.property(texts, fc.jsonValue({ maxDepth: 4 }), (text, self) => {
        const result = run(text, self);
        expect(result instanceof Fault || result !== undefined).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  it('a known expression over any object ends in a value or a fault', () => {
    const key = fc.constantFrom(
      'text',
      'count',
      'ratio',
      'names',
      'labels',
      'parts',
      'when',
      'wait',
      'port',
      'nested',
      'x',
    );
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.bigInt());
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.dictionary(key, value), (text, self) => {
        const result = run(text, self);
        expect(result === undefined || result instanceof Error).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });
});
