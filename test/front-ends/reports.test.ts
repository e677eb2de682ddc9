import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Conducted, conduct } from '../../src/front-ends/conduct.ts';
import { reportDirectory } from '../../src/front-ends/report-directory.ts';
import type { Host } from '../../src/host.ts';
import { parseFlags } from '../../src/inputs/flags.ts';
import { createLogStyle } from '../../src/reporting/log-style.ts';
import { renderText } from '../../src/reporting/text.ts';
import { readXml } from '../support/xml.ts';

const GOOD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\ndata:\n  a: b\n';
const BAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bad\ndta:\n  a: b\n';
/** Ambiguous: a warning, and no more. */
const DOUBTFUL = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: doubtful\nimmutable: yes\n';

let folder: string;
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
  log = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function run(argv: readonly string[], env: Host['env'] = {}): Promise<Conducted> {
  return conduct(
    'validate',
    { ...parseFlags(['validate', ...argv]), env },
    {
      env,
      currentDirectory: folder,
      signal: new AbortController().signal,
      style: createLogStyle('terminal', { colour: false }),
      writeLine: (line) => void log.push(line),
    },
  );
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function outcomeOf({ result }: Conducted) {
  if (result instanceof Error) throw result;
  return result;
}

describe('reports', () => {
  it('of all kinds are written when there are findings, and named by the output', async () => {
    put({ 'apps/good.yaml': GOOD, 'apps/bad.yaml': BAD });
    const kinds = ['sarif', 'codequality', 'junit', 'json', 'tap', 'comment'];
    const conducted = await run(['apps', ...kinds.map((kind) => `--reports=${kind}=out/${kind}`), '--output=out.env']);
    expect(conducted.exitCode).toBe(1);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([...kinds].sort());
    for (const kind of kinds) expect(read(`out/${kind}`)).toContain('apps/bad.yaml');
    const suites = readXml(read('out/junit')).children.map(({ attributes }) => [attributes.name, attributes.failures]);
    expect(suites).toEqual([
      ['apps/bad.yaml', '1'],
      ['apps/good.yaml', '0'],
    ]);
    expect(JSON.parse(read('out/json'))).toMatchObject({
      exitCode: 1,
      outputs: { 'report-file': 'out/sarif', errors: '1' },
    });
    expect(read('out.env')).toContain('DRAWBRIDGE_OUT_REPORT_FILE=out/sarif\n');
  });

  it('are written when the run ends with an error, wrong inputs among them', async () => {
    put({ 'values.yaml': 'a: 1\n' });
    expect((await run(['.', '--reports=junit=junit.xml'])).exitCode).toBe(69);
    expect(read('junit.xml')).toContain('There is no Kubernetes object in .');
    expect((await run(['.', '--fail-on=never', '--reports=junit=junit.xml'])).exitCode).toBe(64);
    expect(read('junit.xml')).toContain('fail-on');
  });

  it('are not written where one of their entries is wrong, and nothing is checked', async () => {
    put({ 'bad.yaml': BAD });
    const { exitCode, result } = await run(['.', '--reports=json=a.json', '--reports=jsn=b.json']);
    expect(exitCode).toBe(64);
    expect(result).toMatchObject({ problems: [expect.stringContaining('Did you mean json?')] });
    expect(readdirSync(folder)).toEqual(['bad.yaml']);
  });

  it('start from the folder of the command, and name paths from the root of the repository', async () => {
    put({ 'repo/config/apps/bad.yaml': BAD });
    const argv = [
      'apps',
      '--working-directory=repo/config',
      '--reports=codequality=cq.json',
      '--reports=json=out.json',
    ];
    const conducted = await run(argv, { GITLAB_CI: 'true', CI_PROJECT_DIR: join(folder, 'repo') });
    expect(JSON.parse(read('cq.json'))).toMatchObject([{ location: { path: 'config/apps/bad.yaml' } }]);
    expect(JSON.parse(read('out.json'))).toMatchObject({ findings: [{ path: 'apps/bad.yaml' }] });
    expect(conducted.directory).toBe('config');
    expect(await conducted.workplace.files.read('apps/bad.yaml')).toBeDefined();
  });

  it('hide no finding and spoil no other report when one cannot be written', async () => {
    put({ 'doubtful.yaml': DOUBTFUL, file: '' });
    const conducted = await run([
      'doubtful.yaml',
      '--reports=junit=file/a.xml',
      '--reports=json=out.json',
      '--output=out.env',
    ]);
    const outcome = outcomeOf(conducted);
    expect([conducted.exitCode, outcome.exitCode, outcome.result]).toEqual([74, 74, 'error']);
    expect(outcome.findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(renderText(outcome)).toMatch(
      /doubtful\.yaml:5:\d+ warning[\s\S]*✗ [\s\S]*not everything could\s+be written[\s\S]*file\/a\.xml/,
    );
    expect(log.join('\n')).toMatch(/error: The report junit could not be written: file\/a\.xml: /);
    const document: unknown = JSON.parse(read('out.json'));
    expect(document).toMatchObject({
      exitCode: 74,
      result: 'error',
      outputs: { result: 'error', 'report-file': 'out.json' },
    });
    expect(document).toMatchObject({ findings: [{ severity: 'warning' }] });
    expect(read('out.env')).toContain('DRAWBRIDGE_OUT_REPORT_FILE=out.json\n');
  });

  it('keep the exit code of a run that failed anyway', async () => {
    put({ 'bad.yaml': BAD, file: '' });
    const conducted = await run(['bad.yaml', '--reports=sarif=file/a.sarif']);
    expect([conducted.exitCode, outcomeOf(conducted).findings.length]).toEqual([1, 1]);
    expect(conducted.outputs).not.toHaveProperty('report-file');
    expect(outcomeOf(conducted).notes.join('\n')).toContain('The report sarif could not be written');
  });

  it('hold no secret, in whatever form a format writes it', async () => {
    const secret = 'hunter2&"<hunter2';
    put({ 'bad.yaml': BAD.replace('dta', `'${secret}'`) });
    const kinds = ['sarif', 'codequality', 'junit', 'json', 'tap', 'comment'];
    await run(['bad.yaml', ...kinds.map((kind) => `--reports=${kind}=out/${kind}`)], { DRAWBRIDGE_TOKEN: secret });
    for (const kind of kinds) {
      expect(read(`out/${kind}`).replaceAll('\\*', '*')).toContain('***');
      expect(read(`out/${kind}`)).not.toContain('hunter2');
    }
  });

  it('carry no list of objects along where none is wanted', async () => {
    put({ 'good.yaml': GOOD });
    expect(outcomeOf(await run(['good.yaml']))).not.toHaveProperty('checked');
    expect(outcomeOf(await run(['good.yaml', '--reports=tap=a.tap'])).checked).toHaveLength(1);
  });
});

describe('the folder of a report', () => {
  const at = (env: Host['env'], workplace: string) =>
    reportDirectory({ env, workingDirectory: '/repo/sub' }, { workingDirectory: workplace });

  it.each([
    [{}, '/repo/sub', ''],
    [{}, '/repo/sub/a/b', 'a/b'],
    [{}, '/repo/other', '../other'],
    [{ GITLAB_CI: 'true', CI_PROJECT_DIR: '/repo' }, '/repo/sub/a', 'sub/a'],
    [{ GITLAB_CI: 'true', CI_PROJECT_DIR: '/builds/acme/config' }, '/repo/sub/a', 'a'],
    [{ CI_PROJECT_DIR: '/repo' }, '/repo/sub/a', 'a'],
    [{ GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/repo' }, '/repo/..x', '..x'],
  ])('with %j at %s is %j', (env, workplace, expected) => {
    expect(at(env, workplace)).toBe(expected);
  });
});
