import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COMMAND_NAMES, type CommandName, PIPELINE_COMMANDS } from '../../src/inputs/commands.ts';
import type { InputDefinition } from '../../src/inputs/define.ts';
import { inputsOf } from '../../src/inputs/definitions.ts';
import { parseFlags } from '../../src/inputs/flags.ts';
import { actionVariableName, variableName } from '../../src/inputs/names.ts';
import { actionInputs, parseInputs } from '../../src/inputs/parse.ts';
import { renderComponent } from '../../src/inputs/render-component.ts';
import { accepts, interpolate, readComponent } from '../support/component.ts';

/** Raw values by input, as a person means them: one text, or the items of a list. */
type Raw = Readonly<Record<string, string | readonly string[]>>;

/** The dotenv file is left out, and so are the reports of validate: a component chooses these by itself. */
const wantedInputs = (command: CommandName) =>
  inputsOf(command).filter(({ name }) => name !== 'output' && !(name === 'reports' && command === 'validate'));

const WORD = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/:@*=!-]{0,12}$/);

const REPORTS = ['sarif=a/b.sarif', 'json=out.json', 'comment=body.md', 'tap=./x=y.tap'];

function rawValue(name: string, definition: InputDefinition): fc.Arbitrary<string | readonly string[]> {
  switch (definition.kind) {
    case 'list':
      if (name === 'reports') return fc.subarray(REPORTS, { minLength: 1 });
      if (name === 'render') return fc.subarray(['kustomize', 'helm', 'flux'], { minLength: 1 });
      return fc.array(WORD, { minLength: 1, maxLength: 4 });
    case 'boolean':
      return fc.constantFrom('true', 'false');
    case 'choice':
      return fc.constantFrom(...(definition.choices ?? []));
    case 'duration':
      return fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99)).map(([h, m, s]) => `${h}h${m}m${s}s`);
    case 'integer':
      return fc.nat(9999).map(String);
    case 'string':
      if (name === 'kubernetes-version') return fc.constantFrom('1.34', 'v1.33.2,1.34', '1.31 1.32');
      // What GitLab takes for one.
      if (name === 'environment') return fc.constantFrom('production', 'eu-west/shop 1', 'review/1.2_x');
      return fc.array(WORD, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
  }
}

function rawValues(command: CommandName): fc.Arbitrary<Raw> {
  const inputs = wantedInputs(command);
  const required = inputs.filter(({ definition }) => definition.required?.includes(command)).map(({ name }) => name);
  const model = Object.fromEntries(inputs.map(({ name, definition }) => [name, rawValue(name, definition)]));
  return fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Raw>;
}

const isSecret = (command: CommandName, name: string) =>
  inputsOf(command).some((input) => input.name === name && input.definition.secret);

function secrets(command: CommandName, raw: Raw): Readonly<Record<string, string>> {
  const entries = Object.entries(raw).filter(([name]) => isSecret(command, name));
  return Object.fromEntries(entries.map(([name, text]) => [variableName(name), String(text)]));
}

function fromCommandLine(command: CommandName, raw: Raw): unknown {
  const flags = Object.entries(raw)
    .filter(([name]) => !isSecret(command, name))
    .flatMap(([name, value]) => [value].flat().map((text) => `--${name}=${text}`));
  return parseInputs(command, { ...parseFlags([command, ...flags]), env: secrets(command, raw) });
}

function fromAction(command: CommandName, raw: Raw): unknown {
  const declared = Object.fromEntries(inputsOf().map(({ name }) => [actionVariableName(name), '']));
  const given = Object.entries(raw).map(([name, value]) => [actionVariableName(name), [value].flat().join('\n')]);
  const env = { ...declared, ...Object.fromEntries(given), INPUT_COMMAND: command };
  return parseInputs(command, { flags: {}, action: actionInputs(env), env });
}

function fromComponent(command: CommandName, raw: Raw): unknown {
  const component = readComponent(renderComponent(command, '1.2.3'));
  const values: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(raw).filter(([key]) => !isSecret(command, key))) {
    const input = component.inputs[name];
    const text = [value].flat().join('\n');
    values[name] = input?.type === 'boolean' ? text === 'true' : text;
    if (!input || !accepts(input, values[name])) throw new Error(`the component refuses ${name}: ${text}`);
  }
  const [job] = Object.values(interpolate(component, values));
  return parseInputs(command, { flags: {}, env: { ...job?.variables, ...secrets(command, raw) } });
}

/** The values without the reports that the component of validate adds. */
function withoutOwn(command: CommandName, values: unknown): unknown {
  const { reports, ...others } = values as Readonly<Record<string, unknown>>;
  return command === 'validate' ? others : { ...others, reports };
}

describe('the same values through every front end', () => {
  it.each(COMMAND_NAMES)('are the same to %s from the command line, the Action and the component', (command) => {
    const hasComponent = PIPELINE_COMMANDS.some((name) => name === command);
    fc.assert(
      fc.property(rawValues(command), (raw) => {
        const values = fromCommandLine(command, raw);
        expect(fromAction(command, raw)).toEqual(values);
        if (hasComponent) expect(withoutOwn(command, fromComponent(command, raw))).toEqual(withoutOwn(command, values));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same when none but the required ones are given', () => {
    const raw = { revision: 'abc', 'argocd-server': 'argocd.example.com' };
    const values = fromCommandLine('wait', raw);
    expect(values).toMatchObject({ revision: 'abc', timeout: 600_000, refresh: true });
    expect(fromAction('wait', raw)).toEqual(values);
    expect(fromComponent('wait', raw)).toEqual(values);
  });
});
