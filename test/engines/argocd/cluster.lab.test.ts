import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectArgocd, openArgocd } from '../../../src/engines/argocd/index.ts';
import type { DeliveryEngine } from '../../../src/engines/delivery-engine.ts';
import { watch } from '../../../src/engines/watch.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { writeAll } from '../../support/kubeconfigs.ts';
import { kubectl, LAB_KUBECONFIG, labKubeconfig } from '../../support/lab-cluster.ts';
import { createRealHost, type RealHost, temporaryFolder } from '../../support/real-host.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { signer } from '../../support/signed-tokens.ts';

/** As the lab writes them into argocd.env. */
const { ARGOCD_GIT_DIR = '', ARGOCD_GIT_URL = '', ARGOCD_URL = '', ARGOCD_GATE_TOKEN = '' } = process.env;
const isThere = LAB_KUBECONFIG !== undefined && ARGOCD_GIT_DIR !== '';
const whenLab = isThere ? describe : describe.skip;
const skipped = isThere ? '' : ' (skipped: LAB_STATE and ARGOCD_GIT_DIR do not say where an Argo CD runs)';

const NAME = `by-kubernetes-${process.pid}`;
const common = { normaliseRepository: normaliseRepositoryUrl };

function manifest(image: string): string {
  const container = { name: 'web', image: `registry.example/web:${image}` };
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec });
}

const apply = (...objects: readonly object[]) =>
  kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));

/** A user of the cluster with these verbs on the Applications, and nothing else. */
function reader(name: string, verbs: readonly string[]): { readonly kubeconfig: string } {
  const place = { namespace: 'argocd', name };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: place },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: place,
      rules: [{ apiGroups: ['argoproj.io'], resources: ['applications'], verbs }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: place,
      roleRef,
      subjects: [{ kind: 'ServiceAccount', ...place }],
    },
  );
  const token = kubectl(['-n', 'argocd', 'create', 'token', name]).trim();
  const config = JSON.parse(kubectl(['config', 'view', '--raw', '--flatten', '-o', 'json']));
  return {
    kubeconfig: JSON.stringify({
      ...config,
      users: config.users.map(({ name: user }: { name: string }) => ({ name: user, user: { token } })),
    }),
  };
}

whenLab(`a real Argo CD${skipped}`, () => {
  const folder = temporaryFolder();
  const host: RealHost = createRealHost({ clock: systemClock, workingDirectory: folder.path });
  const work = join(folder.path, 'work');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', work, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const push = (image: string): string => {
    writeAll(work, { 'web/web.json': manifest(image) });
    git('add', '.');
    git('-c', 'user.name=lab', '-c', 'user.email=lab@example.com', 'commit', '-qm', `${image} ${Date.now()}`);
    git('push', '-q', 'origin', 'HEAD:main');
    return git('rev-parse', 'HEAD');
  };
  const automate = (isOn: boolean) =>
    kubectl([
      '-n',
      'argocd',
      'patch',
      'application',
      NAME,
      '--type',
      'merge',
      '-p',
      JSON.stringify({ spec: { syncPolicy: isOn ? { automated: {} } : null } }),
    ]);

  beforeAll(() => {
    const bare = join(ARGOCD_GIT_DIR, `${NAME}.git`);
    rmSync(bare, { recursive: true, force: true });
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare]);
    execFileSync('git', ['clone', '-q', bare, work], { stdio: 'pipe' });
    push('v1');
    const spec = {
      project: 'shop',
      source: { repoURL: `${ARGOCD_GIT_URL}/${NAME}.git`, path: 'web', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: NAME },
      syncPolicy: { automated: {} },
    };
    apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } },
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: NAME, namespace: 'argocd' }, spec },
    );
    const gate = reader('lab-gate', ['get', 'list', 'watch', 'patch']);
    const looker = reader('lab-looker', ['get', 'list', 'watch']);
    writeAll(folder.path, { gate: gate.kubeconfig, looker: looker.kubeconfig });
  }, 60_000);

  afterAll(() => {
    kubectl(['-n', 'argocd', 'delete', 'application', NAME, '--wait=false']);
    kubectl(['delete', 'namespace', NAME, '--wait=false']);
    folder.remove();
  }, 60_000);

  const byCluster = (kubeconfig: string) => openArgocd({ ...common, cluster: { kubeconfig, allowExec: false } }, host);
  /** A role of the project with nothing but `applications, get`. */
  const byServer = () =>
    connectArgocd(
      { ...common, server: ARGOCD_URL, credentials: { kind: 'token', token: ARGOCD_GATE_TOKEN }, project: 'shop' },
      host,
    );

  async function waited(
    engine: DeliveryEngine,
    revision: string,
    options: { readonly timeout?: number; readonly sync?: 'if-needed' } = {},
  ) {
    const [outcome] = await watch({
      engine,
      host,
      targets: [engine.parseTarget(NAME)],
      wanted: { revision, images: [] },
      options: { ...DEFAULTS, stableFor: 2_000, degradedGrace: 5_000, sync: options.sync ?? 'never' },
      timeout: options.timeout ?? 60_000,
      refresh: true,
      relation: async (seen) => {
        if (seen === revision) return 'equal';
        return git('merge-base', revision, seen) === revision ? 'contains' : 'lacks';
      },
      progress: () => undefined,
    });
    return outcome;
  }

  it('says the same of a good change by both ways, each with the least rights', async () => {
    const revision = push('v2');
    const outcomes = await Promise.all(
      [byCluster('gate'), byServer()].map(async (engine) => waited(await engine, revision)),
    );
    expect(outcomes.map((outcome) => outcome?.verdict)).toMatchObject([{ kind: 'landed' }, { kind: 'landed' }]);
  }, 90_000);

  it('says the same of an image that never starts, and why where it may look', async () => {
    const revision = push('bad');
    const engines = [byCluster('gate'), byCluster(labKubeconfig()), byServer()];
    const outcomes = await Promise.all(
      engines.map(async (engine) => waited(await engine, revision, { timeout: 15_000 })),
    );
    expect(outcomes.map((outcome) => [outcome?.verdict.kind, outcome?.verdict.phase])).toEqual(
      Array(3).fill(['timedOut', 'rolling']),
    );
    const told = outcomes.map((outcome) => outcome?.diagnosis?.sections.map(({ title }) => title.split(' of ')[0]));
    expect(told[0]).not.toContain('Unhealthy resources');
    expect(told[1]).toEqual(expect.arrayContaining(['Unhealthy resources', 'Warning events', 'Last log lines']));
  }, 90_000);

  it('is synced by its object where that is asked for', async () => {
    automate(false);
    const revision = push('v3');
    const outcome = await waited(await byCluster('gate'), revision, { sync: 'if-needed' });
    expect(outcome?.verdict.kind).toBe('landed');
    const started = JSON.parse(kubectl(['-n', 'argocd', 'get', 'application', NAME, '-o', 'json'])).status
      .operationState.operation;
    expect(started).toMatchObject({ initiatedBy: { username: 'drawbridge' }, sync: { revision } });
    automate(true);
  }, 90_000);

  it('has an operation ended that is tried again and again', async () => {
    const target = (await byCluster('gate')).parseTarget(NAME);
    writeAll(work, {
      'web/broken.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'broken' },
        spec: { ports: [{ port: 99_999_999 }] },
      }),
    });
    push('v4');
    const engine = await byCluster('gate');
    await engine.act(target, 'refresh', undefined, host.signal);
    const phase = () =>
      JSON.parse(kubectl(['-n', 'argocd', 'get', 'application', NAME, '-o', 'json'])).status.operationState?.phase;
    for (let tries = 0; phase() !== 'Running' && tries < 40; tries++) await sleep(250);
    expect(await engine.act(target, 'terminate', undefined, host.signal)).toEqual({ kind: 'done' });
    for (let tries = 0; phase() !== 'Failed' && tries < 40; tries++) await sleep(250);
    expect(phase()).toBe('Failed');
    rmSync(join(work, 'web/broken.json'));
    push('v5');
  }, 60_000);

  it('is looked at without the right to nudge it, which is told once', async () => {
    const engine = await byCluster('looker');
    const outcome = await waited(engine, push('v6'), { timeout: 5_000 });
    expect(['timedOut', 'landed']).toContain(outcome?.verdict.kind);
    expect(host.lines.filter((line) => line.startsWith('Argo CD cannot be asked to look at once'))).toHaveLength(1);
    expect(await engine.act(engine.parseTarget(NAME), 'sync', undefined, host.signal)).toMatchObject({
      kind: 'refused',
    });
  }, 60_000);

  it('believes the identity of a job that it was told to trust, and no other', async () => {
    const ci = signer('lab-1');
    const issuer = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const about = {
        issuer: url,
        jwks_uri: `${url}/keys`,
        authorization_endpoint: `${url}/a`,
        token_endpoint: `${url}/t`,
      };
      const known = {
        ...about,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
      };
      response.end(JSON.stringify(request.url === '/keys' ? ci.keys : known));
    });
    // Always the same: Argo CD remembers the first issuer that it was told, and only asks it for other keys.
    const port = Number(new URL(ARGOCD_URL).port) + 49;
    await new Promise<void>((resolve) => issuer.listen(port, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${port}`;
    const settings = (name: string, data: object) =>
      kubectl(['-n', 'argocd', 'patch', 'configmap', name, '--type', 'merge', '-p', JSON.stringify({ data })]);
    const policies = JSON.parse(kubectl(['-n', 'argocd', 'get', 'configmap', 'argocd-rbac-cm', '-o', 'json'])).data[
      'policy.csv'
    ];
    settings('argocd-rbac-cm', {
      'policy.csv': `${policies}\np, repo:acme/shop:ref:refs/heads/main, applications, get, shop/*, allow\n`,
    });
    settings('argocd-cm', {
      url: ARGOCD_URL,
      'oidc.config': `name: CI\nissuer: ${url}\nclientID: drawbridge\nallowedAudiences: [argocd.example.com]\n`,
    });
    try {
      const token = (claims: object = {}) =>
        ci.sign({
          iss: url,
          sub: 'repo:acme/shop:ref:refs/heads/main',
          aud: 'argocd.example.com',
          exp: Math.floor(Date.now() / 1000) + 300,
          iat: Math.floor(Date.now() / 1000),
          ...claims,
        });
      const sources = async (identity: string) => {
        const credentials = { kind: 'identity', identityToken: async () => identity } as const;
        const engine = connectArgocd({ ...common, server: ARGOCD_URL, credentials, project: 'shop' }, host);
        return (await engine.sources(engine.parseTarget(NAME), host.signal)).length;
      };
      // The server starts itself anew with the new settings.
      for (let tries = 0; tries < 40 && (await sources(token()).catch(() => 0)) === 0; tries++) await sleep(500);
      expect(await sources(token())).toBe(1);
      expect(await sources(token({ sub: 'repo:acme/other' }))).toBe(0);
      for (const wrong of [{ aud: 'elsewhere' }, { exp: 1_000 }]) {
        await expect(sources(token(wrong))).rejects.toMatchObject({
          code: 'denied',
          hint: expect.stringContaining('oidc.config'),
        });
      }
    } finally {
      settings('argocd-cm', { url: null, 'oidc.config': null });
      settings('argocd-rbac-cm', { 'policy.csv': policies });
      issuer.close();
      issuer.closeAllConnections();
    }
  }, 90_000);
});
