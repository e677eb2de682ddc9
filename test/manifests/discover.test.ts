import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { discover } from '../../src/manifests/discover.ts';
import { createRealHost } from '../support/real-host.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawbridge-discover-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tree(...paths: readonly string[]): void {
  for (const path of paths) put(path, 'kind: Pod\n');
}

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const look = (paths: readonly string[], options: Partial<Parameters<typeof discover>[2]> = {}, at = folder) =>
  discover(createRealHost({ workingDirectory: at }), paths, { ignore: [], ...options });

const pathsOf = async (...args: Parameters<typeof look>) => (await look(...args)).files.map((file) => file.path);

describe('discover', () => {
  it('walks folders once and takes manifests only', async () => {
    tree('a/x.yaml', 'a/b/y.yml', 'a/z.json', 'a/readme.md', 'a/Kustomization', '.git/config.yaml', 'top.yaml');
    const found = await look(['a', './a/b', join(folder, 'a', 'x.yaml')]);
    expect(found.files.map((file) => file.path)).toEqual(['a/Kustomization', 'a/b/y.yml', 'a/x.yaml', 'a/z.json']);
    expect(await pathsOf(['.'])).toEqual(['a/Kustomization', 'a/b/y.yml', 'a/x.yaml', 'a/z.json', 'top.yaml']);
  });

  it('takes globs, and files of any name that are named themselves', async () => {
    tree('envs/prod/a.yaml', 'envs/dev/b.yaml', 'envs/dev/.hidden.yaml', 'notes.txt');
    expect(await pathsOf(['envs/*/*.yaml', 'notes.txt'])).toEqual([
      'envs/dev/.hidden.yaml',
      'envs/dev/b.yaml',
      'envs/prod/a.yaml',
      'notes.txt',
    ]);
  });

  it('honours .gitignore at every level, and ignore globs', async () => {
    tree('a/keep.yaml', 'a/drop.yaml', 'a/out/x.yaml', 'b/drop.yaml', 'b/c/special.yaml', 'vendor/v.yaml');
    put('.gitignore', 'drop.yaml\nout/\nspecial.yaml\n');
    put('b/.gitignore', '!drop.yaml\n');
    expect(await pathsOf(['.'], { ignore: ['vendor'] })).toEqual(['a/keep.yaml', 'b/drop.yaml']);
    expect(await pathsOf(['b/c', 'a'])).toEqual(['a/keep.yaml']);
    expect(await pathsOf(['a/drop.yaml'])).toEqual(['a/drop.yaml']);
  });

  it('names every path that does not exist at once', async () => {
    tree('a.yaml');
    await expect(look(['nope', 'a.yaml', 'no/*.yaml'])).rejects.toMatchObject({
      code: 'missing',
      problems: [expect.stringContaining('nope'), expect.stringContaining('no/*.yaml')],
    });
  });

  it('reads files outside of the working directory under the path as given', async () => {
    tree('outside/x.yaml', 'inside/y.yaml');
    expect(await pathsOf(['../outside', 'y.yaml'], {}, join(folder, 'inside'))).toEqual([
      '../outside/x.yaml',
      'y.yaml',
    ]);
    expect(await pathsOf([join(folder, 'outside')], {}, join(folder, 'inside'))).toEqual([
      join(folder, 'outside/x.yaml'),
    ]);
  });

  it('does not follow links, does not open pipes, and does not read what is too large', async () => {
    tree('real/a.yaml');
    symlinkSync(join(folder, 'real/a.yaml'), join(folder, 'link.yaml'));
    symlinkSync(folder, join(folder, 'real/loop'));
    put('huge.yaml', '');
    truncateSync(join(folder, 'huge.yaml'), 10 * 1024 ** 3);
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    const { files, unread } = await look(['.']);
    expect(files.map((file) => file.path)).toEqual(['real/a.yaml']);
    expect(unread).toEqual([
      expect.objectContaining({ path: 'huge.yaml', fault: 'size' }),
      { path: 'link.yaml', reason: 'symbolic link' },
      ...(process.platform === 'win32' ? [] : [{ path: 'pipe.yaml', reason: 'not a regular file' }]),
    ]);
  });

  it('names everything that the system refuses to read at once', async () => {
    tree('a.yaml', 'closed/x.yaml', 'd/b.yaml', 'd/c.yaml');
    put('d/.gitignore', 'c.yaml\n');
    const base = createRealHost({ workingDirectory: folder });
    const refusing = (...refused: readonly string[]) => {
      const guard =
        <A extends readonly unknown[], T>(read: (path: string, ...rest: A) => Promise<T>) =>
        (path: string, ...rest: A) =>
          refused.includes(path)
            ? Promise.reject(new ToolError('io', `${path}: open failed (EACCES)`))
            : read(path, ...rest);
      const { list, read, stat, take } = base.files;
      const files = { ...base.files, list: guard(list), read: guard(read), stat: guard(stat), take: guard(take) };
      return expect(discover({ ...base, files }, ['.', 'd/c.yaml'], { ignore: [] })).rejects;
    };
    const refusal = (...paths: readonly string[]) => ({
      code: 'io',
      message:
        paths.length === 1 ? `${paths[0]}: open failed (EACCES)` : `${paths.length} files or folders cannot be read.`,
      problems: paths.map((path) => `${path}: open failed (EACCES)`),
      hint: expect.stringContaining('Nothing is said of the others'),
    });
    const many = ['a.yaml', 'closed', 'd/.gitignore', 'd/b.yaml', 'd/c.yaml'];
    await refusing(...many).toMatchObject(refusal(...many));
    await refusing('a.yaml').toMatchObject(refusal('a.yaml'));
  });

  // Other systems have no such names.
  (process.platform === 'linux' ? it : it.skip)(
    'tells of names that are not UTF-8, of files and of folders',
    async () => {
      tree('a.yaml');
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/b`), Buffer.of(0xe9), Buffer.from('.yaml')]), 'kind: Pod\n');
      mkdirSync(Buffer.concat([Buffer.from(`${folder}/d`), Buffer.of(0xe9)]));
      const { files, unread } = await look(['.']);
      expect(files.map((file) => file.path)).toEqual(['a.yaml']);
      expect(unread).toEqual([
        { path: 'b\uFFFD.yaml', reason: 'The name of the file is not UTF-8, so that it was not read.', fault: 'name' },
        { path: 'd\uFFFD', reason: 'The name of the folder is not UTF-8, so that it was not read.', fault: 'name' },
      ]);
      tree('c\uFFFD.yaml');
      expect(await pathsOf(['.'])).toEqual(['a.yaml', 'c\uFFFD.yaml']);
      expect((await look(['.'], { ignore: ['b*', 'd*'] })).unread).toEqual([]);
    },
  );

  it('stops at the caps on files and bytes', async () => {
    tree('a.yaml', 'b.yaml', 'c.yaml');
    await expect(look(['.'], { maxFiles: 2 })).rejects.toMatchObject({ code: 'data' });
    await expect(look(['.'], { maxTotalBytes: 25 })).rejects.toMatchObject({ code: 'data' });
  });
});
