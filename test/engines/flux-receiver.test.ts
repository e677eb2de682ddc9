import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { callReceiver } from '../../src/engines/flux-receiver.ts';
import { createRealHost } from '../support/real-host.ts';

const KEY = 'a-key-of-the-receiver';
const signal = new AbortController().signal;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers as notification-controller does: 400 without the right signature, 404 off its path. */
async function receiver(status: (call: Call) => number) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const call = { headers: request.headers, body };
      calls.push(call);
      response.writeHead(request.url === '/hook/abc' ? status(call) : 404).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/abc` };
}

const isSigned = ({ headers, body }: Call) =>
  headers['x-signature'] === `sha256=${createHmac('sha256', KEY).update(body).digest('hex')}`;

describe('a Receiver of Flux', () => {
  it('is called with a signature of the body', async () => {
    const { url, calls } = await receiver((call) => (isSigned(call) ? 200 : 400));
    expect(await callReceiver(url, { kind: 'hmac', key: KEY }, createRealHost(), signal)).toEqual({ kind: 'done' });
    expect(await callReceiver(url, { kind: 'hmac', key: 'another-key' }, createRealHost(), signal)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('generic-hmac'),
    });
    expect(calls).toHaveLength(2);
  });

  it('is called with an identity token', async () => {
    const { url } = await receiver(({ headers }) =>
      headers.authorization === 'Bearer a.token.of.the.job' ? 200 : 400,
    );
    expect(await callReceiver(url, { kind: 'oidc', token: 'a.token.of.the.job' }, createRealHost(), signal)).toEqual({
      kind: 'done',
    });
    expect(await callReceiver(url, { kind: 'none' }, createRealHost(), signal)).toMatchObject({ kind: 'refused' });
  });

  it('says that it is suspended, or not there', async () => {
    const { url } = await receiver(() => 503);
    expect(await callReceiver(url, { kind: 'none' }, createRealHost(), signal)).toMatchObject({
      reason: expect.stringContaining('suspended'),
    });
    expect(await callReceiver(`${url}x`, { kind: 'none' }, createRealHost(), signal)).toMatchObject({
      reason: expect.stringContaining('no Receiver'),
    });
  });

  it.each([429, 500, 502])('fails for a while with %s, and is not called again', async (status) => {
    const { url, calls } = await receiver(() => status);
    await expect(callReceiver(url, { kind: 'none' }, createRealHost(), signal)).rejects.toMatchObject({
      code: 'temporary',
    });
    expect(calls).toHaveLength(1);
  });
});
