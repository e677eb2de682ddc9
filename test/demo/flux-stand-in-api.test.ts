import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answer } from '../../src/demo/flux-stand-in/api.ts';
import { createStore } from '../../src/demo/flux-stand-in/store.ts';
import type { KubeObject } from '../../src/demo/flux-stand-in/types.ts';
import { createRealHost } from '../support/real-host.ts';

const SOURCE: KubeObject = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'config', namespace: 'flux' },
  spec: { url: 'a' },
};
const PATH = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux/gitrepositories/config';
const HEADERS = { authorization: 'Bearer t', 'content-type': 'application/merge-patch+json' };

function open() {
  const store = createStore(() => 1_790_000_000_000);
  store.put(SOURCE);
  return { store, token: 't', surroundings: { host: createRealHost(), now: () => 0 } };
}

const ask = (api: ReturnType<typeof open>, method: string, path: string, query: string, body: string) =>
  answer(api, { method, path, query: new URLSearchParams(query), headers: HEADERS, body });

it('answers whatever it is asked', () => {
  const api = open();
  const part = fc.constantFrom(
    'api',
    'apis',
    'v1',
    'apps',
    'pods',
    'namespaces',
    'flux',
    'log',
    '',
    '%',
    'watch',
    'deployments',
  );
  const path = fc.array(part).map((parts) => `/${parts.join('/')}`);
  const query = fc.oneof(
    fc.string(),
    fc.constantFrom('watch=1&resourceVersion=x', 'labelSelector=a,,b', 'fieldSelector==='),
  );
  fc.assert(
    fc.property(fc.constantFrom('GET', 'PATCH', 'PUT'), path, query, fc.string(), (method, asked, pairs, body) => {
      const reply = ask(api, method, asked, pairs, body);
      expect('stream' in reply || (reply.status >= 200 && reply.status < 500)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('makes of any patch an object that still is what it was, without its status', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const api = open();
      const body = JSON.stringify({ spec: { value }, status: { value } });
      const reply = ask(api, 'PATCH', PATH, '', body);
      expect('status' in reply && reply.status).toBe(200);
      const now = api.store.get(SOURCE);
      expect([now?.kind, now?.spec?.url, now?.status]).toEqual(['GitRepository', 'a', undefined]);
      expect(now?.metadata.generation).toBe(value === null ? 1 : 2);
    }),
  );
});
