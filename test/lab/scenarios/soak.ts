import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../place.ts';
import { restartServer } from './access.ts';
import type { Bed } from './bed.ts';
import { web } from './manifests.ts';
import { expect, type Row } from './scenario.ts';
import { openStage, type Stage } from './stage.ts';

/** The most that a wait may grow from its beginning to its end. */
const GROWTH_MEBIBYTES = 20;

/**
 * One long wait: a rollout that takes as long as the soak, behind a proxy that cuts connections in silence, with restarts of
 * the API server and sessions that expire. The verdict must be right, and the memory must not grow.
 */
export async function soak(bed: Bed, length: string): Promise<readonly Row[]> {
  const seconds = secondsOf(length);
  if (bed.place === undefined || bed.login === undefined)
    throw new LabError('The soak restarts servers, so it needs a lab of ours.');
  const stage = openStage(bed, 'lab-soak', `soak of ${length}`, expect('landed'));
  const proxy = await openProxy(bed.url);
  try {
    await shortSessions(bed, '90s');
    const repository = await stage.begin(web('1.0.0'));
    // The two pods are replaced one after the other.
    const revision = repository.commit(web('1.1.0', { ready: seconds / 2, deadline: seconds }));
    const began = Date.now();
    const disturbed = { restarts: 0 };
    const result = await stage.gate({
      revision,
      repository,
      target: stage.name,
      live: '1.1.0',
      server: proxy.url,
      credentials: { ARGOCD_USERNAME: bed.login.username, ARGOCD_PASSWORD: bed.login.password },
      args: ['--timeout', `${seconds + 120}s`],
      during: () => disturb(stage, proxy, began + (seconds - 20) * 1000, disturbed),
    });
    return [withGrowth(stage, result.memory, proxy, disturbed.restarts)];
  } finally {
    await shortSessions(bed, '24h');
    proxy.close();
    await stage.close();
  }
}

function secondsOf(length: string): number {
  const [, number = '', unit = ''] = /^(\d+)(s|m|h)$/.exec(length) ?? [];
  const seconds = Number(number) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 0);
  if (seconds >= 60) return seconds;
  throw new LabError(`The soak is ${JSON.stringify(length)} long: write a time of at least 60 s, such as 10m.`);
}

/** Also waits for the server to take the setting up. */
async function shortSessions(bed: Bed, duration: string): Promise<void> {
  const patch = JSON.stringify({ data: { 'users.session.duration': duration } });
  await bed.kubectl(['patch', 'configmap', 'argocd-cm', '-n', bed.namespace, '--type=merge', '-p', patch]);
  await sleep(2000);
}

/** Every 50 s a cut in silence or a restart of the API server, by turns, until shortly before the end. */
async function disturb(stage: Stage, proxy: Proxy, end: number, count: { restarts: number }): Promise<void> {
  for (let turn = 0; Date.now() + 50_000 < end; turn++) {
    await sleep(50_000);
    if (turn % 2 === 0) proxy.silence();
    else {
      await restartServer(stage);
      count.restarts++;
    }
  }
}

function withGrowth(stage: Stage, memory: readonly number[], proxy: Proxy, restarts: number): Row {
  const [row] = stage.rows;
  if (row === undefined) throw new Error('the soak made no row');
  // The first half minute loads code and opens connections.
  const settled = memory.slice(30);
  const half = Math.max(1, Math.floor(settled.length / 10));
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const [before, after] = [middle(settled.slice(0, half)), middle(settled.slice(-half))];
  const growth = after - before;
  const title = `${row.scenario}: ${restarts} restarts, ${proxy.silenced()} silent cuts, ${proxy.connections()} connections, ${proxy.logins()} logins, memory ${before} MiB and ${growth >= 0 ? '+' : ''}${growth}, at most ${Math.max(...memory)}`;
  const problem = growth > GROWTH_MEBIBYTES ? `memory grew by ${growth} MiB` : '';
  return { ...row, scenario: title, problem: row.problem || problem };
}

interface Proxy {
  readonly url: string;
  /** From now on nothing passes through the open connections, and nobody is told: what a broken middlebox does. */
  silence(): void;
  silenced(): number;
  connections(): number;
  logins(): number;
  close(): void;
}

async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let [silenced, connections, logins] = [0, 0, 0];
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    connections++;
    client.on('data', (chunk) => {
      if (chunk.includes('POST /api/v1/session')) logins++;
    });
    client.pipe(upstream).pipe(client);
    for (const end of pair) {
      end.on('error', () => {});
      end.once('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence: () => {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
        silenced++;
      }
    },
    silenced: () => silenced,
    connections: () => connections,
    logins: () => logins,
    close: () => {
      server.close();
      for (const pair of pairs) for (const end of pair) end.destroy();
    },
  };
}
