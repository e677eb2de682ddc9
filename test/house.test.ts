import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const runProgram = promisify(execFile);

/** Output of a tool of node_modules/.bin or a script, and whether it was content. */
async function outcomeOf(args: readonly string[]): Promise<string> {
  try {
    await runProgram(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
    return 'content';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  }
}

describe('the house is in order', () => {
  it.each([
    ['every type fits', ['node_modules/typescript/bin/tsc', '--noEmit']],
    [
      'format, lint, directions and cycles',
      ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
    ],
    ['no dead code and no unused dependency', ['node_modules/knip/bin/knip.js']],
    ['generated files are what the table says', ['scripts/generate.ts', '--check']],
    ['dist/ is what the source builds, byte for byte', ['scripts/build.ts', '--check']],
  ])(
    '%s',
    async (_title, args) => {
      expect(await outcomeOf(args)).toBe('content');
    },
    120_000,
  );

  it('the lock file carries no download address', () => {
    const lock: unknown = JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8'));
    expect(JSON.stringify(lock)).not.toMatch(/"resolved":"https?:/);
  });
});
