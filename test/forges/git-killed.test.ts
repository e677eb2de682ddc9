import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { FILES, NEW } from '../support/killed-run.ts';
import { runCli, startCli } from '../support/program.ts';
import { temporaryFolder } from '../support/real-host.ts';
import { SHOP } from '../support/request-stage.ts';

let repository: BareRepository;
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  repository = createBareRepository(FILES);
  folder = temporaryFolder();
});
afterEach(() => {
  repository.remove();
  folder.remove();
});

const options = () => ({ env: { TMPDIR: folder.path } });
const bump = () => ['bump', '--forge', 'git', '--config-repository', repository.path, '--images', NEW];

/** The hook stops there, and says which process group it belongs to. @returns waits for that */
function stopIn(hook: string): () => Promise<number> {
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  repository.hook(hook, `ps -o pgid= -p $$ >'${pipe}'; sleep 60`);
  return async () => Number(await readFile(pipe, 'utf8'));
}

/** The program, Git, and all that they started end at once, as when a runner is taken away. */
async function killIn(hook: string): Promise<void> {
  const stopped = stopIn(hook);
  const { child, ended } = startCli(bump(), options());
  const group = await stopped();
  child.kill('SIGKILL');
  process.kill(-group, 'SIGKILL');
  expect((await ended).exitCode).toBeNull();
  repository.hook(hook, 'exit 0');
}

function expectOneCommit(): void {
  expect(repository.history()).toHaveLength(2);
  expect(repository.text(SHOP)).toContain(NEW);
  expect(repository.git('fsck', '--connectivity-only', '--no-dangling')).toBe('');
}

describe('a run that is killed while it pushes', () => {
  it('before the branch has moved: the next one does it, once, beside what was left behind', async () => {
    await killIn('pre-receive');
    expect(repository.history()).toHaveLength(1);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('drawbridge-git'))).not.toEqual([]);
    expect((await runCli(bump(), options())).exitCode).toBe(0);
    expectOneCommit();
    expect((await runCli(bump(), options())).exitCode).toBe(0);
    expectOneCommit();
  }, 120_000);

  it('after the branch has moved: the next one finds it, and does nothing', async () => {
    await killIn('post-receive');
    expectOneCommit();
    const tip = repository.head();
    const again = await runCli([...bump(), '--format', 'json'], options());
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ outputs: { changed: 'false', revision: tip } });
    expect(repository.head()).toBe(tip);
  }, 120_000);

  it('and the lock of the branch stays on the server: the next one says so, and writes nothing until it is gone', async () => {
    const lock = join(repository.path, 'refs', 'heads', 'main.lock');
    writeFileSync(lock, '');
    const blocked = await runCli([...bump(), '--conflict-timeout', '1s'], options());
    expect([blocked.exitCode, blocked.stderr]).toEqual([75, expect.stringMatching(/lock/)]);
    expect(repository.history()).toHaveLength(1);
    rmSync(lock);
    expect((await runCli(bump(), options())).exitCode).toBe(0);
    expectOneCommit();
  }, 120_000);
});
