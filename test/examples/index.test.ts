import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { git } from '../support/bare-repository.ts';
import { EXAMPLES, exampleText } from '../support/example.ts';
import { ROOT, temporaryFolder } from '../support/program.ts';

const isInstalled = spawnSync('actionlint', ['--version']).status === 0;
const whenInstalled = isInstalled ? it : it.skip;
const FOLDER = join(ROOT, 'docs/examples');
const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

describe('docs/examples', () => {
  it('has the examples that are executed, each in the table of its README', () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...EXAMPLES].sort());
    const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    expect([...index.matchAll(/^\| \[([a-z-]+)\]\(\1\) \|/gm)].map(([, name]) => name)).toEqual(EXAMPLES);
  });

  it.each(EXAMPLES)('%s names one version of Drawbridge, that of this repository', (example) => {
    const used = (text: string) => text.match(/drawbridge(?:\/[\w/]+)?@[\w.]+/g) ?? [];
    const github = used(exampleText(example, 'github.yml'));
    const gitlab = used(exampleText(example, 'gitlab.yml'));
    expect(Math.min(github.length, gitlab.length)).toBeGreaterThan(0);
    expect(github.filter((text) => !text.endsWith(`@v${VERSION.split('.')[0]}`))).toEqual([]);
    expect(gitlab.filter((text) => !text.endsWith(`@${VERSION}`))).toEqual([]);
  });

  whenInstalled(
    isInstalled ? 'passes actionlint' : 'passes actionlint (skipped: actionlint is not installed)',
    async () => {
      using folder = temporaryFolder();
      git(folder.path, ['init', '--quiet']);
      for (const path of ['dist', '.github/workflows']) mkdirSync(join(folder.path, path), { recursive: true });
      for (const path of ['action.yml', 'actions'])
        cpSync(join(ROOT, path), join(folder.path, path), { recursive: true });
      for (const entry of ['action.js', 'post.js']) writeFileSync(join(folder.path, 'dist', entry), '');
      for (const example of EXAMPLES) {
        // It reads inputs and outputs of an Action only where that is in the repository itself.
        const text = exampleText(example, 'github.yml').replaceAll(/drawbridge\/drawbridge([\w/]*)@v0/g, '.$1/');
        writeFileSync(join(folder.path, '.github/workflows', `${example}.yml`), text);
      }
      const options = ['-shellcheck=', '-pyflakes=', '-oneline', '-no-color'];
      const said = await promisify(execFile)('actionlint', options, { cwd: folder.path }).then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      );
      expect(said).toBe('');
    },
  );
});
