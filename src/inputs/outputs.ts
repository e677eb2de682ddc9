import { COMMAND_NAMES, type CommandName } from './commands.ts';

export interface OutputDefinition {
  readonly commands: readonly CommandName[];
  readonly description: string;
  /** Not a one-line scalar: in the Action and in `--format json`, never in the dotenv file. */
  readonly json?: true;
}

const CHECKING = ['validate', 'deliver'] as const;
const WRITING = ['bump', 'deliver', 'rollback', 'promote'] as const;
const WAITING = ['wait', 'deliver'] as const;

/** What commands give back, by name. All values are strings; booleans are `true` and `false`. */
export const OUTPUTS = {
  result: {
    commands: COMMAND_NAMES,
    description: 'ok, failed, superseded, blocked, timed-out, unreachable, cancelled or error.',
  },
  'duration-ms': { commands: COMMAND_NAMES, description: 'Milliseconds from start to end.' },
  'report-file': { commands: COMMAND_NAMES, description: 'The first file of reports that was written.' },
  changed: {
    commands: WRITING,
    description:
      'true when something was written; in a dry run, when the plan holds an edit. An open request that already holds the values: false.',
  },
  revision: {
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote'],
    description:
      'The commit on the base branch that holds the values, and that was or can be waited for. With nothing to change, or in a dry run, the head that was read. Of a request, empty until it is merged.',
  },
  branch: { commands: WRITING, description: 'The branch of the config repository that was written or read.' },
  'pull-request-number': { commands: WRITING, description: 'The number of the pull or merge request.' },
  'pull-request-url': { commands: WRITING, description: 'The page of the pull or merge request.' },
  'head-revision': { commands: WRITING, description: 'The newest commit of the request.' },
  merged: { commands: WRITING, description: 'true when the request is merged, false when it is not.' },
  'changed-files': { commands: WRITING, description: 'Paths of the changed files, as a JSON list.', json: true },
  images: { commands: WRITING, description: 'The changes as a JSON list of file, line, old and new.', json: true },
  history: {
    commands: ['history'],
    description:
      'The bumps as a JSON list, newest first: revision, committedAt, author, title, changes (file, place, image, old and new), and what the commit says about its source.',
    json: true,
  },
  repository: { commands: ['demo'], description: 'The folder of the config repository, with keep.' },
  documents: { commands: CHECKING, description: 'Number of documents that were checked.' },
  errors: { commands: CHECKING, description: 'Number of errors found.' },
  warnings: { commands: CHECKING, description: 'Number of warnings found.' },
  skipped: {
    commands: CHECKING,
    description: 'Number of documents that were skipped, each for a reason that is told.',
  },
  verdict: {
    commands: WAITING,
    description: 'landed, failed, superseded, blocked, timedOut or unreachable; the worst of all targets.',
  },
  targets: {
    commands: WAITING,
    description: 'The targets as a JSON list of name, state, revision, reasons and seconds.',
    json: true,
  },
} as const satisfies Readonly<Record<string, OutputDefinition>>;

export interface NamedOutput {
  readonly name: string;
  readonly definition: OutputDefinition;
}

/** The outputs of a command in the order of the table; of all commands when none is named. */
export function outputsOf(command?: CommandName): readonly NamedOutput[] {
  return Object.entries<OutputDefinition>(OUTPUTS)
    .filter(([, { commands }]) => command === undefined || commands.includes(command))
    .map(([name, definition]) => ({ name, definition }));
}

/** What the exit codes mean; the numbers themselves are in `errors.ts` and `outcome.ts`. */
export const EXIT_CODES: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: 0, meaning: 'Done; also when there was nothing to change, or it was live already.' },
  { code: 1, meaning: 'Findings at or above fail-on, or the change failed on the cluster.' },
  { code: 3, meaning: 'Superseded: a newer commit or a rollback took its place.' },
  { code: 4, meaning: 'Blocked: suspended, a sync window, manual sync, a dependency.' },
  { code: 64, meaning: 'Wrong input; every problem is named at once.' },
  { code: 65, meaning: 'Data that cannot be changed safely; nothing was written.' },
  {
    code: 69,
    meaning: 'Something is missing: a repository, branch, image, application or program; or nothing to check.',
  },
  { code: 70, meaning: 'An error in Drawbridge itself.' },
  { code: 74, meaning: 'Reading or writing a file failed.' },
  {
    code: 75,
    meaning: 'Temporary: a server is down or limits the rate, or a race was lost. Nothing was written; run it again.',
  },
  { code: 76, meaning: 'A server answered something that makes no sense.' },
  { code: 77, meaning: 'Denied: wrong or expired credentials, or a push that was refused.' },
  { code: 124, meaning: 'The deadline passed; the phase is named.' },
  { code: 130, meaning: 'Cancelled by SIGINT.' },
  { code: 143, meaning: 'Cancelled by SIGTERM.' },
];
