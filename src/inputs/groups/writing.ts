import { defineInputs } from '../define.ts';

/** What is written, and where. */
export const WRITING = defineInputs({
  images: {
    kind: 'list',
    commands: ['bump', 'wait', 'deliver', 'rollback'],
    required: ['bump', 'deliver'],
    description:
      'Image references: repository:tag, repository@sha256:…, repository:tag@sha256:…, or name=repository:tag.',
    descriptionFor: {
      bump: 'Image references to write: repository:tag, repository@sha256:…, repository:tag@sha256:…, or name=repository:tag.',
      wait: 'Image references that must be live, with their predecessors gone.',
      deliver:
        'Image references to write and then to see live: repository:tag, repository@sha256:…, repository:tag@sha256:…, or name=repository:tag.',
      rollback: 'Images to roll back, by repository.',
    },
    example: 'ghcr.io/acme/shop-api:1.4.2',
  },
  'config-repository': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback'],
    description:
      'The Git repository with the manifests: a path or a Git URL (https, ssh or file; plain http on loopback only).',
    descriptionFor: {
      wait: 'The Git repository with the manifests, read to find out whether a live commit contains the revision: a path or a Git URL.',
    },
    unset: 'the remote of the current checkout',
    unsetFor: { wait: 'the repository that the target itself names, else the current checkout' },
    example: 'https://git.example.com/acme/config.git',
  },
  'base-branch': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback'],
    description: 'The branch of the config repository that is deployed.',
    unset: "the remote's default branch",
    example: 'main',
  },
  files: {
    kind: 'list',
    commands: ['bump', 'deliver', 'rollback'],
    description: 'Globs of the files that may be changed; a leading "!" takes files out again.',
    descriptionFor: {
      rollback: 'Roll back only what the bump changed in these files: globs.',
    },
    unset: 'every .yaml, .yml and .json file but Helm templates and the files of CI systems',
    example: 'environments/production/**',
  },
  select: {
    kind: 'list',
    commands: ['bump', 'deliver'],
    description:
      'Which uses of the images are meant, one per line: Kind/name, container=NAME, or marker=namespace:policy of a Flux setter.',
    unset: 'every use in the files',
    example: 'Deployment/shop-api',
  },
  commit: {
    kind: 'string',
    commands: ['rollback'],
    description: 'The commit of the bump to undo.',
    unset: 'the last bump on the base branch',
    example: '4f2a9c0d1e8b7a6f5c4d3e2b1a0f9e8d7c6b5a49',
  },
  strategy: {
    kind: 'choice',
    commands: ['bump', 'deliver', 'rollback'],
    choices: ['commit', 'dry-run'],
    default: 'commit',
    description: 'How the change reaches the base branch: as a commit, or not at all (dry-run shows the plan).',
    example: 'dry-run',
  },
  'commit-message': {
    kind: 'string',
    commands: ['bump', 'deliver', 'rollback'],
    description: 'The first line of the commit message. The list of changes and the trailers are added below it.',
    unset: 'a Conventional Commits line made from the images',
    unsetFor: { rollback: '"revert: " and the first line of the bump' },
    example: 'chore(shop): release 1.4.2',
  },
  author: {
    kind: 'string',
    commands: ['bump', 'deliver', 'rollback'],
    description: 'The author of the commit, as Name <address>.',
    unset: "Drawbridge <drawbridge@localhost>; never the machine's own Git configuration",
    example: 'Release Bot <release-bot@example.com>',
  },
  'allow-downgrade': {
    kind: 'boolean',
    commands: ['bump', 'deliver'],
    default: 'false',
    description: 'Write a version that is lower than the present one, where both are semantic versions.',
    example: 'true',
  },
  'on-no-match': {
    kind: 'choice',
    commands: ['bump', 'deliver'],
    choices: ['error', 'warn', 'ignore'],
    default: 'error',
    description: 'What to make of an image that no file uses.',
    example: 'warn',
  },
  'conflict-timeout': {
    kind: 'duration',
    commands: ['bump', 'deliver', 'rollback'],
    default: '2m',
    description: 'How long to read, plan and push again while others push to the same branch.',
    example: '5m',
  },
});
