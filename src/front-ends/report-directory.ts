import { isAbsolute, relative } from 'node:path';
import type { Host } from '../host.ts';

/**
 * Where the folder that findings start from lies in the repository, with `/`; `''` for the root itself. The root is where
 * the CI system says that it checked out; where that is not around the folder (a job may run elsewhere), and outside of
 * CI, it is the folder that the command was started in.
 */
export function reportDirectory(
  { env, workingDirectory }: Pick<Host, 'env' | 'workingDirectory'>,
  workplace: Pick<Host, 'workingDirectory'>,
): string {
  const roots = [
    env.GITHUB_ACTIONS === 'true' ? env.GITHUB_WORKSPACE : undefined,
    env.GITLAB_CI === 'true' ? env.CI_PROJECT_DIR : undefined,
    workingDirectory,
  ];
  const directories = roots
    .filter((root) => root !== undefined && isAbsolute(root))
    .map((root) => relative(root ?? '', workplace.workingDirectory));
  const inside = directories.find((directory) => !/^\.\.([/\\]|$)/.test(directory) && !isAbsolute(directory));
  return (inside ?? directories.at(-1) ?? '').replaceAll('\\', '/');
}
