import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { nodeHttp } from '../../src/host/http.ts';

const http = nodeHttp({});
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the transport', () => {
  it('sends what it is given and answers with status, headers and body', async () => {
    const url = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response
        .writeHead(418, { 'x-method': request.method })
        .end(`${request.headers['content-length']} ${Buffer.concat(chunks)}`);
    });
    const answer = await http.send({ method: 'POST', url, body: 'häh' });
    expect([answer.status, answer.headers['x-method'], new TextDecoder().decode(answer.body)]).toEqual([
      418,
      'POST',
      '4 häh',
    ]);
  });

  it('never follows a redirect, so that no token travels', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await http.send({ method: 'GET', url, headers: { authorization: 'Bearer secret' } });
    expect([answer.status, requests]).toEqual([302, 1]);
  });

  it('calls a cut answer temporary, never a short one', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    });
    await expect(http.send({ method: 'GET', url })).rejects.toMatchObject({ code: 'temporary' });
  });

  it('gives up on a server that never answers', async () => {
    const url = await serve(() => {});
    await expect(http.send({ method: 'GET', url, timeout: 100 })).rejects.toMatchObject({
      code: 'temporary',
      message: expect.stringContaining('did not answer within 0.1 s'),
    });
  });

  it('gives up on a body that never ends in time, and on one that is too long', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200).write('x'.repeat(1000));
      if (request.url === '/long') response.end('x'.repeat(1000));
    });
    await expect(http.send({ method: 'GET', url, timeout: 200 })).rejects.toMatchObject({ code: 'temporary' });
    await expect(http.send({ method: 'GET', url: `${url}/long`, maxBytes: 1500 })).rejects.toMatchObject({
      code: 'protocol',
    });
  });

  it('refuses plain http off this machine, and what is no web address, before anything is sent', async () => {
    for (const url of [
      'http://argocd.example.com/',
      'http://127.0.0.1.example.com/',
      'ftp://127.0.0.1/',
      'file:///etc/passwd',
      '',
    ]) {
      await expect(http.send({ method: 'GET', url })).rejects.toMatchObject({ code: 'input' });
    }
  });

  it('names a server that is not there', async () => {
    await expect(http.send({ method: 'GET', url: 'http://127.0.0.1:1/x?token=canary' })).rejects.toMatchObject({
      code: 'temporary',
      message: 'http://127.0.0.1:1/x could not be reached: ECONNREFUSED',
    });
  });

  it('passes the reason of a cancelled run through', async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const reason = new ToolError('interrupted', 'interrupted');
    const running = http.send({ method: 'GET', url, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(running).rejects.toBe(reason);
  });

  it('hands a stream over as it comes, and its end when it is cut', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200).write('one');
      setImmediate(() => response.destroy());
    });
    const stream = await http.open({ method: 'GET', url });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream.chunks) seen.push(new TextDecoder().decode(chunk));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'temporary' });
    expect(seen).toEqual(['one']);
  });

  it('sets a deadline on the headers of a stream and none on its body', async () => {
    const silent = await serve(() => {});
    await expect(http.open({ method: 'GET', url: silent, timeout: 100 })).rejects.toMatchObject({ code: 'temporary' });
  });
});
