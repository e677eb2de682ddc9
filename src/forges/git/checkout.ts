import { dirname, resolve } from 'node:path';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { failureOf } from './failure.ts';
import { gitProgram } from './program.ts';

/** A folder that Git knows. Found by looking at names alone: no Git process ever works in it. */
export type GitPlace =
  | { readonly kind: 'bare'; readonly path: string }
  | { readonly kind: 'checkout'; readonly path: string; readonly configFile: string };

/**
 * What this very folder is to Git: a bare repository, the top of a checkout (also of a linked work tree or a submodule), or
 * nothing (https://git-scm.com/docs/gitrepository-layout).
 */
export async function gitPlace(host: Host, path: string): Promise<GitPlace | undefined> {
  const { files } = host;
  const inside = resolve(path, '.git');
  const kind = (await files.stat(inside))?.kind;
  if (kind === 'directory') return { kind: 'checkout', path, configFile: resolve(inside, 'config') };
  if (kind === 'file') return linkedCheckout(host, path, inside);
  const parts = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => files.stat(resolve(path, name))));
  if (parts[0]?.kind !== 'file' || parts[1]?.kind !== 'directory' || parts[2]?.kind !== 'directory') return undefined;
  const ofCheckout = path.endsWith('/.git');
  return ofCheckout ? gitPlace(host, dirname(path)) : { kind: 'bare', path };
}

async function linkedCheckout(host: Host, path: string, pointer: string): Promise<GitPlace | undefined> {
  const target = /^gitdir: (.+)$/m.exec(await readText(host, pointer))?.[1]?.trim();
  if (target === undefined) return undefined;
  const directory = resolve(path, target);
  const common = (await readText(host, resolve(directory, 'commondir'))).trim();
  return { kind: 'checkout', path, configFile: resolve(directory, common, 'config') };
}

/** The folder itself or the nearest one above it that is a checkout. */
export async function enclosingPlace(host: Host, path: string): Promise<GitPlace | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const place = await gitPlace(host, folder);
    if (place !== undefined || dirname(folder) === folder) return place;
  }
}

/**
 * The address that a checkout was cloned from: its remote `origin`, else its only remote. Read from its configuration file
 * alone, so that nothing which that configuration names is run, and a checkout of another user can be read as well.
 * @throws ToolError missing where it has no remote or no plain one
 */
export async function checkoutRemote(host: Host, place: GitPlace & { kind: 'checkout' }): Promise<string> {
  const remotes = await readRemotes(host, place.configFile);
  const url = remotes.get('origin') ?? (remotes.size === 1 ? [...remotes.values()][0] : undefined);
  if (url !== undefined) return url;
  const what =
    remotes.size === 0 ? 'has no remote' : `has no remote origin, but ${[...remotes.keys()].sort().join(', ')}`;
  throw new ToolError('missing', `The checkout ${place.path} ${what}.`, {
    hint: 'Name the config repository in config-repository: a URL, owner/name, or the path of a bare repository.',
  });
}

/** The first address of each remote. */
async function readRemotes(host: Host, configFile: string): Promise<Map<string, string>> {
  const home = await host.files.makeTemporary('drawbridge-git');
  try {
    const args = ['config', '--file', configFile, '--no-includes', '-z', '--get-regexp', '^remote\\..*\\.url$'];
    const { exitCode, stdout, stderr } = await gitProgram(host, home).local(args);
    if (exitCode > 1) throw failureOf(stderr, configFile);
    return parseRemotes(Buffer.from(stdout).toString());
  } finally {
    await host.files.removeTemporary(home);
  }
}

/** `remote.<name>.url LF <value> NUL` */
function parseRemotes(text: string): Map<string, string> {
  const remotes = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const match = /^remote\.([\s\S]+)\.url\n([\s\S]+)$/.exec(entry);
    const name = match?.[1];
    if (name !== undefined && match?.[2] !== undefined && !remotes.has(name)) remotes.set(name, match[2]);
  }
  return remotes;
}

async function readText(host: Host, path: string): Promise<string> {
  return Buffer.from((await host.files.read(path)) ?? '').toString();
}
