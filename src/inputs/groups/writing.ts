import { defineInputs } from '../define.ts';

/** What is written, and where. */
export const WRITING = defineInputs({
  images: {
    kind: 'list',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'history', 'promote'],
    required: ['bump', 'deliver'],
    requiredUnless: 'set',
    description:
      'Image references: repository:tag, repository@sha256:…, repository:tag@sha256:…, or name=repository:tag.',
    descriptionFor: {
      bump: 'Image references to write: repository:tag, repository@sha256:…, repository:tag@sha256:…, or name=repository:tag.',
      wait: 'Image references that must be live, with their predecessors gone.',
      deliver:
        'Image references to write and then to see live: repository:tag, repository@sha256:…, repository:tag@sha256:…, or name=repository:tag.',
      rollback: 'Images to roll back, by repository.',
      history: 'Only bumps of these images, by repository.',
      promote: 'Only these images, by repository.',
    },
    unsetFor: { history: 'bumps of every image', promote: 'every image that both sides use' },
    example: 'ghcr.io/acme/shop-api:1.4.2',
  },
  'config-repository': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'history', 'promote'],
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
    commands: ['bump', 'wait', 'deliver', 'rollback', 'history', 'promote'],
    description: 'The branch of the config repository that is deployed.',
    unset: "the remote's default branch",
    example: 'main',
  },
  files: {
    kind: 'list',
    commands: ['bump', 'deliver', 'rollback', 'history'],
    description: 'Globs of the files that may be changed; a leading "!" takes files out again.',
    descriptionFor: {
      rollback: 'Roll back only what the bump changed in these files: globs.',
      history: 'Only what was changed in these files: globs.',
    },
    unsetFor: { history: 'every file' },
    unset: 'every .yaml, .yml and .json file but Helm templates and the files of CI systems',
    example: 'environments/production/**',
  },
  select: {
    kind: 'list',
    commands: ['bump', 'deliver', 'promote'],
    description:
      'Which uses of the images are meant, one per line: Kind/name, container=NAME, or marker=namespace:policy of a Flux setter.',
    unset: 'every use in the files',
    example: 'Deployment/shop-api',
  },
  set: {
    kind: 'list',
    commands: ['bump', 'deliver'],
    description:
      'Values to write at one place each, alone or beside images: FILE#path=value. In the path, dots stand between keys, [0] or [name=app] chooses an item of a list, [kind=Service] at the beginning a document, and \\. is a dot within a key. The value begins at the first = outside of brackets, and is a string, unless a number, true or false takes the place of one.',
    example: 'apps/shop/release.yaml#spec.chart.spec.version=2.1.0',
  },
  'create-missing': {
    kind: 'boolean',
    commands: ['bump', 'deliver'],
    default: 'false',
    description:
      'Give an image that no file uses an entry in the one kustomization among the files, and make the last key of a set path that is not there.',
    example: 'true',
  },
  from: {
    kind: 'list',
    commands: ['promote'],
    required: ['promote'],
    description: 'Globs of the files to take the image references from.',
    example: 'envs/staging',
  },
  to: {
    kind: 'list',
    commands: ['promote'],
    required: ['promote'],
    description: 'Globs of the files to write them to. Files of from are never written.',
    example: 'envs/production',
  },
  since: {
    kind: 'string',
    commands: ['history'],
    description: 'Only bumps from this time on: a date, a date with a time, or a duration before now such as 72h.',
    unset: 'no limit',
    example: '2026-11-01',
  },
  until: {
    kind: 'string',
    commands: ['history'],
    description: 'Only bumps up to this time, the whole day where it is a date: written as for since.',
    unset: 'now',
    example: '2026-11-30T18:00:00Z',
  },
  limit: {
    kind: 'integer',
    commands: ['history'],
    default: '20',
    description: 'At most this many bumps, the newest first.',
    example: '100',
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
    commands: ['bump', 'deliver', 'rollback', 'promote'],
    choices: ['commit', 'pull-request', 'dry-run'],
    default: 'commit',
    description:
      'How the change reaches the base branch: as a commit, by a pull or merge request, or not at all (dry-run shows the plan).',
    example: 'pull-request',
  },
  'commit-message': {
    kind: 'string',
    commands: ['bump', 'deliver', 'rollback', 'promote'],
    description: 'The first line of the commit message. The list of changes and the trailers are added below it.',
    unset: 'a Conventional Commits line made from the images',
    unsetFor: { rollback: '"revert: " and the first line of the bump' },
    example: 'chore(shop): release 1.4.2',
  },
  'skip-ci': {
    kind: 'boolean',
    commands: ['bump', 'deliver', 'rollback', 'promote'],
    default: 'false',
    description:
      'Put [skip ci] into the commit message, so that the commit starts no pipeline: for manifests that are in the repository of the pipeline itself. Not with strategy: pull-request, since the checks of the request would be skipped as well.',
    example: 'true',
  },
  author: {
    kind: 'string',
    commands: ['bump', 'deliver', 'rollback', 'promote'],
    description: 'The author of the commit, as Name <address>.',
    unset: "Drawbridge <drawbridge@localhost>; never the machine's own Git configuration",
    example: 'Release Bot <release-bot@example.com>',
  },
  'verify-image': {
    kind: 'choice',
    commands: ['bump', 'deliver'],
    choices: ['off', 'tag', 'digest'],
    default: 'off',
    description:
      'Whether the registry is asked first. tag: what is written must exist; digest: and a given digest must be what its tag points at.',
    example: 'tag',
  },
  'pin-digest': {
    kind: 'boolean',
    commands: ['bump', 'deliver'],
    default: 'false',
    description: 'Write tag and digest, with the digest that the tag points at in its registry.',
    example: 'true',
  },
  'allow-downgrade': {
    kind: 'boolean',
    commands: ['bump', 'deliver', 'promote'],
    default: 'false',
    description: 'Write a version that is lower than the present one, where both are semantic versions.',
    example: 'true',
  },
  'tag-policy': {
    kind: 'list',
    commands: ['bump', 'deliver', 'promote'],
    description:
      'What the new tags must be: a range of semantic versions, or regex: and a pattern for the whole tag. With an image and = before it, the policy of that image.',
    unset: 'any tag',
    example: '>=1.4,<2',
  },
  'on-no-match': {
    kind: 'choice',
    commands: ['bump', 'deliver', 'promote'],
    choices: ['error', 'warn', 'ignore'],
    default: 'error',
    description: 'What to make of an image that no file uses.',
    example: 'warn',
  },
  'conflict-timeout': {
    kind: 'duration',
    commands: ['bump', 'deliver', 'rollback', 'promote'],
    default: '2m',
    description: 'How long to read, plan and push again while others push to the same branch.',
    example: '5m',
  },
});
