import type { ChangeRequest, Forge, ForgeAccess, RequestDraft, RequestsRole } from '../../src/forges/forge-client.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { type BareRepository, createBareRepository } from './bare-repository.ts';
import { changeOf } from './forge-fixture.ts';
import { type GitlabServer, type GitlabServerOptions, startGitlabServer } from './gitlab-server.ts';
import type { MergeState, TokenOwner } from './gitlab-server-state.ts';
import { createRealHost, type RealHost, type RealHostOptions } from './real-host.ts';

/** No part of it may ever be seen. */
export const TOKEN = 'glpat-canary-5f2b7c1d9e';

export interface GitlabScene {
  readonly server: GitlabServer;
  readonly repository: BareRepository;
  /** @param options an empty token for none */
  connect(options?: RealHostOptions & Omit<ForgeAccess, 'host'> & { url?: string }): Promise<Connected>;
  end(): Promise<void>;
}

export interface Connected {
  readonly forge: Forge;
  readonly requests: RequestsRole;
  readonly host: RealHost;
}

/** A server, and whoever connects to it; everything is undone by `end`, which also fails where the server has a complaint. */
export async function createGitlabScene(
  options: Partial<GitlabServerOptions> & { readonly owner?: Partial<TokenOwner> } = {},
): Promise<GitlabScene> {
  const repository = createBareRepository();
  const server = await startGitlabServer({ repository, ...options });
  server.token(TOKEN, options.owner);
  const connected: Connected[] = [];
  return {
    server,
    repository,
    async connect({ url = server.url, token = TOKEN, ...access } = {}) {
      const host = createRealHost(access);
      const given = token === '' ? {} : { token };
      const forge = await connectForge({ ...access, ...given, host }, { kind: 'url', url }, 'gitlab');
      if (forge.requests === undefined) throw new Error('no requests');
      const one = { forge, requests: forge.requests, host };
      connected.push(one);
      return one;
    },
    async end() {
      for (const { forge } of connected) await forge.close();
      await server.close();
      repository.remove();
      if (server.problems().length > 0) throw new Error(server.problems().join('\n'));
      const seen = JSON.stringify(connected.map(({ host }) => [host.lines, host.started.map(({ args }) => args)]));
      if (seen.includes('canary')) throw new Error('the token was seen in a log or an argument');
      const left = connected.flatMap(({ host }) => host.leftOver());
      if (left.length > 0) throw new Error(`left over: ${left.join(', ')}`);
    },
  };
}

export function draftOf(changes: Partial<RequestDraft> = {}): RequestDraft {
  return {
    title: 'chore: bump a to 2',
    body: 'text',
    headBranch: 'drawbridge/a',
    baseBranch: 'main',
    draft: false,
    labels: [],
    reviewers: [],
    assignees: [],
    ...changes,
  };
}

export interface Proposed {
  readonly request: ChangeRequest;
  readonly revision: string;
  readonly merge: MergeState;
}

/** A branch with one commit on main, and a merge request from it. */
export async function propose(
  { forge, requests }: Connected,
  server: GitlabServer,
  draft: Partial<RequestDraft> = {},
): Promise<Proposed> {
  const wanted = draftOf(draft);
  const base = await forge.repository.head('main');
  const change = changeOf({ [`${wanted.headBranch.replaceAll('/', '-')}.txt`]: '2\n' }, 'chore: bump\n\nImage: a:2\n');
  const made = await forge.repository.commit(wanted.headBranch, change, 'absent', base.revision);
  if (made.kind !== 'committed') throw new Error(made.reason);
  const request = await requests.open(wanted);
  const merge = server.merges.find(({ iid }) => iid === request.number);
  if (merge === undefined) throw new Error('the server has no such request');
  return { request, revision: made.revision, merge };
}
