import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, isTaken } from '../place.ts';

/** A server on loopback, and the folder that it was given. */
export interface Served {
  /** Host and port. */
  readonly address: string;
  readonly folder: string;
  close(): void;
}

/** A real registry, `docker-registry`; its folder is for what is to be pushed. */
export async function openRegistry(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-registry-'));
  const [port = 0] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const storage = { filesystem: { rootdirectory: join(folder, 'data') } };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify({ version: 0.1, storage, http: { addr: address } }));
  const registry = spawn('docker-registry', ['serve', join(folder, 'config.yaml')], { stdio: 'ignore' });
  for (let tries = 0; tries < 50 && !(await isTaken(port)); tries++) await sleep(100);
  const close = () => {
    registry.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, folder, close };
}

/** The files of a folder over HTTP, which is all that a chart repository is. */
export async function openFiles(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-charts-'));
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, (request.url ?? '').slice(1))));
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const close = () => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, folder, close };
}
