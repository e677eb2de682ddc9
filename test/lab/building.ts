import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Part, Wanted } from './parts.ts';
import { PARTS, partsFor } from './parts.ts';
import { LabError, need, type Place, run } from './place.ts';

type Say = (line: string) => void;

/** The parts of that list that are not there, or that are there at another version than the one pinned today. */
export async function unbuilt(place: Place, parts: readonly Part[]): Promise<readonly Part[]> {
  const stamps = readStamps(place);
  const found = await Promise.all(parts.map(async (part) => ({ part, ready: isReady(place, part, stamps) })));
  return found.filter(({ ready }) => !ready).map(({ part }) => part);
}

/** A binary without a stamp was built by somebody else into the same folder, and is taken as it is. */
function isReady(place: Place, part: Part, stamps: Readonly<Record<string, string>>): boolean {
  if (!existsSync(place.binary(part.binary))) return false;
  return stamps[part.name] === undefined || stamps[part.name] === pinned(part);
}

/** The version in our own go.mod. */
export function pinned({ module, versionOf }: Part): string {
  const text = readFileSync(join(module, 'go.mod'), 'utf8');
  const line = text.split('\n').find((one) =>
    one
      .trim()
      .replace(/^require /, '')
      .startsWith(`${versionOf} v`),
  );
  if (line === undefined) throw new LabError(`${module}/go.mod requires no ${versionOf}.`);
  return (
    line
      .trim()
      .replace(/^require /, '')
      .split(' ')[1] ?? ''
  );
}

/** Builds what is not there yet, one after the other: each build fills the processors by itself. */
export async function build(place: Place, parts: readonly Part[], say: Say): Promise<void> {
  const todo = await unbuilt(place, parts);
  if (todo.length > 0) await need(todo.some(({ cgo }) => cgo) ? ['go', 'gcc'] : ['go']);
  mkdirSync(join(place.cache, 'bin'), { recursive: true });
  for (const part of parts) {
    if (todo.includes(part)) await buildPart(place, part, say);
    else say(`${part.name} ${pinned(part)}: built already`);
  }
}

async function buildPart(place: Place, part: Part, say: Say): Promise<void> {
  const began = Date.now();
  const target = place.binary(part.binary);
  say(`${part.name} ${pinned(part)}: building, which takes some minutes`);
  await compile(part, await folderOf(place, part), `${target}.new`);
  renameSync(`${target}.new`, target);
  for (const link of part.links ?? []) {
    rmSync(place.binary(link), { force: true });
    symlinkSync(part.binary, place.binary(link));
  }
  writeFileSync(stampFile(place), `${JSON.stringify({ ...readStamps(place), [part.name]: pinned(part) }, null, 1)}\n`);
  const size = Math.round(statSync(target).size / 2 ** 20);
  say(`${part.name} ${pinned(part)}: built in ${Math.round((Date.now() - began) / 1000)} s, ${size} MiB`);
}

/** Where it is compiled: our own module, which names the version; or a copy of the foreign one, with what it lacks. */
async function folderOf(place: Place, part: Part): Promise<string> {
  if (part.missing === undefined) return part.module;
  const copy = join(place.cache, 'files', `${part.name}-${pinned(part)}-source`);
  rmSync(copy, { recursive: true, force: true });
  cpSync(await moduleFolder(part), copy, { recursive: true });
  await run('chmod', ['-R', 'u+w', copy]);
  mkdirSync(dirname(join(copy, part.missing)), { recursive: true });
  writeFileSync(join(copy, part.missing), '# Not needed here.\n');
  return copy;
}

function compile(part: Part, folder: string, target: string): Promise<void> {
  const version = pinned(part);
  const stamps = (part.stamps ?? []).map((stamp) => stamp.replace('@', version).replace('#', version.slice(1)));
  const tags = part.tags === undefined ? [] : ['-tags', part.tags];
  const flags = ['-trimpath', '-p', process.env.LAB_BUILD_JOBS || '2', ...tags];
  const args = ['build', '-C', folder, ...flags, '-ldflags', ['-s', '-w', ...stamps].join(' '), '-o', target];
  const env = {
    ...process.env,
    CGO_ENABLED: part.cgo ? '1' : '0',
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-buildvcs=false',
  };
  return new Promise((done, reject) => {
    const child = spawn('go', [...args, part.mainPackage], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? done()
        : reject(new LabError(`go build of ${part.name} ended with ${code}; its messages are above.`)),
    );
  });
}

const stampFile = (place: Place) => join(place.cache, 'bin', 'versions.json');

function readStamps(place: Place): Readonly<Record<string, string>> {
  const file = stampFile(place);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}

/**
 * Files that a program brings in its module beside its code. They are copied once into the cache, so that later starts need
 * no Go.
 * @throws LabError where the module is not on this machine and Go cannot fetch it
 */
export async function moduleFiles(place: Place, part: Part, folders: readonly string[]): Promise<string> {
  const target = join(place.cache, 'files', `${part.name}-${pinned(part)}`);
  if (existsSync(join(target, 'complete'))) return target;
  await need(['go']);
  const source = await moduleFolder(part);
  for (const folder of folders) {
    for (const file of await readdir(join(source, folder), { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const from = join(file.parentPath, file.name);
      cpSync(from, join(target, from.slice(source.length)), { mode: 0 });
    }
  }
  await run('chmod', ['-R', 'u+w', target]);
  writeFileSync(join(target, 'complete'), '');
  return target;
}

async function moduleFolder(part: Part): Promise<string> {
  const options = { cwd: part.module, env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' } };
  await run('go', ['mod', 'download', part.versionOf], options).catch((error: Error) => {
    throw new LabError(`Go cannot fetch the module ${part.versionOf}: ${error.message.trim()}`);
  });
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', part.versionOf], options);
  return stdout.trim();
}

/** @throws LabError naming what is not built and the command that builds it */
export async function requireBuilt(place: Place, wanted: Wanted): Promise<void> {
  const missing = await unbuilt(place, partsFor(wanted));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(' ');
  throw new LabError(`${place.cache} holds no ${names}. Build once: npm run lab -- build ${names}`);
}

/** Every part by name, or all but Argo CD 2.14 where no name is given. */
export function chosen(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return PARTS.filter(({ name }) => name !== 'argocd-2.14');
  return names.map((name) => {
    const part = PARTS.find((one) => one.name === name);
    if (part !== undefined) return part;
    throw new LabError(`There is no part ${name}. Parts: ${PARTS.map((one) => one.name).join(', ')}.`);
  });
}
