import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { clusterAccess } from '../../../src/engines/kubernetes-api/access.ts';
import { KUBECTL } from '../../support/lab-cluster.ts';
import { createRealHost, temporaryFolder } from '../../support/real-host.ts';

const whenKubectl = KUBECTL === undefined ? describe.skip : describe;
const skipped = KUBECTL === undefined ? ' (skipped: LAB_DIR does not say where a kubectl is)' : '';
/** kubectl takes a tenth of a second for each. */
const FIXTURES = Number(process.env.KUBECONFIG_FIXTURES ?? 30);

const folder = temporaryFolder();
afterAll(() => folder.remove());

const NAMES = ['a', 'b', 'c'];
const name = fc.constantFrom(...NAMES);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const pick = (...values: string[]) => maybe(fc.constantFrom(...values));
const base64 = (text: string) => Buffer.from(text).toString('base64');

const server = fc.constantFrom(
  'https://a.example.com',
  'https://b.example.com:6443/',
  'https://c.example.com/k8s/clusters/c-1',
);
const rest = {
  server,
  'tls-server-name': pick('inner.example.com'),
  'proxy-url': pick('http://proxy.example.com:3128'),
};
// `--flatten` refuses a path beside the data itself, which the client takes.
const cluster = fc.oneof(
  fc.record({ ...rest, 'certificate-authority-data': pick(base64('authority in the file')) }),
  fc.record({ ...rest, 'certificate-authority': pick('pki/ca.crt', './pki/other.crt') }),
);
const user = fc.oneof(
  fc.record({
    token: pick('token-of-the-user', 'another-token'),
    'client-certificate': pick('pki/user.crt'),
    'client-key': pick('pki/user.key'),
  }),
  fc.record({ 'client-certificate-data': pick(base64('certificate')), 'client-key-data': pick(base64('key')) }),
  fc.record({ username: fc.constant('ann'), password: fc.constant('pass of ann') }),
  fc.record({
    as: fc.constant('robot'),
    'as-groups': fc.constant(['one', 'two']),
    'as-uid': pick('7'),
    'as-user-extra': maybe(fc.constant({ 'example.com/Scope': ['x', 'y'] })),
  }),
);
const context = fc.record({ cluster: name, user: name, namespace: pick('shop', 'other') });
const named = <T>(field: string, value: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(name, value), { selector: ([one]) => one, maxLength: 3 })
    .map((all) => all.map(([one, value]) => ({ name: one, [field]: value })));
const file = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Config'),
  'current-context': pick(...NAMES, ''),
  clusters: named('cluster', cluster),
  users: named('user', user),
  contexts: named('context', context),
});
const fixture = fc.record({
  files: fc.array(file, { minLength: 1, maxLength: 3 }),
  wanted: pick(...NAMES),
  missing: fc.boolean(),
});

interface Flat {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users?: readonly { readonly user: Readonly<Record<string, unknown>> }[] | null;
  readonly contexts: readonly { readonly name: string; readonly context: Readonly<Record<string, string>> }[];
}

/** What kubectl makes of it, in the words of ours; what it says when it finds fault. */
function byKubectl(list: string, wanted: string | undefined) {
  const args = [
    'config',
    'view',
    '--flatten',
    '--minify',
    '-o',
    'json',
    ...(wanted === undefined ? [] : ['--context', wanted]),
  ];
  const { status, stdout, stderr } = spawnSync(KUBECTL ?? '', args, {
    env: { KUBECONFIG: list, HOME: folder.path },
    encoding: 'utf8',
  });
  if (status !== 0) return stderr.trim();
  const { clusters, users, contexts } = JSON.parse(stdout) as Flat;
  const [{ cluster: own } = { cluster: {} }] = clusters;
  const who = users?.[0]?.user ?? {};
  const decoded = (value: unknown) => (typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined);
  const basic = who.username === undefined ? undefined : `Basic ${base64(`${who.username}:${who.password}`)}`;
  return {
    name: contexts[0]?.name,
    server: own.server?.replace(/\/+$/, ''),
    namespace: contexts[0]?.context.namespace ?? 'default',
    ca: decoded(own['certificate-authority-data']),
    serverName: own['tls-server-name'],
    proxy: own['proxy-url'],
    authorization: who.token === undefined ? basic : `Bearer ${who.token}`,
    certificate: decoded(who['client-certificate-data']),
    key: decoded(who['client-key-data']),
    as: who.as,
    groups: who['as-groups'],
    uid: who['as-uid'],
    extra: (who['as-user-extra'] as Record<string, unknown> | undefined)?.['example.com/Scope'],
  };
}

async function byUs(list: string, wanted: string | undefined) {
  const host = createRealHost({ env: { KUBECONFIG: list, HOME: folder.path }, workingDirectory: folder.path });
  const access = await clusterAccess({ allowExec: false, ...(wanted === undefined ? {} : { context: wanted }) }, host);
  const { authorization, certificate, key } = await access.credentials(host.signal);
  const { name, server, namespace, tls, proxy, headers } = access;
  return {
    name,
    server,
    namespace,
    ca: tls.ca,
    serverName: tls.serverName,
    proxy,
    authorization,
    certificate,
    key,
    as: headers['impersonate-user'],
    groups: headers['impersonate-group'],
    uid: headers['impersonate-uid'],
    extra: headers['impersonate-extra-example.com%2Fscope'],
  };
}

let written = 0;

/** The files of one fixture, each in a folder of its own with the files that it names; the list of KUBECONFIG. */
function write(files: readonly unknown[], missing: boolean): string {
  const paths = files.map((content) => {
    const place = join(folder.path, String(++written));
    mkdirSync(join(place, 'pki'), { recursive: true });
    for (const one of ['ca.crt', 'other.crt', 'user.crt', 'user.key'])
      writeFileSync(join(place, 'pki', one), `${one} of ${written}`);
    writeFileSync(join(place, 'config'), dump(content, { skipInvalid: true }));
    return join(place, 'config');
  });
  return [...paths, ...(missing ? [join(folder.path, 'none')] : [])].join(':');
}

whenKubectl(`a kubeconfig, as kubectl reads it${skipped}`, () => {
  const fixtures = fc.sample(fixture, { numRuns: FIXTURES, seed: 20260 });

  it(`is read alike, ${FIXTURES} times`, async () => {
    let [alike, refused] = [0, 0];
    for (const { files, wanted, missing } of fixtures) {
      const list = write(files, missing);
      const theirs = byKubectl(list, wanted);
      const ours = await byUs(list, wanted).catch((error: unknown) => error as Error);
      const what = JSON.stringify({ files, wanted, theirs, ours: ours instanceof Error ? ours.message : ours });
      if (typeof theirs === 'string') {
        // Without a current context kubectl asks the user; where there is only one, that is what is meant.
        const single =
          !(ours instanceof Error) && wanted === undefined && files.every((one) => !one['current-context']);
        expect([what, single || ours instanceof Error]).toEqual([what, true]);
        refused++;
      } else if (ours instanceof Error) {
        // `config view` shows a context whose cluster or user is not there; using it would fail.
        expect([what, ours.message]).toEqual([what, expect.stringMatching(/not complete|has no server/)]);
        refused++;
      } else {
        expect([what, ours]).toEqual([what, theirs]);
        alike++;
      }
    }
    expect(alike).toBeGreaterThan(FIXTURES / 5);
    expect(alike + refused).toBe(FIXTURES);
  }, 300_000);
});
