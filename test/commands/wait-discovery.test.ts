import { afterEach, describe, expect, it } from '@jest/globals';
import { wait } from '../../src/commands/wait.ts';
import type { DeliveryEngine, DiscoverQuery } from '../../src/engines/delivery-engine.ts';
import { ToolError } from '../../src/errors.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { normaliseRepositoryUrl } from '../../src/forges/repository-url.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { type GitServer, startGitServer } from '../support/git-server.ts';
import { createRealHost } from '../support/real-host.ts';

const repositories: BareRepository[] = [];
const servers: GitServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const repository of repositories.splice(0)) repository.remove();
});

/** The question that the engine is asked; it knows no target. */
async function asked(address: (repository: BareRepository, server: GitServer) => string): Promise<DiscoverQuery> {
  const repository = createBareRepository({ 'deploy/web.yaml': 'a: 1\n' });
  repositories.push(repository);
  const server = await startGitServer({ root: repository.path.slice(0, -'/config.git'.length) });
  servers.push(server);
  const revision = repository.commit({ 'deploy/web.yaml': 'a: 2\n' });
  const flags = { revision, engine: 'argocd', 'argocd-server': 'argocd.example.com' };
  const all = { ...flags, 'config-repository': address(repository, server) };
  const queries: DiscoverQuery[] = [];
  const discover: DeliveryEngine['discover'] = async (query) => {
    queries.push(query);
    throw new ToolError('missing', 'there is no target');
  };
  const engine = { id: 'argocd', discover } as unknown as DeliveryEngine;
  const host = createRealHost();
  const context = { host, connectForge, connectEngine: async () => engine, run: () => Promise.reject(new Error()) };
  await expect(wait(parseInputs('wait', { flags: all, env: {} }), context)).rejects.toThrow('there is no target');
  const [query] = queries;
  if (query === undefined) throw new Error('the engine was not asked');
  return query;
}

describe('a wait without targets', () => {
  it('asks for the repository in the one spelling in which engines compare it, and for the changed files', async () => {
    const query = await asked((_, { url }) => url);
    expect(query).toEqual({ repository: '127.0.0.1/config', changedFiles: ['deploy/web.yaml'] });
  });

  it('asks so for a folder as well', async () => {
    const { repository } = await asked(({ path }) => path);
    expect(repository).toBe(normaliseRepositoryUrl(repository));
    expect(repository).not.toMatch(/\.git$/);
  });
});
