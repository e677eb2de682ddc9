import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { parseDocument, type Scalar } from 'yaml';
import { printScalar, readScalar, type ScalarStyle, typedLike } from '../../src/editing/scalar-text.ts';

const STYLES: readonly (ScalarStyle['type'] & string)[] = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'];

describe('printScalar', () => {
  it.each<[string, string, string]>([
    ['PLAIN', 'v1.2.3', 'v1.2.3'],
    ['PLAIN', '1.10', '"1.10"'],
    ['PLAIN', 'a: b', '"a: b"'],
    ['PLAIN', '', '""'],
    ['PLAIN', 'e1234567', '"e1234567"'],
    ['PLAIN', '-x', '"-x"'],
    ['PLAIN', 'a #b', '"a #b"'],
    ['QUOTE_SINGLE', "it's", "'it''s'"],
    ['QUOTE_SINGLE', 'a\nb', '"a\\nb"'],
    ['QUOTE_DOUBLE', 'a"b\\', '"a\\"b\\\\"'],
    ['QUOTE_DOUBLE', '\u2028\u0085', '"\\u2028\\u0085"'],
  ])('%s %j', (type, value, text) => {
    expect(printScalar(value, { type: type as ScalarStyle['type'], taggedString: false, json: false })).toBe(text);
  });

  it('reads back as the same string for three readers, in block and in flow', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.stringMatching(/^[0-9+\-._xobeE:~yn]{0,10}$/),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(...STYLES), fc.boolean(), (text, type, flow) => {
        const printed = printScalar(text, { type, taggedString: false, json: false });
        const document = flow ? `{k: ${printed}, l: 1}\n` : `k: ${printed} # c\n`;
        const readers = [
          parseDocument(document, { version: '1.1' }).toJS(),
          parseDocument(document).toJS(),
          load(document),
        ];
        for (const read of readers) expect((read as { k: unknown }).k).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readScalar', () => {
  it.each([
    ['1.10', '1.1'],
    ['012', '10'],
    ['1e3', '1000'],
    ['yes', 'true'],
    ['2026-08-21', '2026-08-21'],
    ['"1.10"', '1.10'],
    ['!!str 1.10', '1.10'],
    ['~', ''],
    ['', ''],
    ['99999999999999999999', '99999999999999999999'],
    ['v1', 'v1'],
  ])('reads %j as the cluster does: %j', (source, text) => {
    const { contents } = parseDocument(`k: ${source}`);
    expect(readScalar((contents as unknown as { items: { value: Scalar }[] }).items[0]?.value as Scalar)).toBe(text);
  });
});

describe('typedLike', () => {
  const scalarOf = (text: string) => parseDocument(text).contents as Scalar;
  const numbers = fc.oneof(fc.integer().map(String), fc.double().map(String), fc.stringMatching(/^-?[0-9_.e+x]{1,8}$/));

  it('takes a number for a number only where every reader reads exactly what is written', () => {
    fc.assert(
      fc.property(numbers, (text) => {
        const value = typedLike(scalarOf('2'), text);
        if (value === undefined) return;
        expect([String(value), load(text), parseDocument(text, { version: '1.1' }).toJS()]).toEqual([
          text,
          value,
          value,
        ]);
      }),
    );
  });

  it.each([
    ['2', '5', 5],
    ['0.5', '0.75', 0.75],
    ['true', 'false', false],
    ['2', '1.10', undefined],
    ['2', '010', undefined],
    ['2', 'true', undefined],
    ['true', '1', undefined],
    ['yes', 'true', undefined],
    ['"2"', '5', undefined],
    ['!!str 2', '5', undefined],
    ['two', '5', undefined],
    ['2', '', undefined],
  ])('of %s, %j is %j', (old, text, value) => {
    expect(typedLike(scalarOf(old), text)).toBe(value);
  });
});
