import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { clusterAccess } from '../../../src/engines/kubernetes-api/access.ts';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import type { Http } from '../../../src/host.ts';
import { kubeconfigOf, writeAll } from '../../support/kubeconfigs.ts';
import { createRealHost, skippingClock, temporaryFolder } from '../../support/real-host.ts';

const V1 = 'client.authentication.k8s.io/v1';
const BETA = 'client.authentication.k8s.io/v1beta1';
const PODS = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const folders: ReturnType<typeof temporaryFolder>[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

interface Plugin {
  readonly exec?: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>>;
  /** Lines of shell; the number of the run is in $n. */
  readonly script?: string;
}

/** A real program that a kubeconfig names; it counts its runs and keeps what it was told. */
async function scene({ exec = {}, cluster = {}, script = '' }: Plugin = {}) {
  const folder = temporaryFolder();
  folders.push(folder);
  const body = [
    '#!/bin/sh',
    'cd "$(dirname "$0")"',
    'echo run >> runs; n=$(wc -l < runs | tr -d " ")',
    'printf %s "$KUBERNETES_EXEC_INFO" > info; echo "$@" > args; echo "$CLOUD_PROFILE $JOB" > environment',
    script === '' ? `echo '{"apiVersion":"${exec.apiVersion ?? V1}","status":{"token":"token-number-'$n'"}}'` : script,
  ];
  const user = { exec: { apiVersion: V1, command: './bin/login.sh', interactiveMode: 'Never', ...exec } };
  writeAll(folder.path, { config: kubeconfigOf(cluster, user), 'bin/login.sh': `${body.join('\n')}\n` });
  const clock = skippingClock();
  const host = createRealHost({ env: { JOB: '7' }, workingDirectory: folder.path, clock });
  const access = await clusterAccess({ kubeconfig: 'config', allowExec: true }, host);
  const read = (name: string) => readFileSync(join(folder.path, 'bin', name), 'utf8').trim();
  const token = async () => (await access.credentials(host.signal)).authorization;
  return { access, host, clock, read, token, runs: () => read('runs').split('\n').length };
}

/** A credential that runs out so many seconds after the start of the clock. */
function lasting(seconds: number): string {
  const until = new Date(skippingClock().now() + seconds * 1000).toISOString();
  return `echo '{"apiVersion":"${V1}","status":{"expirationTimestamp":"${until}","token":"token-number-'$n'"}}'`;
}

describe('a program that logs in', () => {
  it.each([V1, BETA])('of %s is run once, with its arguments and the environment of the job', async (apiVersion) => {
    const env = [{ name: 'CLOUD_PROFILE', value: 'shop' }];
    const { token, read, runs } = await scene({ exec: { apiVersion, args: ['get', 'a b; c'], env } });
    expect([await token(), await token()]).toEqual(['Bearer token-number-1', 'Bearer token-number-1']);
    expect([runs(), read('args'), read('environment')]).toEqual([1, 'get a b; c', 'shop 7']);
    expect(JSON.parse(read('info'))).toEqual({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  });

  it('is told about the cluster where it asks, with the authority out of its file', async () => {
    const cluster = {
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
      'tls-server-name': 'inner',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
    };
    const { token, read } = await scene({ cluster, exec: { provideClusterInfo: true } });
    await token();
    expect(JSON.parse(read('info')).spec.cluster).toEqual({
      server: 'https://k8s.example.com',
      'tls-server-name': 'inner',
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
      config: { audience: 'x' },
    });
  });

  it('is run once for many that ask at the same time, and not given up with the first of them', async () => {
    const { access, host, runs } = await scene({ script: `sleep 0.2\n${lasting(600)}` });
    const cancelled = new AbortController();
    const first = access.credentials(cancelled.signal);
    const others = [1, 2, 3].map(() => access.credentials(host.signal));
    cancelled.abort(new Error('no longer wanted'));
    await expect(first).rejects.toThrow('no longer wanted');
    expect(await Promise.all(others)).toEqual(others.map(() => ({ authorization: 'Bearer token-number-1' })));
    expect(runs()).toBe(1);
  });

  it('is run again shortly before what it gave runs out', async () => {
    const { token, clock } = await scene({ script: lasting(600) });
    await token();
    await clock.sleep(560_000);
    expect(await token()).toBe('Bearer token-number-1');
    await clock.sleep(15_000);
    expect(await token()).toBe('Bearer token-number-2');
  });

  it('is used for half of a life that is very short', async () => {
    const { token, clock } = await scene({ script: lasting(20) });
    expect([await token(), await token()]).toEqual(['Bearer token-number-1', 'Bearer token-number-1']);
    await clock.sleep(11_000);
    expect(await token()).toBe('Bearer token-number-2');
  });

  it('is run once more after a 401', async () => {
    const { access, host, runs } = await scene();
    const seen: unknown[] = [];
    const http: Http = {
      open: () => Promise.reject(new Error('no stream here')),
      async send({ headers }) {
        seen.push(headers?.authorization);
        const headersBack = { 'content-type': 'application/json' };
        const isKnown = headers?.authorization === 'Bearer token-number-2';
        return { status: isKnown ? 200 : 401, headers: headersBack, body: new TextEncoder().encode('{}') };
      },
    };
    const cluster = kubernetesClient(access, { ...host, http });
    expect(await cluster.get(PODS, { name: 'x', namespace: 'y' }, host.signal)).toMatchObject({ kind: 'found' });
    expect([seen, runs()]).toEqual([['Bearer token-number-1', 'Bearer token-number-2'], 2]);
  });

  it('may give a certificate', async () => {
    const status = '{"clientCertificateData":"CERT","clientKeyData":"KEY"}';
    const { access, host } = await scene({ script: `echo '{"apiVersion":"${V1}","status":${status}}'` });
    expect(await access.credentials(host.signal)).toEqual({ certificate: 'CERT', key: 'KEY' });
  });

  it('has nothing of it in the log, and what is secret is known as such', async () => {
    const env = [
      { name: 'CLOUD_PROFILE', value: 'production' },
      { name: 'CLOUD_SECRET_KEY', value: 'a-long-secret' },
    ];
    const { token, host } = await scene({ exec: { env } });
    await token();
    expect(host.secrets).toEqual(['a-long-secret', 'token-number-1']);
    expect(host.lines).toEqual([]);
  });

  it.each<[string, Plugin, object]>([
    [
      'fails',
      { script: 'echo "first line" >&2; echo "session has expired" >&2; exit 3' },
      {
        code: 'denied',
        message: './bin/login.sh, which logs in to here, ended with 3: first line session has expired',
      },
    ],
    [
      'writes something else',
      { script: 'echo hello' },
      { code: 'protocol', message: expect.stringContaining('wrote no ExecCredential') },
    ],
    [
      'writes another version',
      { script: `echo '{"apiVersion":"${BETA}","status":{"token":"x"}}'` },
      { code: 'protocol', message: expect.stringContaining('wrote no ExecCredential') },
    ],
    [
      'gives half a certificate',
      { script: `echo '{"apiVersion":"${V1}","status":{"clientCertificateData":"CERT"}}'` },
      { code: 'protocol', message: expect.stringContaining('wrote no ExecCredential') },
    ],
    [
      'is not there',
      { exec: { command: 'drawbridge-no-such-program', installHint: 'Install the tool of your cloud.' } },
      {
        code: 'missing',
        message: 'The kubeconfig of here needs drawbridge-no-such-program, which is not there',
        hint: 'Install the tool of your cloud.',
      },
    ],
  ])('that %s is told', async (_what, plugin, error) => {
    const { access, host } = await scene(plugin);
    await expect(access.credentials(host.signal)).rejects.toMatchObject(error);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['client.authentication.k8s.io/v1alpha1', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }],
    ['interactiveMode: Always', { interactiveMode: 'Always' }],
  ])('of %s is refused before it is run', async (words, exec) => {
    await expect(scene({ exec })).rejects.toMatchObject({ code: 'data', message: expect.stringContaining(words) });
  });
});
