import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/program.ts';
import { createRealHost } from '../support/real-host.ts';

const folder = temporaryFolder();
const { files } = createRealHost({ workingDirectory: folder.path });
afterAll(() => folder[Symbol.dispose]());

describe('a file that is taken', () => {
  it.each([
    ['nothing', 0],
    ['a few bytes', 5],
    ['many bytes', 100_000],
  ])('comes with what it is and what it holds: %s', async (_, size) => {
    writeFileSync(join(folder.path, 'plain'), 'x'.repeat(size));
    const taken = await files.take('plain', 1 << 20);
    expect(taken).toMatchObject({ kind: 'file', size, executable: false });
    expect(Buffer.from(taken?.bytes ?? 'none').toString()).toBe('x'.repeat(size));
  });

  it('keeps what it holds when others are taken after it', async () => {
    for (let count = 0; count < 50; count++) writeFileSync(join(folder.path, `n${count}`), `${count} `.repeat(4_000));
    const all = await Promise.all(Array.from({ length: 50 }, (_, count) => files.take(`n${count}`, 1 << 20)));
    expect(all.map((taken) => Buffer.from(taken?.bytes ?? '').toString())).toEqual(
      Array.from({ length: 50 }, (_, count) => `${count} `.repeat(4_000)),
    );
  });

  it('is not read where it is too large, and it is said how large', async () => {
    writeFileSync(join(folder.path, 'large'), 'x'.repeat(11));
    expect(await files.take('large', 10)).toEqual({ kind: 'file', size: 11, executable: false, bytes: undefined });
    expect((await files.take('large', 11))?.bytes).toHaveLength(11);
  });

  it('may be executable', async () => {
    writeFileSync(join(folder.path, 'script'), '#!/bin/sh\n');
    chmodSync(join(folder.path, 'script'), 0o755);
    expect((await files.take('script', 100))?.executable).toBe(true);
  });

  it('is not what a link leads to', async () => {
    writeFileSync(join(folder.path, 'target'), 'secret');
    symlinkSync('target', join(folder.path, 'link'));
    symlinkSync('nowhere', join(folder.path, 'broken'));
    for (const name of ['link', 'broken']) {
      expect(await files.take(name, 100)).toMatchObject({ kind: 'symlink', bytes: undefined });
    }
  });

  it('is not waited for where it is a pipe, a socket or a folder', async () => {
    spawnSync('mkfifo', [join(folder.path, 'pipe')]);
    mkdirSync(join(folder.path, 'folder'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder.path, 'socket'), resolve));
    try {
      const kinds = await Promise.all(['pipe', 'socket', 'folder'].map((name) => files.take(name, 100)));
      expect(kinds.map((taken) => [taken?.kind, taken?.bytes])).toEqual([
        ['other', undefined],
        ['other', undefined],
        ['directory', undefined],
      ]);
    } finally {
      server.close();
    }
  });

  it('may not be there', async () => {
    expect(await files.take('missing', 100)).toBeUndefined();
    expect(await files.take('plain/below', 100)).toBeUndefined();
  });
});
