import type { CommandName } from './commands.ts';
import type { InputDefinition } from './define.ts';
import { inputGroups, inputsOf, type NamedInput } from './definitions.ts';
import { enumerate, variableName } from './names.ts';
import { EXIT_CODES, type NamedOutput, outputsOf } from './outputs.ts';
import { commandsPhrase, conditionPhrase, RENDERED_NOTE, unsetText } from './wording.ts';

/** The whole of `docs/inputs.md`. */
export function renderInputsPage(): string {
  const groups = inputGroups().map(({ title, inputs }) => ({
    title,
    inputs: inputs.filter(({ definition }) => !definition.secret),
  }));
  return [
    `<!-- ${RENDERED_NOTE} -->`,
    '',
    '# Inputs, outputs and exit codes',
    '',
    ...FORMS,
    ...groups
      .filter(({ inputs }) => inputs.length > 0)
      .flatMap(({ title, inputs }) => [`## ${title}`, '', ...inputTable(inputs), '']),
    '## Secrets',
    '',
    'Secrets are never flags, since everybody on a machine can read the flags of a process. The Action takes them as inputs;',
    'everywhere else they are variables, asked in this order. In GitLab, set them as masked variables.',
    '',
    ...secretTable(),
    '',
    '## Outputs',
    '',
    ...OUTPUT_NOTES,
    ...outputTable(),
    '',
    '## Exit codes',
    '',
    ...table(
      ['Code', 'Meaning'],
      EXIT_CODES.map(({ code, meaning }) => [String(code), escaped(meaning)]),
    ),
    '',
  ].join('\n');
}

/** The short table of the README: every input with the first sentence about it. */
export function renderReadmeTable(): string {
  const rows = inputsOf().map(({ name, definition }) => [
    code(name),
    escaped(commandsPhrase(definition.commands)),
    escaped(firstSentence(definition.description)),
    defaultCell(definition),
  ]);
  return table(['Input', 'Of', 'What it is', 'Default'], rows).join('\n');
}

/**
 * The text with everything between `<!-- <name> -->` and `<!-- /<name> -->` replaced; undefined where the two markers are
 * not there in this order.
 */
export function replaceBetweenMarkers(text: string, name: string, content: string): string | undefined {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

const FORMS: readonly string[] = [
  'Every input has one name in three places: `with:` of the Action, `inputs:` of the GitLab component, and `--name` on the command',
  'line. Each can also be given as the variable `DRAWBRIDGE_<NAME>`, such as `DRAWBRIDGE_LOG_LEVEL` for `log-level`. A flag or an',
  'input wins over the variable, and the variable over the default. An empty text counts as not given.',
  '',
  '- **Lists** have one item per line in the Action, in components and in variables; blank lines and lines that begin with `#` are',
  '  dropped. On the command line a flag is repeated.',
  '- **Durations** are written like `90s`, `10m` or `1h30m`.',
  '- **Booleans** are `true` or `false`. On the command line `--name` alone is true, `--name=false` is false.',
  '',
  'Wrong input ends with exit code 64 and names every problem at once.',
  '',
  'In a GitLab component, values may hold `$VARIABLE` and `${VARIABLE}` but no quotes, backslashes or backticks, and items of lists no',
  'spaces: GitLab puts inputs into the pipeline as text, so the templates refuse what could break out of its place. A value that',
  'needs such a character goes into a variable of its own, which is then named in the input. A component has these inputs besides:',
  '`job-name`, `stage`, `image` (must carry Node.js 24 and git) and `drawbridge` (the command line that starts the program). Anything',
  'else about the job, such as `rules` or `tags`, is added under its name in your own `.gitlab-ci.yml`. A `DRAWBRIDGE_<NAME>` variable of',
  'the project or the group wins over the input of a component, since GitLab ranks it higher than variables of a job.',
  '',
];

const OUTPUT_NOTES: readonly string[] = [
  'The Action sets them as outputs of the step. In the file that `output` names, and as variables for later jobs in GitLab, they are',
  'called `DRAWBRIDGE_OUT_<NAME>`, and those that are JSON are left out. `format: json` prints all of them.',
  '',
];

function inputTable(inputs: readonly NamedInput[]): readonly string[] {
  const rows = inputs.map(({ name, definition }) => [
    code(name),
    escaped(commandsPhrase(definition.commands)),
    meaning(definition),
    defaultCell(definition),
    code(definition.example),
  ]);
  return table(['Input', 'Of', 'What it is', 'Default', 'Example'], rows);
}

/** The general meaning, then what single commands make of it. */
function meaning(definition: InputDefinition): string {
  const values = definition.choices ? ` Values: ${definition.choices.map(code).join(', ')}.` : '';
  const special = Object.entries(definition.descriptionFor ?? {}).map(
    ([command, text]) => `<br>**${command}**: ${escaped(text)}`,
  );
  return escaped(definition.description) + values + special.join('');
}

function defaultCell(definition: InputDefinition): string {
  const unless = definition.requiredUnless === undefined ? '' : `, unless ${definition.requiredUnless} is given`;
  const required = definition.required
    ? `required for ${enumerate(definition.required)}${conditionPhrase(definition.requiredWhen)}${unless}`
    : undefined;
  const variables = definition.variables?.map(code).join(', ');
  const fixed = definition.default === undefined ? unsetCell(definition) : code(definition.default);
  return [required, fixed, variables].filter((part) => part !== undefined && part !== '').join('; ');
}

function unsetCell(definition: InputDefinition): string {
  const special = Object.entries(definition.unsetFor ?? {}).map(([command, text]) => `for ${command}, ${text}`);
  return escaped([unsetText(definition), ...special].filter((part) => part !== undefined).join('; '));
}

function secretTable(): readonly string[] {
  const rows = inputsOf()
    .filter(({ definition }) => definition.secret)
    .map(({ name, definition }) => [
      code(name),
      escaped(commandsPhrase(definition.commands)),
      escaped(definition.description),
      [variableName(name), ...(definition.variables ?? [])].map(code).join(', '),
    ]);
  return table(['Input of the Action', 'Of', 'What it is', 'Variables'], rows);
}

function outputTable(): readonly string[] {
  const row = ({ name, definition }: NamedOutput) => [
    code(name),
    escaped(commandsPhrase(definition.commands as readonly CommandName[])),
    escaped(definition.description),
  ];
  return table(['Output', 'Of', 'What it is'], outputsOf().map(row));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function firstSentence(text: string): string {
  return /^.*?[.:;](?=\s|$)/.exec(text)?.[0].replace(/[:;]$/, '.') ?? text;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function escaped(text: string): string {
  return text.replace(/[<>]/g, (char) => (char === '<' ? '&lt;' : '&gt;')).replace(/[|*_]/g, '\\$&');
}
