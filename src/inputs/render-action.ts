import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import { inputsOf, type NamedInput } from './definitions.ts';
import { enumerate } from './names.ts';
import { type NamedOutput, outputsOf } from './outputs.ts';
import {
  choiceSentence,
  commandsPhrase,
  defaultSentence,
  describe,
  isMandatory,
  listSentence,
  RENDERED_NOTE,
  yamlQuoted,
} from './wording.ts';

/**
 * `action.yml` of the repository, with the command as an input and every input of every command; or of one command.
 * No input has a `default:`: the program applies its own, and a second copy could only differ. The one exception is the
 * command of an Action of one command: of which file an Action was read from, the runner tells a program nothing. It enforces
 * neither types nor `required` (https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax).
 */
export function renderAction(command?: CommandName): string {
  return [
    `# ${RENDERED_NOTE}`,
    `name: ${yamlQuoted(command === undefined ? 'Drawbridge' : `Drawbridge ${command}`)}`,
    `description: ${yamlQuoted(descriptionOf(command))}`,
    'branding:',
    '  icon: git-commit',
    '  color: blue',
    'inputs:',
    ...(command === undefined ? commandInput() : fixedCommand(command)),
    ...inputsOf(command).flatMap((input) => inputLines(input, command)),
    'outputs:',
    ...outputsOf(command).flatMap((output) => outputLines(output, command)),
    'runs:',
    '  using: node24',
    `  main: ${program('action', command)}`,
    ...postLines(command),
    '',
  ].join('\n');
}

function program(name: string, command: CommandName | undefined): string {
  return `${command === undefined ? '' : '../../'}dist/${name}.js`;
}

/**
 * A step that is cancelled gets 7.5 seconds, and is killed then. The post step runs all the same, and ends what the forge was
 * told to be under way.
 */
function postLines(command: CommandName | undefined): readonly string[] {
  const tells = inputsOf(command).some(({ name }) => name === 'environment' || name === 'commit-status');
  return tells ? [`  post: ${program('post', command)}`, '  post-if: always()'] : [];
}

function descriptionOf(command: CommandName | undefined): string {
  if (command !== undefined) return `${COMMANDS[command].summary}.`;
  return 'The bridge between CI and GitOps: validate manifests, bump image references, and wait until exactly that change is live and healthy.';
}

function commandInput(): readonly string[] {
  return entry('command', `What to do: ${enumerate(COMMAND_NAMES, 'or')}. Required.`, true);
}

function fixedCommand(command: CommandName): readonly string[] {
  return [...entry('command', `Which command this is. Leave it as it is.`, false), `    default: ${command}`];
}

function inputLines({ name, definition }: NamedInput, command: CommandName | undefined): readonly string[] {
  const belongs = command === undefined ? `For ${commandsPhrase(definition.commands)}.` : '';
  const sentences = [
    describe(definition, command),
    listSentence(definition),
    choiceSentence(definition),
    defaultSentence(definition, command),
    belongs,
  ];
  return entry(name, sentences.filter(Boolean).join(' '), isMandatory(definition, command));
}

function entry(name: string, description: string, required: boolean): readonly string[] {
  return [`  ${name}:`, `    description: ${yamlQuoted(description)}`, `    required: ${required}`];
}

function outputLines({ name, definition }: NamedOutput, command: CommandName | undefined): readonly string[] {
  const belongs = command === undefined ? ` Of ${commandsPhrase(definition.commands)}.` : '';
  return [`  ${name}:`, `    description: ${yamlQuoted(definition.description + belongs)}`];
}
