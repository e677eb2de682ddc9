import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

const isInstalled = spawnSync('actionlint', ['--version']).status === 0;
const whenInstalled = isInstalled ? describe : describe.skip;

const workflow = (uses: string, inputs: string, output: string) => `
on: [push]
jobs:
  use:
    runs-on: ubuntu-latest
    steps:
      - uses: ${uses}
        id: it
        with: {${inputs}}
      - run: echo "\${{ steps.it.outputs.${output} }}"
`;

/** actionlint reads an action.yml only through a workflow that uses it; then it checks both against each other. */
whenInstalled(isInstalled ? 'the Actions' : 'the Actions (skipped: actionlint is not installed)', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'actionlint-'));
    await run('git', ['init', '--quiet'], { cwd: folder });
    await cp('action.yml', join(folder, 'action.yml'));
    await cp('actions', join(folder, 'actions'), { recursive: true });
    for (const path of ['dist', '.github/workflows']) await mkdir(join(folder, path), { recursive: true });
    for (const entry of ['action.js', 'post.js']) await writeFile(join(folder, 'dist', entry), '');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function lint(text: string): Promise<string> {
    await writeFile(join(folder, '.github/workflows/ci.yml'), text);
    const options = ['-shellcheck=', '-pyflakes=', '-oneline', '-no-color'];
    return run('actionlint', options, { cwd: folder }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    );
  }

  it.each([
    ['./', "command: bump, images: 'a:1'", 'changed'],
    ['./actions/validate', 'paths: .', 'errors'],
    ['./actions/bump', "images: 'a:1'", 'revision'],
    ['./actions/wait', 'revision: abc', 'verdict'],
    ['./actions/deliver', "images: 'a:1', on-failure: rollback", 'targets'],
  ])('%s is valid, and a workflow can use it', async (uses, inputs, output) => {
    expect(await lint(workflow(uses, inputs, output))).toBe('');
  });

  it('name an input or output that is misspelt in a workflow', async () => {
    const text = await lint(workflow('./actions/bump', "image: 'a:1'", 'revison'));
    expect(text).toMatch(/input "image" is not defined/);
    expect(text).toMatch(/property "revison" is not defined/);
    expect(await lint(workflow('./actions/validate', 'strict: true', 'errors'))).toMatch(/missing input "paths"/);
  });
});
