import { defineInputs } from '../define.ts';
import { versionProblems } from '../kubernetes-versions.ts';
import { renderProblems } from '../render-words.ts';

const RENDERED_BY =
  'kustomize, helm, flux, argocd, or auto for all of them. It runs kustomize (or kubectl) and helm, found on PATH, on files of the config repository; never for an event that strangers can cause.';
const RENDERED_CHANGE = `What to render before and after the change, to show what differs: ${RENDERED_BY}`;

/** What is checked, and how strictly. */
export const CHECKING = defineInputs({
  paths: {
    kind: 'list',
    commands: ['validate', 'diff'],
    positional: ['validate', 'diff'],
    required: ['validate'],
    description: 'Files, folders or globs to check; "-" reads standard input.',
    descriptionFor: { diff: 'Files, folders or globs to compare.' },
    unsetFor: { diff: 'the working directory' },
    example: 'kubernetes/',
  },
  ignore: {
    kind: 'list',
    commands: ['validate', 'diff', 'deliver'],
    description: 'Globs of files that are not checked, beside what .gitignore names.',
    example: 'kubernetes/vendor/**',
  },
  'kubernetes-version': {
    kind: 'string',
    commands: ['validate', 'diff', 'deliver'],
    descriptionFor: { diff: 'The Kubernetes version that charts are told the cluster has, as major.minor.' },
    description: 'Kubernetes versions whose schemas the objects must fit, as major.minor, with commas between them.',
    unset: 'the newest bundled version',
    example: '1.31,1.34',
    problems: versionProblems,
  },
  'missing-schema': {
    kind: 'choice',
    commands: ['validate', 'deliver'],
    choices: ['warn', 'error', 'skip'],
    default: 'warn',
    description:
      'What to make of a custom resource whose kind has no known schema; it is counted as skipped in any case.',
    example: 'error',
  },
  crds: {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description:
      'Files, folders or globs with CustomResourceDefinitions that are not among the files to check. They come before the bundled ones, as do CRDs among the files.',
    unset: 'those among the files',
    example: 'vendor/crds/',
  },
  policies: {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description:
      'Files, folders or globs with ValidatingAdmissionPolicies that are not among the files to check. Without a binding beside it, a policy from here denies; one among the files needs its binding.',
    unset: 'those among the files',
    example: 'policies/',
  },
  'schema-locations': {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description:
      "Folders and URLs of JSON Schemas for kinds that are not built in, asked before the bundled ones; templates as kubeconform has them. Only kinds that occur are fetched, and kept in the user's cache folder.",
    unset: 'the bundled schemas',
    example: 'schemas/{{.ResourceKind}}-{{.ResourceAPIVersion}}.json',
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
  base: {
    kind: 'string',
    commands: ['diff'],
    required: ['diff'],
    description: 'The Git revision to compare with.',
    example: 'origin/main',
  },
  head: {
    kind: 'string',
    commands: ['diff'],
    description: 'The Git revision that is compared with base.',
    unset: 'the files as they are in the working tree',
    example: 'HEAD',
  },
  render: {
    kind: 'list',
    commands: ['validate', 'diff', 'bump', 'deliver', 'rollback', 'promote'],
    unsetFor: { diff: 'auto' },
    problems: renderProblems,
    description:
      'What to render and check as the cluster gets it: kustomize, helm, flux, argocd, or auto for all of them. It runs kustomize (or kubectl) and helm, found on PATH, on files of the repository: leave it off for changes of people whom you do not trust. Nothing is fetched.',
    descriptionFor: {
      bump: RENDERED_CHANGE,
      rollback: RENDERED_CHANGE,
      promote: RENDERED_CHANGE,
      deliver: `What to render before and after the change, to stop new errors and to show what differs: ${RENDERED_BY}`,
    },
    unset: 'off',
    example: 'auto',
  },
  'disable-rules': {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description: 'Rules that are switched off, by id or by group.',
    example: 'schema/unknown-field',
  },
  'enable-rules': {
    kind: 'list',
    commands: ['validate', 'deliver'],
    description: 'Rules that are switched on, by id or by group, where they are off without it (those of practice).',
    unset: 'none',
    example: 'practice',
  },
  'changed-since': {
    kind: 'string',
    commands: ['validate'],
    description:
      'A Git revision: only what the changes since the work left it affect is reported, uncommitted ones among them.',
    unset: 'everything is',
    example: 'origin/main',
  },
  baseline: {
    kind: 'string',
    commands: ['validate'],
    description: 'A file of known findings, which are left out of the result.',
    unset: 'no file',
    example: '.drawbridge-baseline.json',
  },
  'write-baseline': {
    kind: 'string',
    commands: ['validate'],
    description: 'A file to write all findings into, for baseline. The command then succeeds.',
    unset: 'no file',
    example: '.drawbridge-baseline.json',
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
