import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createGiteaRepository, giteaApi } from '../support/gitea-served.ts';
import { type Ended, startSource } from '../support/program.ts';

jest.setTimeout(120_000);

/** A real Gitea: `test/lab/gitea.sh run npm test`. */
const { GITEA_URL = '', GITEA_TOKEN = '' } = process.env;
const FLUX = 'kustomization/apps/0c9c2e41';

if (GITEA_URL === '') {
  describe('a gate on the statuses of a real Gitea', () =>
    it.skip('waits there (skipped: GITEA_URL does not say where one is)', () => undefined));
} else describe('a gate on the statuses of a real Gitea', describeGate);

function describeGate(): void {
  const send = giteaApi({ url: GITEA_URL, token: GITEA_TOKEN });
  let path = '';
  let url = '';
  beforeAll(async () => {
    const name = await createGiteaRepository({ url: GITEA_URL, token: GITEA_TOKEN }, { 'app.yaml': 'a: 1\n' });
    path = `/repos/lab/${name}`;
    url = `${GITEA_URL}/lab/${name}.git`;
  });
  afterAll(async () => void (await send('DELETE', path)));

  async function change(text: string): Promise<string> {
    const file = { operation: 'upload', path: `${text}.txt`, content: Buffer.from(text).toString('base64') };
    const body = { branch: 'main', message: text, files: [file] };
    const made = (await send('POST', `${path}/contents`, body)) as { readonly commit: { readonly sha: string } };
    return made.commit.sha;
  }

  const say = (revision: string, state: string, description: string) =>
    send('POST', `${path}/statuses/${revision}`, { context: FLUX, state, description });

  function wait(revision: string, meanwhile: () => Promise<unknown>): Promise<Ended> {
    const flags = { 'config-repository': url, forge: 'gitea', revision, engine: 'commit-status', timeout: '60s' };
    const more = { contexts: 'kustomization/apps/*', 'stable-for': '1s', 'commit-status': 'gate' };
    const args = Object.entries({ ...flags, ...more }).map(([name, value]) => `--${name}=${value}`);
    const running = startSource('cli', ['wait', ...args], { env: { DRAWBRIDGE_TOKEN: GITEA_TOKEN } });
    return running
      .said(/Waiting for/)
      .then(meanwhile, () => undefined)
      .then(() => running.ended);
  }

  async function gateOf(revision: string): Promise<readonly string[]> {
    const all = (await send('GET', `${path}/commits/${revision}/statuses`)) as readonly GiteaStatus[];
    const own = all.filter(({ context }) => context === 'gate').toSorted((a, b) => a.id - b.id);
    return own.map(({ status, description }) => `${status}: ${description}`);
  }

  it('opens when Flux has said that it succeeded, and tells so', async () => {
    const revision = await change('good');
    const { exitCode, stderr } = await wait(revision, () => say(revision, 'success', 'reconciliation succeeded'));
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(FLUX)]);
    const told = await gateOf(revision);
    expect([told[0], told.at(-1)]).toEqual([
      expect.stringMatching(/^pending/),
      expect.stringMatching(/^success: .*live/),
    ]);
  });

  it('opens by a word about a newer commit', async () => {
    const revision = await change('passed over');
    const newer = await change('newer');
    const { exitCode } = await wait(revision, () => say(newer, 'success', 'reconciliation succeeded'));
    expect(exitCode).toBe(0);
  });

  it('closes when Flux has said that the health check failed', async () => {
    const revision = await change('bad');
    const { exitCode, stdout } = await wait(revision, () => say(revision, 'failure', 'health check failed'));
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('health check failed')]);
    expect((await gateOf(revision)).at(-1)).toMatch(/^failure: .*health check failed/);
  });
}

interface GiteaStatus {
  readonly id: number;
  readonly context: string;
  readonly status: string;
  readonly description: string;
}
