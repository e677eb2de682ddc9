import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WaitingInputs } from '../../src/commands/engine-options.ts';
import { nudgeFlux } from '../../src/commands/flux-nudge.ts';
import type { Host } from '../../src/host.ts';
import { createRealHost } from '../support/real-host.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What the Receiver was shown, and what was said about it. */
async function nudged(inputs: Partial<WaitingInputs>, status = 200) {
  const shown: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    shown.push(headers.authorization ?? (headers['x-signature'] as string | undefined));
    response.writeHead(status).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const warnings: string[] = [];
  const real = createRealHost();
  const log = { ...real.log, warning: (message: string) => void warnings.push(message), secret: () => undefined };
  const host: Host = { ...real, log, env: {} };
  const fluxReceiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/abc`;
  await nudgeFlux({ fluxReceiver, ...inputs } as WaitingInputs, host);
  return { shown, warnings };
}

describe('the Receiver that the inputs name', () => {
  it('is shown nothing, a signature, or the token of the job', async () => {
    expect((await nudged({})).shown).toEqual([undefined]);
    expect((await nudged({ fluxReceiverKey: 'a-key-of-the-receiver' })).shown[0]).toMatch(/^sha256=[0-9a-f]{64}$/);
    const claims = Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString('base64url');
    const token = `e30.${claims}.signature`;
    const inputs = { fluxReceiverAudience: 'notification-controller', oidcToken: token };
    expect((await nudged(inputs)).shown).toEqual([`Bearer ${token}`]);
  });

  it('is not called where there is none', async () => {
    const nothing = createRealHost();
    await expect(nudgeFlux({} as WaitingInputs, nothing)).resolves.toBeUndefined();
  });

  it.each([400, 404, 500, 503])('only has a warning to tell of HTTP %s', async (status) => {
    const { warnings, shown } = await nudged({}, status);
    expect(shown).toHaveLength(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('Flux was not asked to look at once');
  });

  it('only has a warning to tell of a job without an identity', async () => {
    const { warnings, shown } = await nudged({ fluxReceiverAudience: 'notification-controller' });
    expect(shown).toEqual([]);
    expect(warnings[0]).toContain('no identity token');
  });
});
