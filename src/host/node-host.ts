import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../errors.ts';
import type { Host, Http, Log, Processes } from '../host.ts';
import { systemClock } from './clock.ts';
import { nodeFiles } from './files.ts';

export interface NodeHostOptions {
  readonly env: Host['env'];
  /** Absolute. */
  readonly workingDirectory: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Where files that ship with the program are: beside the bundle, or at the top of the repository when run from source. */
declare const DRAWBRIDGE_BUNDLED: boolean | undefined;
const ASSETS = new URL(typeof DRAWBRIDGE_BUNDLED === 'undefined' ? '../../' : './', import.meta.url);

/** The Host of the real machine. */
export function createNodeHost(options: NodeHostOptions): Host {
  return {
    env: options.env,
    workingDirectory: options.workingDirectory,
    clock: systemClock,
    random: Math.random,
    files: nodeFiles(options.workingDirectory),
    asset: readAsset,
    processes: PROCESSES,
    http: lazyHttp(options.env),
    log: options.log,
    signal: options.signal,
    at: (directory) => createNodeHost({ ...options, workingDirectory: resolve(options.workingDirectory, directory) }),
  };
}

/** Node takes longer to load its HTTP and TLS modules than to start, and most runs need none of them. */
function lazyHttp(env: Host['env']): Http {
  const load = async () => (await import('./http.ts')).nodeHttp(env);
  return {
    send: async (request) => (await load()).send(request),
    open: async (request) => (await load()).open(request),
  };
}

const PROCESSES: Processes = {
  run: async (...given) => (await import('./processes.ts')).nodeProcesses.run(...given),
};

async function readAsset(name: string): Promise<Uint8Array> {
  try {
    return readFileSync(fileURLToPath(new URL(name, ASSETS)));
  } catch (cause) {
    throw new ToolError('io', `${name}, which ships with the program, could not be read`, {
      hint: 'Install drawbridge again.',
      cause,
    });
  }
}
