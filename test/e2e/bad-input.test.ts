import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ended, type ProgramOptions, startSource, temporaryFolder } from '../support/program.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
const secret = (name: string, rest: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n${rest}\n`;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder.path, path, '..'), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
}

function run(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return startSource('cli', ['validate', ...args], { cwd: folder.path, ...options }).ended;
}

describe('memory', () => {
  /** Prints the most memory that the program held, in KiB. */
  const watched =
    "--import=data:text/javascript,process.on('exit',()=>process.stderr.write('maxrss='+process.resourceUsage().maxRSS))";
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, n) => line(n)).join('');

  it.each([
    ['as many keys as the limits allow', `${HEAD}data:\n${many(99_000, (n) => `  k${n}: v\n`)}`],
    ['as many objects as the limits allow', many(9_999, (n) => `${HEAD.replace('x', `a${n}`)}data: {a: b}\n---\n`)],
    ['a text as long as the limits allow', `${HEAD}data: {a: "${'x'.repeat(4_000_000)}"}\n`],
    ['mistakes on 10,000 lines', `${HEAD}data:\n${many(10_000, (n) => `  k${n}: yes\n`)}`],
  ])(
    'stays below 512 MB for %s',
    async (_title, text) => {
      write({ 'x.yaml': text });
      const { stderr, exitCode } = await run(['.'], { env: { NODE_OPTIONS: `--max-old-space-size=384 ${watched}` } });
      expect(Number(/maxrss=(\d+)/.exec(stderr)?.[1])).toBeLessThan(512 * 1024);
      expect([0, 1]).toContain(exitCode);
    },
    60_000,
  );

  it('stops reading standard input at its limit', async () => {
    const { stdout, exitCode } = await run(['-'], { input: `${HEAD}data: {a: "${'x'.repeat(5 << 20)}"}\n` });
    expect(stdout).toContain('standard input holds more than 4194304 bytes');
    expect(exitCode).toBe(65);
  });
});

describe('a run that is told to stop', () => {
  it('stops in the midst of many files', async () => {
    const text = `${HEAD}data: {a: b}\n---\n`.repeat(2_000);
    write(Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}.yaml`, text])));
    const told =
      "--import=data:text/javascript,process.on('newListener',(name)=>name==='SIGINT'&&console.error('listening'))";
    const running = startSource('cli', ['validate', '.'], { cwd: folder.path, env: { NODE_OPTIONS: told } });
    await running.said(/listening/);
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect([exitCode, stdout]).toEqual([130, expect.stringContaining('interrupted (SIGINT)')]);
  }, 60_000);
});

describe('a run on files of strangers', () => {
  it('needs no PATH, and leaves no file behind', async () => {
    write({ 'a.yaml': HEAD, 'kustomization.yaml': 'resources: ["https://git.example.com/a.git//x?ref=v1", a.yaml]\n' });
    const env = { PATH: '', HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
    const { exitCode, stdout } = await run(['.'], { env });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 object in ')]);
    expect(readdirSync(folder.path).sort()).toEqual(['a.yaml', 'kustomization.yaml']);
  });

  it('prints nothing that a CI system or a terminal takes for a command, whatever files are called', async () => {
    const names = [
      '::error::x.yaml',
      '##[group]x.yaml',
      'a\n::set-output name=a::b.yaml',
      '\u001b[2Jx.yaml',
      '\u202etxt.yaml',
      '%0A::add-mask::x.yaml',
    ];
    write(Object.fromEntries(names.map((name) => [name, `${HEAD}x: 1\n`])));
    const { stdout, stderr, exitCode } = await run(['.']);
    expect(exitCode).toBe(1);
    expect(runnerCommands(stdout + stderr, ANY_COMMAND)).toEqual([]);
    expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('values of Secrets', () => {
  const VALUES = /hunter2|48151623421|aHVudGVy/i;
  const FILES = {
    'types.yaml': secret('a', 'stringData: {password: hunter2-a, pin: 48151623421, flag: yes}\nunknown: hunter2-b'),
    'base64.yaml': secret(
      'b',
      'type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: hunter2-c!\n  t: aHVudGVyMg==\n  t: aHVudGVyMg==',
    ),
    'list.yaml': secret('c', 'stringData: [hunter2-d]'),
    'text.yaml': secret('d', 'type: kubernetes.io/tls\nstringData: hunter2-e'),
    'item.yaml': `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: e}\n    stringData: {a: 48151623421, "hunter 2": hunter2-f}\n`,
    'colon.yaml': secret('f', 'stringData:\n  password: hunter2-g: x'),
    'tab.yaml': secret('g', 'stringData:\n\tpassword: hunter2-h'),
    'escape.yaml': secret('h', 'stringData:\n  password: "hunter2-i\\q"'),
    'tag.yaml': secret('i', 'stringData:\n  password: !Hunter2 hunter2-j'),
    'alias.yaml': secret('j', 'stringData:\n  password: *hunter2-k'),
    'block.yaml': secret('k', 'stringData:\n  password: |\n   hunter2-l\n  hunter2-m'),
    'comma.json':
      '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "l"}, "stringData": {"password": "hunter2-n",}}',
    'word.json': '{"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "hunter2-o" hunter2}}',
    'quote.json': '{"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "hunter2-p"hunter2"q"}}',
    'environment.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: a\n      image: a\n      env:\n        - name: DB_PASSWORD\n          value: 48151623421\n        - {name: API_TOKEN, value: 48151623421}\n',
  };
  const REPORTS = ['sarif', 'codequality', 'junit', 'json', 'tap', 'comment'];

  it('are in no report of any format', async () => {
    write(FILES);
    const wanted = REPORTS.flatMap((kind) => ['--reports', `${kind}=reports/${kind}`]);
    const { stdout, stderr, exitCode } = await run([
      '.',
      ...wanted,
      '--enable-rules',
      'practice',
      '--log-level',
      'debug',
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/(\d{2,}) errors/);
    expect(stdout + stderr).not.toMatch(VALUES);
    for (const kind of REPORTS) {
      const report = readFileSync(join(folder.path, 'reports', kind), 'utf8');
      expect([kind, VALUES.exec(report)?.[0]]).toEqual([kind, undefined]);
      expect(report).toContain('alias.yaml');
    }
    expect((await run(['.', '--format', 'json'])).stdout).not.toMatch(VALUES);
  }, 60_000);

  it('are in no annotation and no summary of a job', async () => {
    write(FILES);
    write({ 'github/summary': '', 'github/output': '' });
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: folder.path,
      GITHUB_STEP_SUMMARY: join(folder.path, 'github/summary'),
      GITHUB_OUTPUT: join(folder.path, 'github/output'),
      INPUT_COMMAND: 'validate',
      INPUT_PATHS: '.',
    };
    const { stdout, stderr, exitCode } = await startSource('action', [], { cwd: folder.path, env }).ended;
    const summary = readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8');
    expect([exitCode, stdout, summary]).toEqual([
      1,
      expect.stringContaining('::error'),
      expect.stringContaining('alias.yaml'),
    ]);
    expect(stdout + stderr + summary + readFileSync(env.GITHUB_OUTPUT, 'utf8')).not.toMatch(VALUES);
  }, 60_000);
});
