import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate } from '../../src/rendering/envsubst.ts';

const VALUES: Readonly<Record<string, string>> = {
  FILE: 'path/to/file.tar.gz',
  EMPTY: '',
  WORDS: 'Hello World',
  ONE: '1',
};

function expand(text: string): string | readonly string[] {
  const result = evaluate(text, (name) => (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined));
  if ('problem' in result) return `problem at ${result.offset}: ${result.problem}`;
  return result.unset.length > 0 ? result.unset : result.text;
}

/** What github.com/fluxcd/pkg/envsubst v1.7.0 makes of each of them. */
describe('variables as Flux reads them', () => {
  it.each([
    ['nothing to replace', 'nothing to replace'],
    ['costs $5, $ONE and $(ONE)', 'costs $5, $ONE and $(ONE)'],
    ['${ONE}-${ONE}', '1-1'],
    ['$${ONE}', '${ONE}'],
    ['$$${ONE}', '$1'],
    ['$$ONE', '$ONE'],
    ['${NONE:=default}', 'default'],
    ['${NONE:-de fault}', 'de fault'],
    ['${NONE=default}', 'default'],
    ['${EMPTY:=default}', 'default'],
    ['${ONE:=default}', '1'],
    ['${NONE:=}', ''],
    ['${NONE:=${ONE}-${WORDS}}', '1-Hello World'],
    ['${NONE:+set}', 'set'],
    ['${ONE:?needed}', '1'],
    ['${#WORDS}', '11'],
    ['${WORDS^^}', 'HELLO WORLD'],
    ['${WORDS,,}', 'hello world'],
    ['${WORDS,}', 'hello World'],
    ['${WORDS:6}', 'World'],
    ['${WORDS:0:4}', 'Hell'],
    ['${WORDS:-5}', 'Hello World'],
    ['${WORDS:20}', ''],
    ['${FILE#*/}', 'to/file.tar.gz'],
    ['${FILE##*/}', 'file.tar.gz'],
    ['${FILE%.*}', 'path/to/file.tar'],
    ['${FILE%%.*}', 'path/to/file'],
    ['${FILE##[a-p]*/}', 'file.tar.gz'],
    ['${FILE/to/from}', 'path/from/file.tar.gz'],
    ['${FILE//\\//-}', 'path-to-file.tar.gz'],
    ['${FILE/#path/way}', 'way/to/file.tar.gz'],
    ['${FILE/%gz/xz}', 'path/to/file.tar.xz'],
    ['${FILE/.gz/}', 'path/to/file.tar'],
  ])('%s is %s', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  it.each([
    ['${NONE}', ['NONE']],
    ['${#NONE} ${NONE^^} ${OTHER/a/b}', ['NONE', 'OTHER']],
    ['${ONE:=${NONE}}', ['NONE']],
  ])('%s lacks %j', (text, unset) => {
    expect(expand(text)).toEqual(unset);
  });

  it.each([
    ['a ${ONE', 'problem at 2: ${ONE has no closing brace where one must be'],
    ['${ONE-default}', 'problem at 0: ${ONE has no closing brace where one must be'],
    ['${ }', 'problem at 0: no name follows ${'],
    ['${ONE/a', 'problem at 0: a second / is missing'],
    ['${ONE:}', 'problem at 0: an argument is missing'],
  ])('%s is %s', (text, problem) => {
    expect(expand(text)).toBe(problem);
  });

  it('takes a stopgap for what is not set, unless there is a default', () => {
    const result = evaluate('${NONE} ${NONE:=default} ${ONE}', (name) => VALUES[name], '?');
    expect(result).toEqual({ text: '? default 1', unset: [] });
  });

  it('never throws, and leaves text without a dollar alone', () => {
    const piece = fc.constantFrom(
      '${',
      '}',
      '$',
      'ONE',
      'NONE',
      ':',
      '=',
      '-',
      '/',
      '#',
      '%',
      '*',
      '[a',
      ']',
      '\\',
      '^',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const result = expand(text);
        if (!text.includes('$')) expect(result).toBe(text);
      }),
    );
  });

  it('takes no time for a pattern of many stars', () => {
    const result = evaluate(`\${V##${'*a'.repeat(200)}b}`, () => 'a'.repeat(2_000));
    expect('text' in result && result.text.length).toBe(2_000);
  });
});
