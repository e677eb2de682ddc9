import { describe, expect, it } from '@jest/globals';
import { EXIT_CODE_OF_ERROR } from '../../src/errors.ts';
import { COMMAND_NAMES, COMMANDS } from '../../src/inputs/commands.ts';
import type { InputDefinition } from '../../src/inputs/define.ts';
import { INPUTS, inputsOf } from '../../src/inputs/definitions.ts';
import { parseFlags } from '../../src/inputs/flags.ts';
import { camelCase, variableName } from '../../src/inputs/names.ts';
import { EXIT_CODES, OUTPUTS } from '../../src/inputs/outputs.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { readValue } from '../../src/inputs/values.ts';
import { EXIT_CODE } from '../../src/outcome.ts';

const ROWS = Object.entries<InputDefinition>(INPUTS);

describe('the table of inputs', () => {
  it.each(ROWS)('%s is well formed', (name, row) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(row.commands.length).toBeGreaterThan(0);
    expect(row.description).toMatch(/^[A-Z].*\.$/);
    for (const text of Object.values(row.descriptionFor ?? {})) expect(text).toMatch(/^[A-Z].*\.$/);
    expect(readValue(row, row.example)).toMatchObject({ ok: true });
    if (row.default !== undefined) expect(readValue(row, row.default)).toMatchObject({ ok: true });
    expect(row.choices !== undefined).toBe(row.kind === 'choice');
    for (const command of row.required ?? []) expect(row.commands).toContain(command);
    for (const command of row.positional ?? []) expect(row.commands).toContain(command);
  });

  it('makes the first of all choices the default', () => {
    for (const [, row] of ROWS) if (row.choices) expect(row.default).toBe(row.choices[0]);
  });

  it('has no two inputs that become the same key or variable', () => {
    const names = ROWS.map(([name]) => name);
    expect(new Set(names.map(camelCase)).size).toBe(names.length);
    expect(new Set(names.map(variableName)).size).toBe(names.length);
  });

  it('keeps inputs and outputs apart in the environment', () => {
    for (const [name] of ROWS) expect(variableName(name)).not.toMatch(/^DRAWBRIDGE_OUT_/);
  });

  it.each(COMMAND_NAMES)('has an example for %s that parses', (command) => {
    const [program, ...argv] = COMMANDS[command].example.split(' ');
    const parsed = parseFlags(argv);
    expect([program, parsed.command]).toEqual(['drawbridge', command]);
    expect(parseInputs(command, { ...parsed, env: {} })).toHaveProperty('format', 'text');
  });

  it('gives deliver what bump and wait take, and what validate takes; it makes its revision and finds its files itself', () => {
    const names = (command: (typeof COMMAND_NAMES)[number]) => inputsOf(command).map(({ name }) => name);
    const wanted = new Set([...names('bump'), ...names('wait'), ...names('validate'), 'on-failure']);
    const own = ['revision', 'paths', 'allow-empty', 'wait-for-merge', 'changed-since', 'baseline', 'write-baseline'];
    // What kubectl has applied is waited for by `wait` alone.
    own.push('manifests', 'selector');
    for (const name of own) wanted.delete(name);
    expect(new Set(names('deliver'))).toEqual(wanted);
  });
});

describe('the tables of outputs and exit codes', () => {
  it('describes each output', () => {
    for (const [name, { description }] of Object.entries(OUTPUTS)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(description).toMatch(/\.$/);
    }
  });

  it('tells every exit code that there is, once', () => {
    const real = new Set([...Object.values(EXIT_CODE), ...Object.values(EXIT_CODE_OF_ERROR)]);
    expect(EXIT_CODES.map(({ code }) => code)).toEqual([...real].sort((a, b) => a - b));
  });
});
