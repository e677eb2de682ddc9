import { FORGE_IDS } from '../../forges/forge-ids.ts';
import { defineInputs } from '../define.ts';

const WRITERS = ['bump', 'deliver', 'rollback', 'promote'] as const;

/** What is special to a forge, and to its pull or merge requests. */
export const REQUESTING = defineInputs({
  forge: {
    kind: 'choice',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote', 'history'],
    choices: ['auto', ...FORGE_IDS],
    default: 'auto',
    description:
      'What the server of the config repository is. auto knows the public ones and the server of the CI system that this runs in, and uses plain Git for all others.',
    example: 'git',
  },
  'forge-url': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote', 'history'],
    description: 'Base URL of a self-managed forge.',
    unset: 'the server in the address of the config repository',
    example: 'https://git.example.com',
  },
  branch: {
    kind: 'string',
    commands: WRITERS,
    description:
      'The branch that the request is made from. One branch serves every version: do not put a tag into its name.',
    unset: 'drawbridge/ and a name made from the base branch and the files that use the images',
    unsetFor: { rollback: 'drawbridge/ and a name made from the base branch and the bump' },
    example: 'drawbridge/production',
  },
  title: {
    kind: 'string',
    commands: WRITERS,
    description: 'The title of the request.',
    unset: 'the first line of the commit',
    example: 'Release shop 1.4.2 to production',
  },
  labels: {
    kind: 'list',
    commands: WRITERS,
    description: 'Labels that the request gets. Those that it has stay.',
    example: 'deployment',
  },
  reviewers: {
    kind: 'list',
    commands: WRITERS,
    description: 'Who is asked to review a new request, by user name.',
    example: 'octocat',
  },
  assignees: {
    kind: 'list',
    commands: WRITERS,
    description: 'Who a new request is assigned to, by user name.',
    example: 'octocat',
  },
  draft: {
    kind: 'boolean',
    commands: WRITERS,
    default: 'false',
    description: 'Open a new request as a draft.',
    example: 'true',
  },
  'auto-merge': {
    kind: 'choice',
    commands: WRITERS,
    choices: ['off', 'merge', 'squash', 'rebase'],
    default: 'off',
    description: 'How the forge merges the request by itself, once its conditions hold (checks, reviews).',
    example: 'squash',
  },
  'wait-for-merge': {
    kind: 'boolean',
    commands: ['bump', 'rollback', 'promote'],
    default: 'false',
    description:
      'Wait, at most for timeout, until the request is merged; the output revision is then the commit on the base branch. deliver always does.',
    example: 'true',
  },
});
