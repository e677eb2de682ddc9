import { baseName, directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { isObject } from './scalars.ts';

/** What the tests of a tree say about its files. */
export interface TestFiles {
  /** Files with parts of objects. */
  readonly parts: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

/** Reads the tests that chainsaw finds by itself. */
export function testFiles(paths: readonly string[], read: (path: string) => readonly unknown[]): TestFiles {
  const tests = paths.filter((path) => /^chainsaw-test\.ya?ml$/.test(baseName(path)));
  const parts = tests.flatMap((path) => read(path).flatMap((test) => filesWithParts(path, test)));
  return { parts: new Set(parts), folders: new Set(tests.map(directoryName)) };
}

/** Operations that take parts of objects; `apply`, `create` and `update` take whole ones. */
const PARTIAL: ReadonlySet<string> = new Set(['assert', 'error', 'patch', 'delete']);

/**
 * The files with parts of objects that a chainsaw test compares with, or patches with
 * (https://kyverno.github.io/chainsaw/latest/operations/).
 */
function filesWithParts(path: string, test: unknown): readonly string[] {
  if (Array.isArray(test)) return test.flatMap((item) => filesWithParts(path, item));
  if (!isObject(test)) return [];
  return Object.entries(test).flatMap(([name, value]) => {
    const file = PARTIAL.has(name) && isObject(value) ? value.file : undefined;
    return typeof file === 'string' ? [joinPath(directoryName(path), file)] : filesWithParts(path, value);
  });
}
