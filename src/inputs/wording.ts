import type { CommandName } from './commands.ts';
import { COMMAND_NAMES } from './commands.ts';
import type { InputDefinition } from './define.ts';
import { enumerate } from './names.ts';

/** What stands above every rendered file. */
export const RENDERED_NOTE = 'Rendered from src/inputs by "npm run generate". Do not edit.';

/** What the input means to the command, or to all of them. */
export function describe(definition: InputDefinition, command?: CommandName): string {
  return (command && definition.descriptionFor?.[command]) ?? definition.description;
}

/** What happens without a value, as a sentence; empty where nothing does. */
export function defaultSentence(definition: InputDefinition, command?: CommandName): string {
  const { required, requiredUnless, requiredWhen, variables = [] } = definition;
  const variable = variables.length === 0 ? '' : `the variable ${enumerate(variables, 'or')}`;
  const standIn = requiredUnless ?? variable;
  const [fallback] = [definition.default, unsetText(definition, command), variable].filter(Boolean);
  if (required === undefined || (command && !required.includes(command)))
    return fallback ? `Default: ${fallback}.` : '';
  const whom = command === undefined ? ` for ${enumerate(required)}` : '';
  return `Required${whom}${conditionPhrase(requiredWhen)}${standIn ? `, unless ${standIn} is ${requiredUnless ? 'given' : 'set'}` : ''}.`;
}

/** ` with engine: argocd and …`; empty where it is required in any case. */
export function conditionPhrase(when: InputDefinition['requiredWhen'] = {}): string {
  const conditions = Object.entries(when).map(([name, values]) => `${name}: ${enumerate([values].flat(), 'or')}`);
  return conditions.length === 0 ? '' : ` with ${enumerate(conditions)}`;
}

/** The default that is no fixed value. */
export function unsetText(definition: InputDefinition, command?: CommandName): string | undefined {
  return (command && definition.unsetFor?.[command]) ?? definition.unset;
}

/** How several items are given in CI; empty for other kinds. */
export function listSentence({ kind }: InputDefinition): string {
  return kind === 'list' ? 'One per line.' : '';
}

/** The values that a choice can take, as a sentence; empty for other kinds. */
export function choiceSentence({ kind, choices }: InputDefinition): string {
  if (kind !== 'choice' || choices === undefined) return '';
  return choices.length === 1 ? `Only ${choices.join('')} for now.` : `One of ${enumerate(choices, 'or')}.`;
}

/** `bump and deliver`, or `every command`. */
export function commandsPhrase(commands: readonly CommandName[]): string {
  return commands.length === COMMAND_NAMES.length ? 'every command' : enumerate(commands);
}

/** True where a front end can insist on the input: it is required and nothing can stand in for it. */
export function isMandatory(definition: InputDefinition, command: CommandName | undefined): boolean {
  const { required, requiredUnless, requiredWhen, variables } = definition;
  const hasStandIn = variables !== undefined || requiredUnless !== undefined || requiredWhen !== undefined;
  return command !== undefined && required?.includes(command) === true && !hasStandIn;
}

/** A single-quoted YAML scalar, in which nothing but the quote itself is special (https://yaml.org/spec/1.2.2/#732-single-quoted-style). */
export function yamlQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Breaks at spaces so that no line is longer than `width`, as far as words allow. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
