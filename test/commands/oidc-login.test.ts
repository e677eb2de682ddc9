import { afterEach, describe, expect, it } from '@jest/globals';
import { argocdOptions, type WaitingInputs } from '../../src/commands/engine-options.ts';
import { connectEngine } from '../../src/engines/registry.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { type OidcOptions, type OidcStage, oidcStage } from '../support/oidc-stage.ts';
import { createRealHost } from '../support/real-host.ts';

const stages: OidcStage[] = [];

afterEach(() => {
  for (const stage of stages.splice(0)) stage.close();
});

async function opened(options: OidcOptions = {}): Promise<OidcStage> {
  const stage = await oidcStage(options);
  stages.push(stage);
  return stage;
}

type Flags = Readonly<Record<string, string>>;

function inputsOf(server: string, flags: Flags, env: Flags): WaitingInputs {
  return parseInputs('wait', { flags: { revision: 'a'.repeat(40), 'argocd-server': server, ...flags }, env });
}

/** A job that looks at one application; each look is one request when all is well. */
async function job({ url }: OidcStage, flags: Flags, env: Flags) {
  const host = createRealHost({ env });
  const engine = await connectEngine('argocd', await argocdOptions(inputsOf(url, flags, env), undefined, host), host);
  const look = async () => (await engine.sources(engine.parseTarget('shop'), host.signal)).length;
  return { host, look };
}

const DEX = { 'argocd-oidc-connector': 'github-actions' };

describe('without a stored secret', () => {
  it('the identity of the job is exchanged at Dex, once for many requests', async () => {
    const stage = await opened();
    const { look } = await job(stage, DEX, stage.variables);
    expect([await look(), await look(), await look()]).toEqual([1, 1, 1]);
    expect(stage.given.map(({ by }) => by)).toEqual(['ci', 'dex']);
  });

  it('every token on the way is kept out of every output', async () => {
    const stage = await opened();
    const { host, look } = await job(stage, DEX, stage.variables);
    await look();
    expect(host.secrets).toEqual(expect.arrayContaining(stage.given.map(({ token }) => token)));
    expect(host.lines).toEqual([]);
  });

  it('a token of Dex that has run out is made anew from a new identity', async () => {
    const stage = await opened();
    const { look } = await job(stage, DEX, stage.variables);
    await look();
    stage.pass(90_000);
    expect(await look()).toBe(1);
    expect(stage.given.map(({ by }) => by)).toEqual(['ci', 'dex', 'ci', 'dex']);
  });

  it('Argo CD may trust the CI system itself, for an audience, and is shown a new identity when one has run out', async () => {
    const stage = await opened({ directAudience: 'argocd.example.com' });
    const { look } = await job(stage, { 'argocd-oidc-audience': 'argocd.example.com' }, stage.variables);
    await look();
    stage.pass(301);
    expect(await look()).toBe(1);
    expect(stage.given.map(({ by }) => by)).toEqual(['ci', 'ci']);
  });

  it('the token of another CI system comes in a variable', async () => {
    const stage = await opened();
    const { look } = await job(stage, DEX, { DRAWBRIDGE_OIDC_TOKEN: stage.identity() });
    expect(await look()).toBe(1);
    expect(stage.given.map(({ by }) => by)).toEqual(['dex']);
  });
});

describe('a job that is not let in', () => {
  it.each<[string, OidcOptions, Flags, (stage: OidcStage) => Flags, object]>([
    [
      'because the connector is not there',
      {},
      { 'argocd-oidc-connector': 'gitlab' },
      ({ variables }) => variables,
      {
        code: 'denied',
        message: expect.stringContaining('Requested connector does not exist.'),
        hint: expect.stringContaining('a connector gitlab'),
      },
    ],
    [
      'because another issuer signed for it',
      {},
      DEX,
      ({ identity }) => ({ DRAWBRIDGE_OIDC_TOKEN: identity({ iss: 'https://evil.example.com' }) }),
      { code: 'denied', hint: expect.stringContaining('name the issuer of this CI system') },
    ],
    [
      'because the signature is of another token',
      {},
      DEX,
      ({ identity }) => {
        const [head, , signature] = identity().split('.');
        return { DRAWBRIDGE_OIDC_TOKEN: `${head}.${identity({ sub: 'repo:acme/other' }).split('.')[1]}.${signature}` };
      },
      { code: 'denied' },
    ],
    [
      'because the audience is another one',
      { directAudience: 'argocd.example.com' },
      { 'argocd-oidc-audience': 'elsewhere' },
      ({ variables }) => variables,
      { code: 'denied', hint: expect.stringContaining('allowedAudiences') },
    ],
    [
      'because its identity ran out',
      {},
      DEX,
      ({ identity }) => ({ DRAWBRIDGE_OIDC_TOKEN: identity({ exp: 1_000 }) }),
      { code: 'denied', message: 'oidc-token ran out at 1970-01-01T00:16:40.000Z' },
    ],
    [
      'because it may not ask for an identity',
      {},
      DEX,
      ({ variables }) => ({ ...variables, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-token-of-another-job' }),
      { code: 'denied', message: 'GitHub gives this job no identity token: HTTP 401' },
    ],
  ])('%s', async (_why, options, flags, env, error) => {
    const stage = await opened(options);
    const { look } = await job(stage, flags, env(stage));
    await expect(look()).rejects.toMatchObject(error);
  });

  it('sees nothing of what its identity may not read', async () => {
    const stage = await opened();
    const { look } = await job(stage, DEX, { DRAWBRIDGE_OIDC_TOKEN: stage.identity({ sub: 'repo:acme/other' }) });
    expect(await look()).toBe(0);
  });
});

describe('the inputs', () => {
  it.each<[Flags, Flags, object]>([
    [DEX, {}, { code: 'missing', hint: expect.stringContaining('id_tokens') }],
    [DEX, { GITHUB_ACTIONS: 'true' }, { code: 'missing', hint: expect.stringContaining('id-token: write') }],
    [
      DEX,
      { ARGOCD_AUTH_TOKEN: 'a-stored-token' },
      { code: 'input', message: expect.stringContaining('two ways to log in') },
    ],
    [{ 'argocd-username': 'ci' }, {}, { code: 'input', message: expect.stringContaining('belong together') }],
  ])('%j with %j are told', async (flags, env, error) => {
    const host = createRealHost({ env });
    const inputs = inputsOf('https://argocd.example.com', flags, env);
    await expect(argocdOptions(inputs, undefined, host)).rejects.toMatchObject(error);
  });

  it('allow no program of a kubeconfig for an event that strangers can cause', async () => {
    const allowed = async (event: string) => {
      const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: event };
      const inputs = inputsOf('', { 'argocd-access': 'kubernetes', 'kube-context': 'x' }, env);
      return argocdOptions(inputs, undefined, createRealHost({ env }));
    };
    expect(await allowed('push')).toMatchObject({ cluster: { allowExec: true, context: 'x' } });
    expect(await allowed('pull_request_target')).toMatchObject({ cluster: { allowExec: false } });
  });
});
