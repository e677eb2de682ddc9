import { dirname } from 'node:path';
import type { Change, Forge, ForgeAccess, RepositoryAddress } from '../../src/forges/forge-client.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { type BareRepository, createBareRepository, type FileContents } from './bare-repository.ts';
import { type GitServer, type GitServerOptions, startGitServer } from './git-server.ts';
import { createRealHost, type RealHost, type RealHostOptions } from './real-host.ts';

export interface Connected {
  readonly host: RealHost;
  readonly forge: Forge;
}

/** What a test makes, undone after it. */
export interface Fixture {
  repository(files?: FileContents, initArgs?: string[]): BareRepository;
  server(repository: BareRepository, options?: Partial<GitServerOptions>): Promise<GitServer>;
  connect(
    address: RepositoryAddress | string,
    options?: RealHostOptions & Omit<ForgeAccess, 'host'>,
  ): Promise<Connected>;
  cleanUp(): Promise<void>;
}

export function createFixture(): Fixture {
  const undo: (() => unknown)[] = [];
  return {
    repository: (files, initArgs) => {
      const repository = createBareRepository(files, initArgs);
      undo.push(repository.remove);
      return repository;
    },
    server: async (repository, options = {}) => {
      const server = await startGitServer({ root: dirname(repository.path), ...options });
      undo.push(server.close);
      return server;
    },
    connect: async (address, options = {}) => {
      const host = createRealHost(options);
      const place: RepositoryAddress = typeof address === 'string' ? { kind: 'url', url: address } : address;
      const forge = await connectForge({ ...options, host }, place, 'git');
      undo.push(forge.close);
      return { host, forge };
    },
    cleanUp: async () => {
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

/** A change of whole files, as a plan would make it from its edits. */
export function changeOf(files: Readonly<Record<string, string>>, message = 'chore: change'): Change {
  return {
    edits: [],
    files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text), mode: '100644' })),
    title: message.split('\n')[0] ?? '',
    message,
    body: '',
  };
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}
