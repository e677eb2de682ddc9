import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { COMMAND_NAMES } from '../../src/inputs/commands.ts';
import { INPUTS } from '../../src/inputs/definitions.ts';
import { parseFlags } from '../../src/inputs/flags.ts';
import { variableName } from '../../src/inputs/names.ts';
import { nearest } from '../../src/inputs/nearest.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { readValue } from '../../src/inputs/values.ts';
import { wrap, yamlQuoted } from '../../src/inputs/wording.ts';

const NAMES = Object.keys(INPUTS);
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('true', '10m', '', '-', '--', 'a:1', '__proto__', '\u202e'),
);
const name = fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom('constructor', '__proto__', 'no-strict'), fc.string());
const argument = fc.oneof(
  text,
  name.map((word) => `--${word}`),
  fc.tuple(name, text).map(([word, value]) => `--${word}=${value}`),
);
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

describe('any command line and any environment', () => {
  it('ends in values that hold no control character, or in one ToolError that is printable', () => {
    const env = fc.dictionary(fc.constantFrom(...NAMES.map(variableName)), text);
    let parsed = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...COMMAND_NAMES),
        fc.array(argument, { maxLength: 5 }),
        env,
        (command, argv, variables) => {
          const flags = parseFlags([command, ...argv]);
          try {
            const values = parseInputs(command, { ...flags, env: variables });
            parsed++;
            for (const value of Object.values(values).flat())
              if (typeof value === 'string') expect(value).not.toMatch(CONTROL);
          } catch (error) {
            if (!(error instanceof ToolError)) throw error;
            expect(error.code).toBe('input');
            expect(error.problems.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(parsed).toBeGreaterThan(20);
  });

  it('never loses an argument without saying so', () => {
    const plain = fc.stringMatching(/^[a-z][a-z0-9/.]{0,8}$/);
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1 }), (paths) => {
        expect(parseFlags(['validate', '--strict', ...paths])).toMatchObject({ positionals: paths, problems: [] });
      }),
    );
  });
});

describe('readValue', () => {
  it('reads every duration back that it is given in seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 604_800 }), (seconds) => {
        const written = `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
        expect(readValue(INPUTS.timeout, written)).toEqual({ ok: true, value: seconds * 1000 });
        expect(readValue(INPUTS.timeout, `${seconds}s`)).toEqual({ ok: true, value: seconds * 1000 });
      }),
    );
  });
});

describe('nearest', () => {
  it.each([
    ['imges', 'images'],
    ['iamges', 'images'],
    ['image', 'images'],
    ['config-repo', undefined],
    ['conflict-timeuot', 'conflict-timeout'],
    ['IMAGES', 'images'],
    ['zzz', undefined],
    ['', undefined],
  ])('takes %j for %j', (word, meant) => {
    expect(nearest(word, NAMES)).toBe(meant);
  });

  it('finds a name that lacks one letter', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES.filter((candidate) => candidate.length > 4)), fc.nat(), (candidate, at) => {
        const index = at % candidate.length;
        expect(nearest(candidate.slice(0, index) + candidate.slice(index + 1), [candidate])).toBe(candidate);
      }),
    );
  });
});

describe('the text helpers of the renderers', () => {
  it('wrap keeps every word and the width', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,10}$/)), fc.integer({ min: 10, max: 40 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('yamlQuoted writes one line that reads back', async () => {
    const { parse } = await import('yaml');
    fc.assert(fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (line) => expect(parse(yamlQuoted(line))).toBe(line)));
  });
});
