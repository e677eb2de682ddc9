import { defineInputs } from '../define.ts';

/** What is checked, and how strictly. */
export const CHECKING = defineInputs({
  paths: {
    kind: 'list',
    commands: ['validate'],
    positional: ['validate'],
    required: ['validate'],
    description: 'Files, folders or globs to check; "-" reads standard input.',
    example: 'kubernetes/',
  },
  ignore: {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description: 'Globs of files that are not checked, beside what .gitignore names.',
    example: 'kubernetes/vendor/**',
  },
  'kubernetes-version': {
    kind: 'string',
    commands: ['validate', 'deliver'],
    description: 'Kubernetes version whose schemas the objects must fit, as major.minor.',
    unset: 'the newest bundled version',
    example: '1.34',
  },
  'missing-schema': {
    kind: 'choice',
    commands: ['validate', 'deliver'],
    choices: ['error', 'warn', 'skip'],
    default: 'error',
    description: 'What to make of an object whose kind has no known schema.',
    example: 'warn',
  },
  strict: {
    kind: 'boolean',
    commands: ['validate', 'deliver'],
    default: 'true',
    description: 'Report fields that the schema does not know, and keys that are given twice.',
    example: 'false',
  },
  'allow-empty': {
    kind: 'boolean',
    commands: ['validate'],
    default: 'false',
    description: 'Accept that there is no Kubernetes object at all in what is checked.',
    example: 'true',
  },
  'disable-rules': {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description: 'Rules that are switched off, by id.',
    example: 'schema/unknown-field',
  },
  'fail-on': {
    kind: 'choice',
    commands: ['validate', 'deliver'],
    choices: ['error', 'warning'],
    default: 'error',
    description: 'The least severe finding that makes the command fail.',
    example: 'warning',
  },
});
