import { resolve } from 'node:path';
import { normaliseRepositoryUrl } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import type { Repository } from '../validation/manifest-set.ts';

/** The Git checkout that the working directory is in, read from its files: no program is run, and nothing of it takes effect. */
export interface Checkout {
  /** Absolute path of its top folder. */
  readonly top: string;
  readonly repository: Repository;
}

/** Branches that a revision may name and mean what is checked: the usual defaults, and what the CI system says. */
const DEFAULT_BRANCHES: readonly string[] = ['', 'HEAD', 'main', 'master'];
const BRANCH_VARIABLES: readonly string[] = [
  'GITHUB_BASE_REF',
  'GITHUB_REF_NAME',
  'CI_DEFAULT_BRANCH',
  'CI_COMMIT_BRANCH',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
];

export async function readCheckout(host: Host): Promise<Checkout | undefined> {
  const top = await findTop(host);
  if (top === undefined) return undefined;
  const directory = await gitDirectory(host, top);
  const remotes = [...remoteUrls(await readText(host, resolve(directory.common, 'config'))), ...urlsOfCi(host.env)];
  const branch = /^ref: refs\/heads\/(.+)$/m.exec(await readText(host, resolve(directory.own, 'HEAD')))?.[1]?.trim();
  const named = BRANCH_VARIABLES.map((name) => host.env[name]);
  const branches = new Set([...DEFAULT_BRANCHES, branch, ...named].filter((name) => name !== undefined));
  const prefix = host.workingDirectory
    .slice(top.length)
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '');
  const repository: Repository = {
    prefix,
    isSame: sameRepository(remotes.map(normaliseRepositoryUrl)),
    isFollowed: (revision = '') => branches.has(revision.replace(/^refs\/heads\//, '')),
  };
  return { top, repository };
}

/**
 * A fork or a mirror has the same name somewhere else; without any remote nothing is known.
 * @param own as `normaliseRepositoryUrl` writes them
 */
export function sameRepository(own: readonly string[]): Repository['isSame'] {
  const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1).toLowerCase();
  const names = new Set(own.map(nameOf));
  return (url) => {
    const normal = normaliseRepositoryUrl(url);
    if (own.some((candidate) => candidate.toLowerCase() === normal.toLowerCase())) return 'yes';
    return own.length === 0 || names.has(nameOf(normal)) ? 'perhaps' : 'no';
  };
}

async function findTop(host: Host): Promise<string | undefined> {
  for (let folder = resolve(host.workingDirectory); ; folder = resolve(folder, '..')) {
    if ((await host.files.stat(resolve(folder, '.git'))) !== undefined) return folder;
    if (resolve(folder, '..') === folder) return undefined;
  }
}

/** A linked work tree and a submodule have a file in place of the folder (https://git-scm.com/docs/gitrepository-layout). */
async function gitDirectory(host: Host, top: string): Promise<{ readonly own: string; readonly common: string }> {
  const path = resolve(top, '.git');
  if ((await host.files.stat(path))?.kind !== 'file') return { own: path, common: path };
  const target = /^gitdir: (.+)$/m.exec(await readText(host, path))?.[1]?.trim() ?? '';
  const own = resolve(top, target);
  return { own, common: resolve(own, (await readText(host, resolve(own, 'commondir'))).trim()) };
}

/** The addresses in the sections of remotes (https://git-scm.com/docs/git-config#_syntax). */
function remoteUrls(config: string): readonly string[] {
  let isRemote = false;
  return config.split('\n').flatMap((line) => {
    if (/^\s*\[/.test(line)) isRemote = /^\s*\[remote "/i.test(line);
    const url = isRemote ? /^\s*url\s*=\s*(.+?)\s*$/i.exec(line)?.[1] : undefined;
    return url === undefined ? [] : [url.replace(/^"(.*)"$/, '$1')];
  });
}

function urlsOfCi(env: Host['env']): readonly string[] {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, CI_PROJECT_URL: project } = env;
  return [server !== undefined && name !== undefined ? `${server}/${name}` : '', project ?? ''].filter(Boolean);
}

async function readText(host: Host, path: string): Promise<string> {
  return new TextDecoder().decode((await host.files.read(path)) ?? new Uint8Array());
}
