import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { violations } from '../support/json-schema.ts';
import { ROOT, runCli, temporaryFolder } from '../support/program.ts';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'outcome.schema.json'), 'utf8'));

const GOOD = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: blue
`;
const BAD = GOOD.replace('\ndata:', '\ndta:');

function withFiles(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder.path, path, '..'), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  return folder;
}

describe('the built command line', () => {
  it('says its version, that of Node.js, and what it was built from', async () => {
    const { stdout, exitCode } = await runCli(['--version']);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(stdout).toMatch(
      new RegExp(`^drawbridge ${version} \\([0-9a-f]{12}\\), Node\\.js ${process.versions.node}\n$`),
    );
    expect(exitCode).toBe(0);
  });

  it('says in one sentence that a Node.js is too old', async () => {
    const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})";
    const { stderr, stdout, exitCode } = await runCli(['validate', '.'], { env: { NODE_OPTIONS: `--import=${old}` } });
    expect([stderr, stdout, exitCode]).toEqual(['drawbridge needs Node.js 22 or newer; this is 20.19.0.\n', '', 64]);
  });

  it('shows the help of every command, and of itself', async () => {
    for (const command of ['validate', 'bump', 'wait', 'deliver', 'rollback', 'demo']) {
      const { stdout, exitCode } = await runCli([command, '--help']);
      expect(stdout).toContain(`drawbridge ${command}`);
      expect(exitCode).toBe(0);
    }
    const { stdout } = await runCli(['--help']);
    expect(stdout).toContain('deliver');
    const nothing = await runCli([]);
    expect([nothing.exitCode, nothing.stdout]).toEqual([64, '']);
  });

  it('validates good files, and counts them', async () => {
    using folder = withFiles({ 'a.yaml': GOOD, 'b/c.yaml': GOOD });
    const { stdout, exitCode } = await runCli(['validate', '.'], { cwd: folder.path });
    expect(stdout).toContain('2 objects in 2 files checked');
    expect(exitCode).toBe(0);
  });

  it('points at the line of a mistake, with what was meant', async () => {
    using folder = withFiles({ 'a.yaml': BAD });
    const { stdout, exitCode } = await runCli(['validate', 'a.yaml'], { cwd: folder.path });
    expect(stdout).toMatch(/^a\.yaml:5:1 error .*\[schema\/unknown-field\]$/m);
    expect(stdout).toContain('Did you mean data?');
    expect(exitCode).toBe(1);
  });

  it('reads standard input', async () => {
    const { stdout, exitCode } = await runCli(['validate', '-'], { input: BAD });
    expect(stdout).toMatch(/:5:1 error/);
    expect(exitCode).toBe(1);
  });

  it('ends with 69 when there is no Kubernetes object at all, unless that is allowed', async () => {
    using folder = withFiles({ 'values.yaml': 'image:\n  tag: 1\n' });
    const { stdout, exitCode } = await runCli(['validate', '.'], { cwd: folder.path });
    expect(exitCode).toBe(69);
    expect(stdout).toContain('1 file looked at');
    const allowed = await runCli(['validate', '.', '--allow-empty'], { cwd: folder.path });
    expect(allowed.exitCode).toBe(0);
  });

  it('names every wrong input at once, and ends with 64', async () => {
    const wrong = ['--engine', 'argocd', '--timeout', 'soon', '--sync', 'maybe', '--revison', 'x'];
    const { stdout, exitCode } = await runCli(['wait', ...wrong]);
    for (const part of ['timeout', 'sync', 'revison', 'revision is missing', 'argocd-server is missing'])
      expect(stdout).toContain(part);
    expect(exitCode).toBe(64);
  });

  it('does not know a command, and says which one may be meant', async () => {
    const { stderr, exitCode } = await runCli(['valdate', '.']);
    expect(stderr).toContain('Did you mean validate?');
    expect(exitCode).toBe(64);
  });

  it('prints exactly one JSON document that fits its schema, on success, findings and failure', async () => {
    using folder = withFiles({ 'good.yaml': GOOD, 'bad.yaml': BAD });
    const runs = [['validate', 'good.yaml'], ['validate', 'bad.yaml'], ['validate', 'no-such-file.yaml'], ['bump']];
    const results = [];
    for (const args of runs) {
      const { stdout, exitCode } = await runCli([...args, '--format', 'json'], { cwd: folder.path });
      const document = JSON.parse(stdout);
      expect(violations(SCHEMA, document)).toEqual([]);
      expect(document.exitCode).toBe(exitCode);
      results.push([document.command, document.result, exitCode, document.findings.length]);
    }
    expect(results).toEqual([
      ['validate', 'ok', 0, 0],
      ['validate', 'failed', 1, 1],
      ['validate', 'error', 69, 0],
      ['bump', 'error', 64, 0],
    ]);
  });

  it('writes the outputs as dotenv, on failure too', async () => {
    using folder = withFiles({ 'bad.yaml': BAD });
    await runCli(['validate', 'bad.yaml', '--output', 'out.env'], { cwd: folder.path });
    const lines = readFileSync(join(folder.path, 'out.env'), 'utf8').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining(['DRAWBRIDGE_OUT_RESULT=failed', 'DRAWBRIDGE_OUT_ERRORS=1', 'DRAWBRIDGE_OUT_DOCUMENTS=1']),
    );
  });
});
