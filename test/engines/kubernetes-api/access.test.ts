import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { dump } from 'js-yaml';
import { type AccessOptions, clusterAccess } from '../../../src/engines/kubernetes-api/access.ts';
import type { Host } from '../../../src/host.ts';
import { kubeconfigOf, writeAll } from '../../support/kubeconfigs.ts';
import { createRealHost, temporaryFolder } from '../../support/real-host.ts';

const folders: ReturnType<typeof temporaryFolder>[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

/** A machine with these files in an empty home. */
function machine(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  folders.push(folder);
  writeAll(folder.path, files);
  const host = createRealHost({ env: { HOME: folder.path, ...env }, workingDirectory: folder.path });
  const open = (options: Partial<AccessOptions> = {}) => clusterAccess({ allowExec: true, ...options }, host);
  return { path: folder.path, host, open };
}

const open = (cluster: object, user: object, options: Partial<AccessOptions> = {}) =>
  machine({ config: kubeconfigOf({ ...cluster }, { ...user }) }).open({ kubeconfig: 'config', ...options });

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('finding the kubeconfig', () => {
  const one = kubeconfigOf({ server: 'https://one.example.com' }, {});
  const two = kubeconfigOf({ server: 'https://two.example.com/prefix/' }, {}, { namespace: 'shop' });

  it('takes the file that is given, before those of the environment', async () => {
    const { open } = machine({ one, '.kube/config': two }, { KUBECONFIG: 'one' });
    expect((await open({ kubeconfig: '.kube/config' })).server).toBe('https://two.example.com/prefix');
    expect((await open()).server).toBe('https://one.example.com');
  });

  it('takes that of the user where nothing else is said', async () => {
    const access = await machine({ '.kube/config': two }, { KUBECONFIG: '' }).open();
    expect([access.server, access.namespace]).toEqual(['https://two.example.com/prefix', 'shop']);
    expect((await machine({ '.kube/config': two }).open({ namespace: 'mine' })).namespace).toBe('mine');
  });

  it('passes over files of the list that are not there, and names one that was asked for', async () => {
    const { open, path } = machine({ two }, { KUBECONFIG: 'none:two' });
    expect((await open()).server).toBe('https://two.example.com/prefix');
    await expect(open({ kubeconfig: 'none' })).rejects.toMatchObject({
      code: 'missing',
      message: `kubeconfig: there is no file none, seen from ${path}`,
      hint: expect.stringContaining('earlier step'),
    });
    await expect(open({ context: 'other' })).rejects.toMatchObject({
      message: 'kube-context: the kubeconfig two has no context other',
      hint: expect.stringContaining('KUBECONFIG also names none, which is not there.'),
    });
  });

  it('says how to give one where there is none', async () => {
    const { open, path } = machine({});
    await expect(open()).rejects.toMatchObject({
      code: 'missing',
      message: `there is no kubeconfig: neither kubeconfig nor KUBECONFIG is set, ${path}/.kube/config does not exist, this is not a pod of a cluster`,
      hint: expect.stringContaining('KUBECONFIG'),
    });
    await expect(open({ context: 'acme/agents:test' })).rejects.toMatchObject({
      message: expect.stringMatching(/, kube-context asks for acme\/agents:test of one$/),
    });
  });

  it('names each file that KUBECONFIG promises and that is not there', async () => {
    await expect(machine({}, { KUBECONFIG: '/builds/a' }).open()).rejects.toMatchObject({
      code: 'missing',
      message: 'there is no kubeconfig: KUBECONFIG names /builds/a, which does not exist',
      hint: expect.stringContaining('hides that of the agent'),
    });
    const { open, path } = machine({}, { KUBECONFIG: 'a:/builds/b' });
    await expect(open()).rejects.toMatchObject({
      message: `there is no kubeconfig: KUBECONFIG names a and /builds/b, none of which exists, seen from ${path}`,
    });
  });

  it('says of one that is empty that it has nothing', async () => {
    await expect(machine({ empty: '' }).open({ kubeconfig: 'empty' })).rejects.toMatchObject({
      code: 'input',
      message: 'kube-context: the kubeconfig empty has no contexts at all',
    });
  });

  it('names every file that is none, at once', async () => {
    const { open } = machine({ a: 'clusters: [', b: '- list' }, { KUBECONFIG: 'a:b' });
    await expect(open()).rejects.toMatchObject({
      code: 'data',
      problems: [expect.stringMatching(/^a is no YAML: /), 'b is no kubeconfig: it holds no mapping'],
    });
  });
});

describe('choosing the context', () => {
  const contexts = ['acme/agents:production', 'acme/agents:test'].map((name) => ({
    name,
    context: { cluster: 'gitlab', user: name },
  }));
  const injected = (count: number) =>
    dump({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'gitlab', cluster: { server: 'https://kas.example.com/k8s-proxy' } }],
      users: contexts.map(({ name }) => ({ name, user: { token: 'ci:1:a-job-token' } })),
      contexts: contexts.slice(0, count),
    });

  it('needs none to be current where there is only one, as behind the GitLab agent', async () => {
    const access = await machine({ config: injected(1) }).open({ kubeconfig: 'config' });
    expect([access.name, access.server]).toEqual(['acme/agents:production', 'https://kas.example.com/k8s-proxy']);
  });

  it.each([undefined, 'acme/agents:prod'])('names those there are for %s', async (context) => {
    const { open } = machine({ config: injected(2) });
    await expect(open({ kubeconfig: 'config', ...(context && { context }) })).rejects.toMatchObject({
      code: 'input',
      hint: 'Contexts: acme/agents:production, acme/agents:test. Give one as kube-context.',
    });
  });

  it('tells that a project is not authorised by an empty file', async () => {
    const { open } = machine({ config: injected(0) });
    await expect(open({ kubeconfig: 'config' })).rejects.toMatchObject({ hint: expect.stringContaining('authorised') });
  });

  it('names what a context names and is not there', async () => {
    const config = dump({ 'current-context': 'x', contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }] });
    await expect(machine({ config }).open({ kubeconfig: 'config' })).rejects.toMatchObject({
      code: 'data',
      problems: [
        'the context x names the cluster c, which is not there',
        'the context x names the user u, which is not there',
      ],
    });
  });
});

describe('the server', () => {
  it('is trusted by the authority of its cluster alone, and by what was given beside it', async () => {
    const data = { 'certificate-authority-data': base64('OWN') };
    expect((await open(data, {})).tls).toEqual({ ca: 'OWN', onlyCa: true });
    expect((await open(data, {}, { ca: 'GIVEN' })).tls).toEqual({ ca: 'OWN\nGIVEN', onlyCa: true });
    expect((await open({}, {}, { ca: 'GIVEN' })).tls).toEqual({ ca: 'GIVEN' });
    expect((await open({}, {})).tls).toEqual({});
  });

  it('is found beside its kubeconfig, wherever the job runs', async () => {
    const config = kubeconfigOf({ 'certificate-authority': 'pki/ca.crt', 'tls-server-name': 'inner' }, {});
    const { open } = machine({ 'deep/config': config, 'deep/pki/ca.crt': 'PEM' }, { KUBECONFIG: 'deep/config' });
    expect((await open()).tls).toEqual({ ca: 'PEM', onlyCa: true, serverName: 'inner' });
  });

  it.each<[string, object, string]>([
    ['an authority that is not there', { 'certificate-authority': 'none.crt' }, 'no such file'],
    ['no verification', { 'insecure-skip-tls-verify': true }, 'insecure-skip-tls-verify: true'],
    ['no address', { server: '' }, 'no server that is a URL'],
    [
      'a proxy of another kind',
      { 'proxy-url': 'socks5://proxy.example.com' },
      'no HTTP proxy: socks5://proxy.example.com',
    ],
  ])('is refused with %s', async (_what, cluster, message) => {
    await expect(open(cluster, {})).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('the user', () => {
  const credentialsOf = async (user: object) => {
    const access = await open({}, user);
    return access.credentials(new AbortController().signal);
  };

  it.each<[string, object, object]>([
    ['a token', { token: 'a-long-token' }, { authorization: 'Bearer a-long-token' }],
    ['a password', { username: 'ann', password: 'password' }, { authorization: `Basic ${base64('ann:password')}` }],
    [
      'a certificate',
      { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
      { certificate: 'CERT', key: 'KEY' },
    ],
    ['nothing', {}, {}],
  ])('has %s', async (_what, user, credentials) => {
    expect(await credentialsOf(user)).toEqual(credentials);
  });

  it('keeps what is secret out of every output', async () => {
    const { host, open } = machine({ config: kubeconfigOf({}, { token: 'a-long-token' }) });
    await open({ kubeconfig: 'config' });
    expect(host.secrets).toEqual(['a-long-token']);
  });

  it('is read anew from a token file, which others write', async () => {
    const { path, host, open } = machine({ config: kubeconfigOf({}, { tokenFile: 'token' }), token: 'first-token\n' });
    const access = await open({ kubeconfig: 'config' });
    expect(await access.credentials(host.signal)).toEqual({ authorization: 'Bearer first-token' });
    writeFileSync(join(path, 'token'), 'second-token\n');
    expect(access.renew({ authorization: 'Bearer first-token' })).toBe(true);
    expect(await access.credentials(host.signal)).toEqual({ authorization: 'Bearer second-token' });
    expect(host.secrets).toEqual(['first-token', 'second-token']);
  });

  it('may play another one, with several groups', async () => {
    const user = {
      as: 'robot',
      'as-groups': ['a', 'b'],
      'as-uid': '7',
      'as-user-extra': { 'Example.com/x': ['1', '2'] },
    };
    expect((await open({}, user)).headers).toEqual({
      'impersonate-user': 'robot',
      'impersonate-group': ['a', 'b'],
      'impersonate-uid': '7',
      'impersonate-extra-example.com%2Fx': ['1', '2'],
    });
  });

  it('cannot be one of the auth-providers that are no more', async () => {
    await expect(open({}, { 'auth-provider': { name: 'gcp' } })).rejects.toMatchObject({
      code: 'data',
      hint: expect.stringContaining('exec'),
    });
  });

  it('runs no program for an event that strangers can cause', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './never.sh' };
    await expect(open({}, { exec }, { allowExec: false })).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('a pod of the cluster', () => {
  const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
  const files: Record<string, string> = { token: 'token-of-the-pod\n', 'ca.crt': 'PEM', namespace: 'ci\n' };

  /** Only the folder of the service account is played. */
  function pod(env: Readonly<Record<string, string>>): Host {
    const { host } = machine({}, env);
    const name = (path: string) => (path.startsWith(FOLDER) ? files[path.slice(FOLDER.length + 1)] : undefined);
    return {
      ...host,
      files: {
        ...host.files,
        read: async (path) => (name(path) === undefined ? undefined : new TextEncoder().encode(name(path))),
        stat: async (path) => (name(path) === undefined ? undefined : { kind: 'file', size: 1, executable: false }),
      },
    };
  }

  it.each([
    ['10.0.0.1', '443', 'https://10.0.0.1:443'],
    ['fd00::1', '6443', 'https://[fd00::1]:6443'],
  ])('is its service account, at %s', async (address, port, server) => {
    const host = pod({ KUBERNETES_SERVICE_HOST: address, KUBERNETES_SERVICE_PORT: port });
    const access = await clusterAccess({ allowExec: true }, host);
    expect(access).toMatchObject({ server, namespace: 'ci', tls: { ca: 'PEM', onlyCa: true } });
    expect(await access.credentials(host.signal)).toEqual({ authorization: 'Bearer token-of-the-pod' });
  });

  it('is not believed when a context is asked for', async () => {
    const host = pod({ KUBERNETES_SERVICE_HOST: '10.0.0.1' });
    await expect(clusterAccess({ allowExec: true, context: 'x' }, host)).rejects.toMatchObject({ code: 'missing' });
  });
});
