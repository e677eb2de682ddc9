import type { CommandName } from './commands.ts';
import type { InputDefinition, ValuesOf } from './define.ts';
import { CHECKING } from './groups/checking.ts';
import { ACCESS, COMMON } from './groups/common.ts';
import { DEMO } from './groups/demo.ts';
import { REQUESTING } from './groups/requesting.ts';
import { WAITING } from './groups/waiting.ts';
import { WRITING } from './groups/writing.ts';

/** The inputs in the order and under the headings in which help and documentation show them. */
const GROUPS = [
  { title: 'What is written', inputs: WRITING },
  { title: 'The request', inputs: REQUESTING },
  { title: 'What is checked', inputs: CHECKING },
  { title: 'What is waited for', inputs: WAITING },
  { title: 'The demo', inputs: DEMO },
  { title: 'Access', inputs: ACCESS },
  { title: 'Every command', inputs: COMMON },
] as const;

/**
 * The one table of inputs. The types of values, the flags, the Action's and the components' inputs, the help and the
 * documentation all come from it; after a change run `npm run generate`.
 */
export const INPUTS = { ...WRITING, ...REQUESTING, ...CHECKING, ...WAITING, ...DEMO, ...ACCESS, ...COMMON } as const;

export type InputName = keyof typeof INPUTS;

/** What a command gets: see `ValuesOf`. */
export type InputValues<C extends CommandName> = ValuesOf<typeof INPUTS, C>;

/** A row of the table together with its name. */
export interface NamedInput {
  readonly name: string;
  readonly definition: InputDefinition;
}

export interface InputGroup {
  readonly title: string;
  readonly inputs: readonly NamedInput[];
}

/** The inputs of a command by group, without empty groups; of all commands when none is named. */
export function inputGroups(command?: CommandName): readonly InputGroup[] {
  return GROUPS.map(({ title, inputs }) => ({
    title,
    inputs: named(inputs).filter((input) => takes(input, command)),
  })).filter(({ inputs }) => inputs.length > 0);
}

/** The inputs of a command in the order of the table; of all commands when none is named. */
export function inputsOf(command?: CommandName): readonly NamedInput[] {
  return inputGroups(command).flatMap(({ inputs }) => inputs);
}

/** The row of that name, whatever command it belongs to. */
export function findInput(name: string): NamedInput | undefined {
  if (!Object.hasOwn(INPUTS, name)) return undefined;
  return { name, definition: INPUTS[name as InputName] };
}

function named(inputs: Readonly<Record<string, InputDefinition>>): readonly NamedInput[] {
  return Object.entries(inputs).map(([name, definition]) => ({ name, definition }));
}

function takes({ definition }: NamedInput, command: CommandName | undefined): boolean {
  return command === undefined || definition.commands.includes(command);
}
