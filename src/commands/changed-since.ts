import { ToolError } from '../errors.ts';
import type { Host, ProcessResult } from '../host.ts';
import { fromTop } from '../validation/manifest-set.ts';
import type { Checkout } from './checkout.ts';
import { runGit, textOf } from './local-git.ts';

/**
 * The paths that were added, edited or deleted since the work left `revision`, those in the working tree and untracked ones
 * among them. Seen from the working directory.
 * @throws ToolError input (no checkout, no such revision), missing (no git), data (no common ancestor)
 */
export async function changedSince(
  host: Host,
  checkout: Checkout | undefined,
  revision: string,
): Promise<ReadonlySet<string>> {
  if (checkout === undefined) {
    throw new ToolError('input', `changed-since: ${host.workingDirectory} is in no Git checkout.`);
  }
  const git = (...args: readonly string[]) => runGit(host, checkout.top, args);
  const commit = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  if (commit.exitCode !== 0) {
    throw new ToolError('input', `changed-since: ${revision} is no revision of ${checkout.top}.`, {
      hint: 'Fetch it first: a checkout of a CI system often holds one commit only (fetch-depth: 0, GIT_DEPTH: 0).',
    });
  }
  const base = await git('merge-base', textOf(commit).trim(), 'HEAD');
  if (base.exitCode !== 0) {
    throw new ToolError('data', `changed-since: ${revision} and HEAD have no commit in common.`, {
      hint: 'Fetch more of the history: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab.',
    });
  }
  const diff = [
    'diff',
    '--name-only',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=all',
  ];
  const tracked = succeeded(await git(...diff, textOf(base).trim(), '--'));
  const untracked = succeeded(await git('ls-files', '--others', '--exclude-standard', '-z', '--full-name'));
  const paths = [...tracked.split('\0'), ...untracked.split('\0')].filter((path) => path !== '');
  return new Set(paths.map((path) => fromTop(checkout.repository, path)));
}

function succeeded(result: ProcessResult): string {
  if (result.exitCode === 0) return textOf(result);
  throw new ToolError('data', `changed-since: Git cannot tell what changed: ${result.stderr.trim()}`);
}
