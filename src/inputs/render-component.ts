import { COMMANDS, type CommandName } from './commands.ts';
import type { InputDefinition } from './define.ts';
import { inputsOf, type NamedInput } from './definitions.ts';
import { enumerate, variableName } from './names.ts';
import { DASHBOARD_INPUTS, dashboardExtends, dashboardJobs } from './render-dashboard.ts';
import { LIST_SEPARATOR_VARIABLE } from './sources.ts';
import { defaultSentence, describe, isMandatory, RENDERED_NOTE, wrap, yamlQuoted } from './wording.ts';

/** The dotenv file of the job; see `scriptLine`. */
const DOTENV = 'drawbridge.env';

/**
 * Reports that the job hands to GitLab, which shows them in the merge request
 * (https://docs.gitlab.com/ci/yaml/artifacts_reports/), by the name that `reports` and GitLab share.
 */
const JOB_REPORTS: { readonly [C in CommandName]?: Readonly<Record<string, string>> } = {
  validate: { codequality: 'drawbridge-codequality.json', junit: 'drawbridge-junit.xml' },
};

/** The input that makes the job itself a deployment. */
const ENVIRONMENT = 'environment';

/** Inputs that the template sets itself. */
const OWN: readonly string[] = ['output'];

interface ComponentInput {
  readonly name: string;
  readonly type: 'string' | 'boolean';
  readonly description: string;
  /** YAML; absent where the input is mandatory. */
  readonly default?: string;
  readonly options?: readonly string[];
  readonly regex?: string;
}

/**
 * The GitLab component of one command. GitLab replaces `$[[ inputs.x ]]` as text before it parses the YAML
 * (https://docs.gitlab.com/ci/inputs/), so every string has `options` or a `regex` that keeps it inside its quotes, and
 * values reach the job through variables only, never through the script.
 */
export function renderComponent(command: CommandName, version: string): string {
  const inputs = inputsOf(command).filter(({ name, definition }) => !definition.secret && !OWN.includes(name));
  return [
    ...heading(command),
    'spec:',
    '  inputs:',
    ...[...jobInputs(command, version), ...inputs.map((input) => componentInput(input, command))].flatMap(inputLines),
    '---',
    '',
    ...jobLines(command, inputs),
    '',
  ].join('\n');
}

function heading(command: CommandName): readonly string[] {
  const secrets = inputsOf(command).filter(({ definition }) => definition.secret);
  const lines = [RENDERED_NOTE, '', `${COMMANDS[command].summary}.`, '', ...secretLines(secrets, command)];
  return [...lines.map((line) => `# ${line}`.trimEnd()), ''];
}

function secretLines(secrets: readonly NamedInput[], command: CommandName): readonly string[] {
  if (secrets.length === 0) return ['The job needs no secret.'];
  return [
    'Secrets are not inputs. Set them as masked variables of the project or the group:',
    ...secrets.flatMap(({ name, definition }) => {
      const names = enumerate([variableName(name), ...(definition.variables ?? [])], 'or');
      return wrap(`${names}: ${describe(definition, command)}`, 110).map((line) => `  ${line}`);
    }),
  ];
}

/** Inputs about the job itself, which the command never sees. */
function jobInputs(command: CommandName, version: string): readonly ComponentInput[] {
  const text = (name: string, description: string, value: string, regex: string): ComponentInput => ({
    name,
    type: 'string',
    description,
    default: yamlQuoted(value),
    regex,
  });
  return [
    text('job-name', 'Name of the job.', `drawbridge-${command}`, '^[A-Za-z0-9][A-Za-z0-9 ._:/-]*$'),
    text('stage', 'Stage of the job.', command === 'validate' ? 'test' : 'deploy', '^[A-Za-z0-9_.][A-Za-z0-9 _.:/-]*$'),
    text('image', 'Image of the job. It must carry Node.js 24 and git.', 'node:24', IMAGE),
    text(
      'drawbridge',
      'Command line that starts Drawbridge, words separated by spaces.',
      `npx --yes drawbridge@${version}`,
      PROGRAM,
    ),
    ...(isDeployment(command) ? DASHBOARD_INPUTS : []).map(({ name, description, characters }) =>
      text(name, description, '', `^(?:${characters}|${VARIABLE})*$`),
    ),
  ];
}

function isDeployment(command: CommandName): boolean {
  return inputsOf(command).some(({ name }) => name === ENVIRONMENT);
}

function componentInput({ name, definition }: NamedInput, command: CommandName): ComponentInput {
  const notes = definition.kind === 'list' ? 'One per line, without spaces, quotes and comments.' : '';
  const own = jobReports(name, command).length > 0 ? 'Written besides what the job hands to GitLab by itself.' : '';
  const description = [describe(definition, command), own, notes, defaultSentence(definition, command)]
    .filter(Boolean)
    .join(' ');
  if (definition.kind === 'boolean')
    return { name, type: 'boolean', description, default: definition.default ?? 'false' };
  const fallback = isMandatory(definition, command) ? {} : { default: yamlQuoted(definition.default ?? '') };
  const regex = name === ENVIRONMENT ? ENVIRONMENT_NAME : regexOf(definition, command);
  const limit = definition.choices ? { options: optionsOf(definition) } : { regex };
  return { name, type: 'string', description, ...fallback, ...limit };
}

/** An input without a value is the empty text, which must be an option too. */
function optionsOf({ choices = [], default: fallback }: InputDefinition): readonly string[] {
  return fallback === undefined ? ['', ...choices] : choices;
}

/** `$NAME` and `${NAME}`, which GitLab replaces in variables. No other dollar: `$[[`, `$(` and `$$` never get in. */
const VARIABLE = '\\$[A-Za-z_{]';
const WHOLE_VARIABLE = '\\$[A-Za-z_][A-Za-z0-9_]*|\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}';
/** What may stand without quotes, and GitLab takes for a name: see `ENVIRONMENT_LINE`. */
const ENVIRONMENT_NAME = `^(?:(?:[A-Za-z]|${VARIABLE})(?:[A-Za-z0-9_./} -]|${VARIABLE})*)?$`;
const IMAGE = `^(?:[A-Za-z0-9._/:@}-]|${VARIABLE})+$`;
const PROGRAM = `^(?:[A-Za-z0-9._/:@=,+~} -]|${VARIABLE})+$`;

/**
 * RE2, without slashes (https://github.com/google/re2/wiki/Syntax). `$` is the end of the text, not of a line. What is
 * shut out is what could end a double-quoted YAML scalar or begin something in a shell: quotes, backslashes, backticks,
 * control characters. Lists may have line breaks; since YAML folds these to spaces, they may have no spaces of their own.
 */
function regexOf(definition: InputDefinition, command: CommandName): string {
  const repeat = isMandatory(definition, command) ? '+' : '*';
  switch (definition.kind) {
    case 'duration':
      return `^(?:(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?|${WHOLE_VARIABLE})$`;
    case 'integer':
      return `^(?:[0-9]${repeat}|${WHOLE_VARIABLE})$`;
    case 'list':
      return `^(?:[^\\x00-\\x09\\x0b-\\x20\\x22-\\x24\\x27\\x5c\\x60\\x7f]|${VARIABLE})${repeat}$`;
    default:
      return `^(?:[^\\x00-\\x1f\\x22\\x24\\x27\\x5c\\x60\\x7f]|${VARIABLE})${repeat}$`;
  }
}

function inputLines(input: ComponentInput): readonly string[] {
  return [
    `    ${input.name}:`,
    `      type: ${input.type}`,
    `      description: ${yamlQuoted(input.description)}`,
    ...(input.default === undefined ? [] : [`      default: ${input.default}`]),
    ...(input.options === undefined ? [] : [`      options: [${input.options.map(yamlQuoted).join(', ')}]`]),
    ...(input.regex === undefined ? [] : [`      regex: ${yamlQuoted(input.regex)}`]),
  ];
}

function jobLines(command: CommandName, inputs: readonly NamedInput[]): readonly string[] {
  return [
    ...(isDeployment(command) ? dashboardJobs(ENVIRONMENT_LINE) : []),
    `${interpolated('job-name')}:`,
    ...(isDeployment(command) ? dashboardExtends() : []),
    `  stage: ${interpolated('stage')}`,
    '  image:',
    `    name: ${interpolated('image')}`,
    '    entrypoint: [""]',
    '  variables:',
    `    DRAWBRIDGE_PROGRAM: ${interpolated('drawbridge')}`,
    `    ${LIST_SEPARATOR_VARIABLE}: "space"`,
    ...inputs.map(({ name }) => `    ${variableName(name)}: ${interpolated(name, jobReports(name, command))}`),
    '  script:',
    `    - ${yamlQuoted(scriptLine(command))}`,
    '  artifacts:',
    '    when: always',
    '    reports:',
    `      dotenv: ${DOTENV}`,
    ...Object.entries(JOB_REPORTS[command] ?? {}).map(([kind, file]) => `      ${kind}: ${file}`),
  ];
}

/**
 * A job with an environment is a deployment, of which GitLab shows the state. The name stands without quotes, so that without
 * one the value is null, which GitLab takes for a job without environment; an empty text would be an error.
 */
const ENVIRONMENT_LINE = `  environment: $[[ inputs.${ENVIRONMENT} ]]`;

/** The program's words are split by the shell on purpose. The folder is the job's own, whatever working-directory says. */
function scriptLine(command: CommandName): string {
  return `$DRAWBRIDGE_PROGRAM ${command} --output "$PWD/${DOTENV}"`;
}

/** What the template itself puts before the entries of `reports`; items of lists are separated by spaces here. */
function jobReports(name: string, command: CommandName): readonly string[] {
  if (name !== 'reports') return [];
  return Object.entries(JOB_REPORTS[command] ?? {}).map(([kind, file]) => `${kind}=${file}`);
}

function interpolated(name: string, before: readonly string[] = []): string {
  return `"${[...before, `$[[ inputs.${name} ]]`].join(' ')}"`;
}
