import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { ToolError } from '../errors.ts';
import type { DirectoryEntry, FileStat, Files, TakenFile } from '../host.ts';

/** Loaded with the first thing that is written: it brings along much that reading needs nothing of. */
const promises = () => import('node:fs/promises');

/** Temporary folders of this process that still exist; whatever way the process ends, they go with it. */
const temporaryFolders = new Set<string>();
process.once('exit', removeAllTemporaryFolders);

function removeAllTemporaryFolders(): void {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
}

export function nodeFiles(workingDirectory: string): Files {
  const root = resolve(workingDirectory);
  const at = (path: string) => {
    if (isAbsolute(path)) return path;
    return path.includes('..') ? resolve(root, path) : `${root}${sep}${path}`;
  };
  return {
    stat: (path) => orUndefined(path, async () => statOf(at(path))),
    read: (path) => orUndefined(path, () => contentOf(at(path))),
    take: (path, mostBytes) => orUndefined(path, async () => taken(at(path), mostBytes)),
    list: (path) => orUndefined(path, async () => readdirSync(at(path), { withFileTypes: true }).map(entry)),
    write: (path, content) => orIoError(path, () => replaceFile(at(path), content)),
    append: (path, content) => orIoError(path, async () => (await promises()).appendFile(at(path), content)),
    async makeTemporary(prefix) {
      const { mkdtemp } = await promises();
      const folder = await mkdtemp(join(tmpdir(), `${prefix}-`));
      temporaryFolders.add(folder);
      return folder;
    },
    async removeTemporary(path) {
      const { rm } = await promises();
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      temporaryFolders.delete(path);
    },
    keepTemporary: (path) => void temporaryFolders.delete(path),
    readStandardInput,
  };
}

/**
 * A file that is there is looked at and read in one go, without a thread of its own: for thousands of small files that
 * takes a tenth of the time. What may keep a reader waiting, such as a pipe, is waited for in the background.
 */
async function contentOf(path: string): Promise<Uint8Array> {
  return statSync(path).isFile() ? readFileSync(path) : (await promises()).readFile(path);
}

/** Without waiting for what may keep a reader waiting, and without going where a link leads. Windows has neither. */
const AS_IT_STANDS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** One step less for each thing that is asked of a file pays off with thousands of them. */
function taken(path: string, mostBytes: number): TakenFile | undefined {
  const handle = openOrRefuse(path);
  if (handle === undefined) {
    const stat = statOf(path);
    return stat === undefined ? undefined : { ...stat, bytes: undefined };
  }
  try {
    const stat = fileStat(fstatSync(handle));
    const isWanted = stat.kind === 'file' && stat.size <= mostBytes;
    return { ...stat, bytes: isWanted ? contentBehind(handle, stat.size) : undefined };
  } finally {
    closeSync(handle);
  }
}

/** Undefined for a symbolic link and for a socket. */
function openOrRefuse(path: string): number | undefined {
  try {
    return openSync(path, AS_IT_STANDS);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP' || code === 'ENXIO') return undefined;
    throw error;
  }
}

const SHARED_BYTES = 1 << 18;
const SMALL_BYTES = 1 << 15;
let shared = { buffer: Buffer.alloc(0), used: 0 };

/** Many small files share one piece of memory. Some systems say of a file that they make up as it is read that it is empty. */
function contentBehind(handle: number, size: number): Uint8Array {
  if (size === 0) return readFileSync(handle);
  if (size > SMALL_BYTES) {
    const buffer = Buffer.allocUnsafeSlow(size);
    return buffer.subarray(0, fill(handle, buffer, 0, size));
  }
  if (shared.used + size > shared.buffer.length) shared = { buffer: Buffer.allocUnsafeSlow(SHARED_BYTES), used: 0 };
  const { buffer, used } = shared;
  const read = fill(handle, buffer, used, size);
  shared.used += read;
  return buffer.subarray(used, used + read);
}

/** The number of bytes read: fewer where the file has become shorter. */
function fill(handle: number, buffer: Buffer, at: number, size: number): number {
  let done = 0;
  for (let read = -1; read !== 0 && done < size; done += read)
    read = readSync(handle, buffer, at + done, size - done, null);
  return done;
}

function statOf(path: string): FileStat | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : fileStat(stats);
}

function fileStat(stats: Stats): FileStat {
  const kind = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return { kind, size: stats.size, executable: (stats.mode & 0o111) !== 0 };
}

function entry(dirent: {
  name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): DirectoryEntry {
  const kind = dirent.isFile()
    ? 'file'
    : dirent.isDirectory()
      ? 'directory'
      : dirent.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return { name: dirent.name, kind };
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const { appendFile, chmod, mkdir, open, rename, rm, stat } = await promises();
  await mkdir(dirname(path), { recursive: true });
  const existing = await stat(path).catch(() => undefined);
  // Devices and pipes (/dev/stdout) can only be written to, never replaced.
  if (existing !== undefined && !existing.isFile()) return appendFile(path, content);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (existing !== undefined) await chmod(temporary, existing.mode & 0o7777);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readStandardInput(maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new ToolError('data', `standard input holds more than ${maxBytes} bytes`, { hint: 'Pass files instead.' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function orUndefined<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw ioError(path, error);
  }
}

async function orIoError<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw ioError(path, error);
  }
}

function ioError(path: string, error: unknown): ToolError {
  const { code = 'unknown error', syscall = 'access' } = error as NodeJS.ErrnoException;
  return new ToolError('io', `${path}: ${syscall} failed (${code})`, {
    hint:
      code === 'EACCES' || code === 'EPERM'
        ? 'Check the permissions of the file and its folder.'
        : 'Check the path and the disk.',
    cause: error,
  });
}
