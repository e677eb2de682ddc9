import { describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import type { CommandName } from '../../src/inputs/commands.ts';
import { defineInputs } from '../../src/inputs/define.ts';
import { actionInputs, doubtfulVariables, parseInputs, parseTable } from '../../src/inputs/parse.ts';
import type { RawInputs } from '../../src/inputs/sources.ts';

function raw(given: Partial<RawInputs>): RawInputs {
  return { flags: {}, env: {}, ...given };
}

function problemsOf(command: CommandName, given: Partial<RawInputs>): readonly string[] {
  try {
    parseInputs(command, raw(given));
  } catch (error) {
    if (error instanceof ToolError && error.code === 'input') return error.problems;
    throw error;
  }
  return [];
}

const WAIT = { revision: 'a'.repeat(40), 'argocd-server': 'argocd.example.com' };

describe('parseInputs', () => {
  it('applies the defaults of the table and leaves out what has none', () => {
    expect(parseInputs('wait', raw({ flags: WAIT }))).toEqual({
      images: [],
      engine: 'auto',
      argocdAccess: 'server',
      manifests: [],
      contexts: [],
      contextsRequired: 1,
      forge: 'auto',
      revision: 'a'.repeat(40),
      targets: [],
      argocdServer: 'argocd.example.com',
      refresh: true,
      sync: 'never',
      timeout: 600_000,
      reports: [],
      stableFor: 10_000,
      degradedGrace: 30_000,
      appearTimeout: 60_000,
      suspended: 'wait',
      format: 'text',
      logLevel: 'info',
      dryRun: false,
      allowUntrustedEvent: false,
    });
  });

  it('prefers the flag to the variable, the variable to the CI system, and that to the default', () => {
    const env = { DRAWBRIDGE_ARGOCD_SERVER: 'from-variable', ARGOCD_SERVER: 'from-ci', DRAWBRIDGE_TIMEOUT: '1m' };
    const flags = { revision: 'r', 'argocd-server': 'from-flag', timeout: '2m' };
    expect(parseInputs('wait', raw({ flags, env }))).toMatchObject({ argocdServer: 'from-flag', timeout: 120_000 });
    expect(parseInputs('wait', raw({ flags: { revision: 'r' }, env }))).toMatchObject({
      argocdServer: 'from-variable',
      timeout: 60_000,
    });
    expect(parseInputs('wait', raw({ flags: { revision: 'r' }, env: { ARGOCD_SERVER: 'from-ci' } }))).toMatchObject({
      argocdServer: 'from-ci',
      timeout: 600_000,
    });
  });

  it('takes an empty or blank text as not given, in every form', () => {
    const env = { DRAWBRIDGE_TIMEOUT: '  ', DRAWBRIDGE_ARGOCD_SERVER: '', ARGOCD_SERVER: 'next' };
    const values = parseInputs('wait', raw({ flags: { revision: 'r', sync: '' }, action: { suspended: ' \n' }, env }));
    expect(values).toMatchObject({ timeout: 600_000, argocdServer: 'next', sync: 'never', suspended: 'wait' });
  });

  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2h5s', 7_205_000],
    ['0s', 0],
    ['168h', 604_800_000],
  ])('reads the duration %s as %d milliseconds', (text, milliseconds) => {
    expect(parseInputs('wait', raw({ flags: { ...WAIT, timeout: text } })).timeout).toBe(milliseconds);
  });

  it.each(['600', '5 m', '1.5h', '30m1h', '-5s', 's', '10M', '169h', '9999999999999999999h'])(
    'refuses the duration %j',
    (text) => {
      const [problem, ...others] = problemsOf('wait', { flags: { ...WAIT, timeout: text } });
      expect(problem).toMatch(/^--timeout: ".*" is (no duration; write it like 90s, 10m or 1h30m|longer than 168h)/);
      expect(others).toEqual([]);
    },
  );

  it.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
  ])('reads the boolean word %s', (text, value) => {
    expect(parseInputs('validate', raw({ action: { paths: '.', strict: text } })).strict).toBe(value);
  });

  it.each(['yes', 'on', '1', '0', 'tRuE', 'y', 'null'])('refuses the boolean word %j', (text) => {
    expect(problemsOf('validate', { action: { paths: '.', strict: text } })).toEqual([
      `The input strict: "${text}" is neither true nor false`,
    ]);
  });

  it('reads lists by lines in the Action and in variables, without blank lines and comments', () => {
    const text = '# two images\r\n  ghcr.io/acme/api:1.10  \n\n\tghcr.io/acme/web:2\n# end\n';
    const expected = ['ghcr.io/acme/api:1.10', 'ghcr.io/acme/web:2'];
    expect(parseInputs('bump', raw({ action: { images: text } })).images).toEqual(expected);
    expect(parseInputs('bump', raw({ env: { DRAWBRIDGE_IMAGES: text } })).images).toEqual(expected);
    expect(parseInputs('bump', raw({ flags: { images: text } })).images).toEqual(expected);
  });

  it('takes items of repeated flags literally, spaces and "#" included', () => {
    const flags = { ignore: ['my folder/**', '#notes.yaml'] };
    expect(parseInputs('validate', raw({ flags, positionals: ['a', 'b c'] }))).toMatchObject({
      ignore: ['my folder/**', '#notes.yaml'],
      paths: ['a', 'b c'],
    });
  });

  it('keeps spaces in items of a variable, except where a component says that they separate', () => {
    const env = { DRAWBRIDGE_IGNORE: 'my folder/**\n# a note\nb.yaml c.yaml' };
    expect(parseInputs('validate', raw({ positionals: ['.'], env })).ignore).toEqual(['my folder/**', 'b.yaml c.yaml']);
    const component = { ...env, DRAWBRIDGE_LIST_SEPARATOR: 'space' };
    expect(parseInputs('validate', raw({ positionals: ['.'], env: component })).ignore).toEqual([
      'my',
      'folder/**',
      'b.yaml',
      'c.yaml',
    ]);
  });

  it('joins paths after the command with those of the flag', () => {
    expect(parseInputs('validate', raw({ flags: { paths: 'a' }, positionals: ['b', '-'] })).paths).toEqual([
      'a',
      'b',
      '-',
    ]);
  });

  it('ignores variables of inputs that the command does not take', () => {
    expect(
      problemsOf('validate', {
        positionals: ['.'],
        env: { DRAWBRIDGE_TIMEOUT: 'nonsense', DRAWBRIDGE_PORT: 'tcp://x' },
      }),
    ).toEqual([]);
  });
});

describe('what parseInputs refuses', () => {
  it('names every problem at once, each with its place', () => {
    const flags = { imges: 'x', 'dry-run': 'maybe', strategy: 'comit', 'stable-for': '5m' };
    const given = {
      flags,
      positionals: ['extra'],
      env: { DRAWBRIDGE_CONFLICT_TIMEOUT: 'soon' },
      problems: ['--files needs a value'],
    };
    expect(problemsOf('bump', given)).toEqual([
      '--files needs a value',
      '--imges is unknown. Did you mean --images?',
      '--stable-for is not an input of bump; it belongs to wait and deliver',
      '"extra" is not expected: bump takes flags only',
      'images is missing: give --images or the variable DRAWBRIDGE_IMAGES, for example ghcr.io/acme/shop-api:1.4.2',
      '--strategy: "comit" is not one of commit, pull-request or dry-run. Did you mean commit?',
      'The variable DRAWBRIDGE_CONFLICT_TIMEOUT: "soon" is no duration; write it like 90s, 10m or 1h30m',
      '--dry-run: "maybe" is neither true nor false',
    ]);
  });

  it('is a ToolError of code input with a count and a next step', () => {
    expect(() => parseInputs('bump', raw({}))).toThrow(
      expect.objectContaining({
        code: 'input',
        message: 'One input of bump is wrong',
        hint: 'drawbridge bump --help shows every input with an example.',
      }),
    );
  });

  it('lets one input stand in for another that is required', () => {
    const flags = { set: 'a.yaml#b=c' };
    expect(parseInputs('bump', raw({ flags }))).toMatchObject({ images: [], set: ['a.yaml#b=c'] });
    expect(problemsOf('deliver', { flags: { ...flags, 'argocd-server': 'x' } })).toEqual([]);
  });

  it('speaks of inputs, not of flags, in the Action', () => {
    expect(problemsOf('bump', { action: { command: 'bump', strict: 'true' } })).toEqual([
      'The input strict is not an input of bump; it belongs to validate and deliver',
      'images is missing: give the input images, for example ghcr.io/acme/shop-api:1.4.2',
    ]);
  });

  it('refuses revision for deliver, which finds its own', () => {
    const flags = { images: 'a:1', 'argocd-server': 'x', revision: 'abc' };
    expect(problemsOf('deliver', { flags })).toEqual(['--revision is not an input of deliver; it belongs to wait']);
  });

  it('refuses secrets as flags, names the variables, and never repeats the value', () => {
    const problems = problemsOf('bump', { flags: { images: 'a:1', token: 'hunter2-hunter2' } });
    expect(problems).toEqual([
      '--token does not exist, since everybody on the machine can read flags; set the variable DRAWBRIDGE_TOKEN, GITHUB_TOKEN, GITLAB_TOKEN or CI_JOB_TOKEN',
    ]);
    const key = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----';
    const env = { DRAWBRIDGE_APP_ID: '17', DRAWBRIDGE_APP_PRIVATE_KEY: `${key}\n` };
    expect(parseInputs('bump', raw({ flags: { images: 'a:1' }, env })).appPrivateKey).toBe(key);
    expect(problemsOf('bump', { flags: { images: 'a:1' }, env: { DRAWBRIDGE_TOKEN: 'hunter2\nhunter2' } })).toEqual([
      'The variable DRAWBRIDGE_TOKEN: the token holds control characters; was it cut or copied with a line break?',
    ]);
  });

  it('refuses a value that is given twice, and no list', () => {
    const flags = { images: ['a:1', 'b:1'], author: ['A <a@b>', 'C <c@d>'] };
    expect(problemsOf('bump', { flags })).toEqual(['--author is given 2 times; it takes one value']);
  });

  it('does not call missing what was given without a value', () => {
    expect(problemsOf('bump', { flags: { images: [] }, problems: ['--images needs a value'] })).toEqual([
      '--images needs a value',
    ]);
  });

  it('writes --no-name as people must write it', () => {
    expect(problemsOf('validate', { positionals: ['.'], flags: { 'no-strict': 'true' } })).toEqual([
      '--no-strict is unknown; write --strict=false',
    ]);
  });

  it.each([
    ['a line break', 'a\nb', 'a\\u{a}b'],
    ['an escape sequence', 'a\u001b[31mb', 'x'],
    ['a NUL', 'a\0b', 'x'],
    ['a right-to-left override', 'a\u202eb', 'x'],
    ['a line separator', 'a\u2028b', 'x'],
    ['a C1 control', 'a\u009bb', 'x'],
  ])('refuses %s in a value', (_, text) => {
    const problem = 'holds control characters, which are never part of a value';
    expect(problemsOf('bump', { flags: { images: 'a:1', 'commit-message': text } })).toEqual([
      `--commit-message: ${problem}`,
    ]);
    expect(problemsOf('bump', { action: { images: 'a:1', 'base-branch': text } })).toEqual([
      `The input base-branch: ${problem}`,
    ]);
  });

  it('never throws for names of Object itself', () => {
    const flags = Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'x'],
      ['images', 'a:1'],
    ]);
    expect(problemsOf('bump', { flags })).toEqual(['--__proto__ is unknown.', '--constructor is unknown.']);
  });
});

describe('parseTable', () => {
  const table = defineInputs({
    limit: { kind: 'integer', commands: ['bump'], description: 'How many.', example: '3', renamedFrom: ['maximum'] },
  });

  it.each([
    ['0', 0],
    ['20', 20],
  ])('reads the whole number %s', (text, value) => {
    expect(parseTable(table, 'bump', raw({ flags: { limit: text } }))).toEqual({ limit: value });
  });

  it.each(['-1', '1.5', '1e3', '0x10', 'ten', '9999999999999999'])('refuses %j as a whole number', (text) => {
    expect(() => parseTable(table, 'bump', raw({ flags: { limit: text } }))).toThrow(
      expect.objectContaining({ problems: [`--limit: "${text}" is no whole number`] }),
    );
  });

  it('tells the new name of a renamed input, for flags, inputs and variables', () => {
    const given = raw({ flags: { maximum: '3' }, action: { maximum: '3' }, env: { DRAWBRIDGE_MAXIMUM: '3' } });
    expect(() => parseTable(table, 'bump', given)).toThrow(
      expect.objectContaining({
        problems: [
          '--maximum is called --limit now',
          'The input maximum is called limit now',
          'The variable DRAWBRIDGE_MAXIMUM is called DRAWBRIDGE_LIMIT now',
        ],
      }),
    );
  });
});

describe('actionInputs', () => {
  it('reads what the runner sets, hyphens kept, and leaves out what is empty', () => {
    const env = {
      INPUT_COMMAND: 'bump',
      'INPUT_CONFIG-REPOSITORY': ' ../config\n',
      INPUT_IMAGES: '',
      INPUT_FOREIGN: 'x',
    };
    expect(actionInputs(env)).toEqual({ command: 'bump', 'config-repository': '../config' });
  });
});

describe('doubtfulVariables', () => {
  it('points at variables that are nearly right, and at no others', () => {
    const env = {
      DRAWBRIDGE_IMAGE: 'a:1',
      DRAWBRIDGE_SERVICE_HOST: '10.0.0.1',
      DRAWBRIDGE_OUT_REVISION: 'x',
      DRAWBRIDGE_IMAGES: 'a:1',
      DRAWBRIDGE_PROGRAM: 'npx drawbridge',
      DRAWBRIDGE_LIST_SEPARATOR: 'space',
    };
    expect(doubtfulVariables(env)).toEqual([
      'The variable DRAWBRIDGE_IMAGE is not read. Did you mean DRAWBRIDGE_IMAGES?',
    ]);
  });
});

describe('an input that is required by the value of others', () => {
  it.each([
    [{ engine: 'argocd' }, ['argocd-server is missing']],
    [{ engine: 'argocd', 'argocd-access': 'server' }, ['argocd-server is missing']],
    [{ engine: 'argocd', 'argocd-access': 'kubernetes' }, []],
    [{}, []],
  ])('with %j: %j', (flags, expected) => {
    const problems = problemsOf('wait', { flags: { revision: 'abc', ...flags } });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(expected);
  });
});
