import { lstatSync, readdirSync, readFileSync, rmSync, type Stats, statSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import type { DirectoryEntry, FileStat, Files } from '../host.ts';

/** Temporary folders of this process that still exist; whatever way the process ends, they go with it. */
const temporaryFolders = new Set<string>();
process.once('exit', removeAllTemporaryFolders);

function removeAllTemporaryFolders(): void {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
}

export function nodeFiles(workingDirectory: string): Files {
  const at = (path: string) => (isAbsolute(path) ? path : resolve(workingDirectory, path));
  return {
    stat: (path) => orUndefined(path, async () => statOf(at(path))),
    read: (path) => orUndefined(path, () => contentOf(at(path))),
    list: (path) => orUndefined(path, async () => readdirSync(at(path), { withFileTypes: true }).map(entry)),
    write: (path, content) => orIoError(path, () => replaceFile(at(path), content)),
    append: (path, content) => orIoError(path, () => appendFile(at(path), content)),
    async makeTemporary(prefix) {
      const folder = await mkdtemp(join(tmpdir(), `${prefix}-`));
      temporaryFolders.add(folder);
      return folder;
    },
    async removeTemporary(path) {
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
  return statSync(path).isFile() ? readFileSync(path) : readFile(path);
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
