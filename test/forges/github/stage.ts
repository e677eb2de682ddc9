import type { ForgeAccess, RequestDraft, RequestsRole } from '../../../src/forges/forge-client.ts';
import { connectForge } from '../../../src/forges/registry.ts';
import { type GithubServer, type GithubServerOptions, startGithubServer, TOKEN } from '../../support/github-server.ts';
import { createRealHost, type RealHost, type RealHostOptions } from '../../support/real-host.ts';

/** A server with one file, and what a test opens on it; `cleanUp` checks that everything asked was known. */
export function createStage() {
  const undo: (() => Promise<void>)[] = [];
  const servers: GithubServer[] = [];
  const hosts: RealHost[] = [];
  return {
    hosts,
    server: async (options: GithubServerOptions = {}) => {
      const server = await startGithubServer({ files: { 'a.yaml': 'image: a:1\n' }, ...options });
      undo.push(server.close);
      servers.push(server);
      return server;
    },
    connect: async (server: GithubServer, options: Omit<ForgeAccess, 'host'> & RealHostOptions = {}) => {
      const host = createRealHost(options);
      hosts.push(host);
      const { app } = options;
      const access = { ...(app === undefined ? { token: TOKEN } : {}), ...options, host };
      const forge = await connectForge(access, { kind: 'url', url: server.url }, 'github');
      undo.push(forge.close);
      if (forge.requests === undefined) throw new Error('there are no requests');
      return { host, forge, repository: forge.repository, requests: forge.requests };
    },
    cleanUp: async () => {
      for (const step of undo.splice(0).reverse()) await step();
      return servers.splice(0).flatMap((server) => server.problems());
    },
  };
}

export function draftOf(headBranch: string, more: Partial<RequestDraft> = {}): RequestDraft {
  const plain = { title: 'title', body: 'body', baseBranch: 'main', draft: false };
  return { ...plain, labels: [], reviewers: [], assignees: [], headBranch, ...more };
}

/** A branch with one commit on main, and the request from it. */
export async function proposed(
  server: GithubServer,
  requests: RequestsRole,
  branch = 'drawbridge/a',
  more: Partial<RequestDraft> = {},
) {
  const base = server.repository.head();
  const head = server.repository.commit(
    { [`${branch.replaceAll('/', '-')}.yaml`]: 'image: a:2\n' },
    { branch, from: base, message: 'chore: bump a\n\nImage: a:2' },
  );
  return { base, head, request: await requests.open(draftOf(branch, more)) };
}
