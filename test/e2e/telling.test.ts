import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startGithubServer, TOKEN } from '../support/github-server.ts';
import { type Ended, type Running, startSource, temporaryFolder } from '../support/program.ts';

jest.setTimeout(60_000);

type Server = Awaited<ReturnType<typeof startGithubServer>>;
type Folder = ReturnType<typeof temporaryFolder>;

const FLUX = 'kustomization/apps/0c9c2e41';
const OWN = 'drawbridge/production';

let server: Server;
let folder: Folder;
beforeEach(async () => {
  server = await startGithubServer({ files: { 'app.yaml': 'a: 1\n' } });
  folder = temporaryFolder();
});
afterEach(async () => {
  folder[Symbol.dispose]();
  await server.close();
});

const inputs = () => ({
  'config-repository': server.url,
  forge: 'github',
  revision: server.repository.head(),
  engine: 'commit-status',
  contexts: 'kustomization/*',
  'stable-for': '1s',
  timeout: '40s',
  environment: 'production',
  'environment-url': 'https://shop.example.test/',
  'commit-status': 'true',
});

function startWait(flags: Readonly<Record<string, string>> = {}): Running {
  const args = Object.entries({ ...inputs(), ...flags }).map(([name, value]) => `--${name}=${value}`);
  return startSource('cli', ['wait', ...args], { env: { DRAWBRIDGE_TOKEN: TOKEN } });
}

function say(state: 'success' | 'failure', description: string): void {
  const sha = server.repository.head();
  server.state.words.statuses.push({ sha, context: FLUX, state, description, url: null });
}

const deployed = () => server.state.words.deployments.map(({ statuses }) => statuses.map(({ state }) => state));
const writes = () => server.requests.filter((one) => /^POST (?!graphql)/.test(one));
const ownStatuses = () =>
  server.state.words.statuses
    .filter(({ context }) => context === OWN)
    .map(({ state, description }) => `${state}: ${description}`);

/** Until the forge has been told that it began. */
async function begun(running: Running, isThere: () => boolean): Promise<void> {
  let ended = false;
  void running.ended.then(() => (ended = true));
  while (!isThere()) {
    if (ended) throw new Error(JSON.stringify(await running.ended));
    await pause(20);
  }
}

describe('a wait that tells the forge', () => {
  it('begins a deployment and a status, and ends both in success', async () => {
    say('success', 'reconciliation succeeded');
    const { exitCode, stderr } = await startWait().ended;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('live')]);
    expect(deployed()).toEqual([['in_progress', 'success']]);
    expect(server.state.words.deployments[0]?.statuses[1]).toMatchObject({
      environmentUrl: 'https://shop.example.test/',
      description: expect.stringMatching(/^[0-9a-f]{12} is live and healthy on kustomization/),
    });
    expect(ownStatuses()[0]).toBe('pending: waiting for the first answer');
    expect(ownStatuses().at(-1)).toMatch(/^success: [0-9a-f]{12} is live and healthy/);
    expect(server.problems()).toEqual([]);
  });

  it('tells a failure with its reason', async () => {
    say('failure', 'health check failed');
    expect((await startWait().ended).exitCode).toBe(1);
    expect(deployed()).toEqual([['in_progress', 'failure']]);
    expect(ownStatuses().at(-1)).toMatch(/^failure: .*health check failed/);
  });

  it('says which right is missing, once, and decides as it would have', async () => {
    for (const right of ['deployments: write', 'statuses: write']) server.state.words.withheld.add(right);
    say('success', 'reconciliation succeeded');
    const { exitCode, stderr } = await startWait().ended;
    expect(exitCode).toBe(0);
    expect(stderr.match(/permissions: deployments: write/g)).toHaveLength(1);
    expect(stderr.match(/permissions: statuses: write/g)).toHaveLength(1);
    expect(writes()).toHaveLength(2);
  });

  it('tells nothing in a dry run', async () => {
    say('success', 'reconciliation succeeded');
    expect((await startWait({ 'dry-run': 'true' }).ended).exitCode).toBe(0);
    expect(writes()).toEqual([]);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('that is cancelled by %s leaves nothing under way', async (signal, code) => {
    const running = startWait();
    await begun(running, () => deployed()[0]?.length === 1 && ownStatuses().length > 0);
    const at = performance.now();
    running.child.kill(signal);
    expect((await running.ended).exitCode).toBe(code);
    expect(performance.now() - at).toBeLessThan(4_000);
    expect(deployed()).toEqual([['in_progress', 'inactive']]);
    expect(ownStatuses().at(-1)).toBe('error: cancelled');
  });
});

describe('the post step of the Action', () => {
  const stateFile = () => join(folder.path, 'state');

  function startAction(): Running {
    writeFileSync(stateFile(), '');
    const given = Object.entries({ command: 'wait', token: TOKEN, ...inputs() });
    const env = Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
    return startSource('action', [], { env: { ...env, ...runner() }, cwd: folder.path });
  }

  const runner = () => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_WORKSPACE: folder.path,
    GITHUB_STATE: stateFile(),
  });

  /** As the runner does: the last value of a name becomes a variable. */
  function startPost(): Promise<Ended> {
    const lines = readFileSync(stateFile(), 'utf8').trimEnd().split('\n');
    const state = Object.fromEntries(
      lines.map((line) => [`STATE_${line.split('=', 1)[0]}`, line.replace(/^[^=]*=/, '')]),
    );
    const given = Object.entries({ command: 'wait', token: TOKEN, ...inputs() });
    const env = Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
    return startSource('post', [], { env: { ...env, ...runner(), ...state }, cwd: folder.path }).ended;
  }

  it('ends what a killed step has left under way', async () => {
    const running = startAction();
    const isKept = () =>
      /open_deployment=\{[\s\S]*/.test(readFileSync(stateFile(), 'utf8')) && ownStatuses().length > 0;
    await begun(running, isKept);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(deployed()).toEqual([['in_progress']]);
    const { exitCode, stdout } = await startPost();
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('The deployment to production was left open')]);
    expect(stdout.replace(/^::add-mask::.*$/m, '')).not.toContain(TOKEN.slice(0, 20));
    expect(deployed()).toEqual([['in_progress', 'inactive']]);
    expect(ownStatuses().at(-1)).toMatch(/^error: ended before there was a verdict/);
    expect(server.problems()).toEqual([]);
  });

  it('has nothing to say after a step that told its end', async () => {
    say('success', 'reconciliation succeeded');
    expect((await startAction().ended).exitCode).toBe(0);
    const asked = server.requests.length;
    expect(await startPost()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(server.requests).toHaveLength(asked);
  });

  it('does not fail a job when the forge is away', async () => {
    const running = startAction();
    await begun(running, () => /open_status=\{/.test(readFileSync(stateFile(), 'utf8')));
    running.child.kill('SIGKILL');
    await running.ended;
    server.state.words.withheld.add('statuses: write').add('deployments: write');
    const { exitCode, stdout } = await startPost();
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/::warning.*could not be told of the end/)]);
  });
});
