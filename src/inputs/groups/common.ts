import { COMMAND_NAMES } from '../commands.ts';
import { defineInputs } from '../define.ts';
import { reportProblems } from '../report-entries.ts';

/** Credentials. They are never flags, since the arguments of a process are visible to others on the machine. */
export const ACCESS = defineInputs({
  token: {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote', 'history'],
    secret: true,
    variables: ['GITHUB_TOKEN', 'GITLAB_TOKEN', 'CI_JOB_TOKEN'],
    description:
      'Token for the config repository, with the right to read it and, except for wait and history, to push to it.',
    example: '${{ secrets.CONFIG_TOKEN }}',
  },
  'app-id': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote', 'history'],
    secret: true,
    description: 'The id of a GitHub App that acts in place of the token, together with app-private-key.',
    example: '${{ vars.APP_ID }}',
  },
  'app-private-key': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote', 'history'],
    secret: true,
    multiline: true,
    description: 'The private key of app-id, in PEM.',
    example: '${{ secrets.APP_PRIVATE_KEY }}',
  },
  'argocd-token': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    secret: true,
    variables: ['ARGOCD_AUTH_TOKEN'],
    description: 'Token of an Argo CD account or project role that may get the applications.',
    example: '${{ secrets.ARGOCD_AUTH_TOKEN }}',
  },
  'argocd-username': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    variables: ['ARGOCD_USERNAME'],
    description: 'An Argo CD account that logs in with argocd-password, where there is no token.',
    example: 'ci',
  },
  'argocd-password': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    secret: true,
    variables: ['ARGOCD_PASSWORD'],
    description: 'The password of argocd-username.',
    example: '${{ secrets.ARGOCD_PASSWORD }}',
  },
});

/** What every command takes. */
export const COMMON = defineInputs({
  format: {
    kind: 'choice',
    commands: COMMAND_NAMES,
    choices: ['text', 'json'],
    default: 'text',
    description: 'What is printed on standard output. json is exactly one document, on failure too.',
    example: 'json',
  },
  output: {
    kind: 'string',
    commands: COMMAND_NAMES,
    description: 'Dotenv file for the outputs, as DRAWBRIDGE_OUT_<NAME>.',
    unset: 'no file',
    example: 'drawbridge.env',
  },
  reports: {
    kind: 'list',
    commands: COMMAND_NAMES,
    problems: reportProblems,
    description:
      'Files to write the result into, on failure too, as KIND=FILE. Kinds: sarif, codequality, junit, json, tap, and comment (the Markdown body of a pull or merge request comment).',
    unset: 'none',
    example: 'sarif=drawbridge.sarif',
  },
  'log-level': {
    kind: 'choice',
    commands: COMMAND_NAMES,
    choices: ['info', 'debug', 'warning', 'error'],
    default: 'info',
    description: 'The least important message that is logged.',
    example: 'debug',
  },
  'working-directory': {
    kind: 'string',
    commands: COMMAND_NAMES,
    description: 'The folder that relative paths start from, those of output and reports apart.',
    unset: 'the current folder',
    example: 'config',
  },
  'dry-run': {
    kind: 'boolean',
    commands: COMMAND_NAMES,
    default: 'false',
    description: 'Show what would be done and write nothing of any kind.',
    example: 'true',
  },
  'allow-untrusted-event': {
    kind: 'boolean',
    commands: COMMAND_NAMES,
    default: 'false',
    description: 'Run also for an event that a stranger can cause, such as a pull request from a fork.',
    example: 'true',
  },
});
