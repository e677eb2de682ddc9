import { createHash } from 'node:crypto';
import { baseName } from '../manifests/file-names.ts';

/** Every branch that is made for a request without being asked for another name begins so. */
export const BRANCH_PREFIX = 'drawbridge/';

const LONGEST_PART = 80;
const MOST_BRANCHES = 9;
/** A file of this name says nothing that its folder does not. */
const GENERIC = /^(kustomization|values)$/i;

/**
 * What belongs together in one request: the application and environment that the files stand for. The folder that all of
 * them share; for a single file, its name too, since one folder often holds a file per environment. Take every file that uses
 * the images, changed or not, so that the name does not depend on which of them are old.
 */
export function groupOf(paths: readonly string[]): string {
  const [only, ...others] = [...new Set(paths)];
  if (only === undefined) return 'root';
  const stem = baseName(only).replace(/\.[^.]+$/, '');
  const folders = others.reduce((shared, path) => sharedParts(shared, foldersOf(path)), foldersOf(only));
  const parts = others.length === 0 && !GENERIC.test(stem) ? [...folders, stem] : folders;
  return parts.join('/') || 'root';
}

function foldersOf(path: string): readonly string[] {
  return path.split('/').slice(0, -1);
}

function sharedParts(a: readonly string[], b: readonly string[]): readonly string[] {
  const differs = a.findIndex((part, index) => b[index] !== part);
  return differs < 0 ? a : a.slice(0, differs);
}

/**
 * The one branch of a group, the same for every tag. Always three parts deep, since Git cannot have both a branch `a` and a
 * branch `a/b`; the base branch is one of them, since it is the environment where environments are branches.
 */
export function branchOf(group: string, base: string): string {
  return `${BRANCH_PREFIX}${flat(base)}/${flat(group)}`;
}

/** The branch itself, and those that take its place where it holds somebody's commits. */
export function branchFamily(branch: string): readonly string[] {
  return Array.from({ length: MOST_BRANCHES }, (_, index) => (index === 0 ? branch : `${branch}-${index + 1}`));
}

function flat(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')
    .replace(/\.lock$/i, '-lock');
  const lossy = /[^A-Za-z0-9._/-]/.test(text) || plain === '' || plain.length > LONGEST_PART;
  if (!lossy) return plain;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${plain.slice(0, LONGEST_PART)}-${digest}`.replace(/^-/, '');
}
