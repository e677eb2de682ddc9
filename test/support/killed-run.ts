import { bump } from '../../src/commands/bump.ts';
import type { ForgeId } from '../../src/forges/forge-ids.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { type BareRepository, createBareRepository, type FileContents } from './bare-repository.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { startGitServer } from './git-server.ts';
import { TOKEN as GITHUB_TOKEN, startGithubServer } from './github-server.ts';
import { startGitlabServer } from './gitlab-server.ts';
import { TOKEN as GITLAB_TOKEN } from './gitlab-server-scene.ts';
import { createRealHost, type RealHost } from './real-host.ts';
import { BRANCH, deployment, SHOP } from './request-stage.ts';

export type Strategy = 'commit' | 'pull-request';

/** What a fresh read of the server shows. */
export interface Seen {
  /** Commits on top of the first one, on the base branch or on the request's. */
  readonly commits: number;
  readonly text: string;
  /** States of all requests. */
  readonly requests: readonly string[];
}

/** One server behind a proxy for faults, with one Deployment in its repository. */
export interface KilledStage {
  readonly proxy: FaultProxy;
  /** `bump` as another process would run it: nothing is remembered from one to the next. */
  run(strategy: Strategy, more?: Readonly<Record<string, string>>): Promise<Outcome | Error>;
  look(strategy: Strategy): Promise<Seen>;
  /** Temporary folders and complaints of the server. */
  leftOver(): readonly string[];
  close(): Promise<void>;
}

/** Before the bump, and after it. */
export const OLD = 'acme/api:1.0.0';
export const NEW = 'acme/api:1.1.0';
export const FILES = { [SHOP]: deployment(OLD, 'acme/worker:1.0.0') };

/** A server that keeps what it is told. */
export interface Served {
  readonly forge: ForgeId;
  readonly origin: string;
  readonly path: string;
  readonly token?: string;
  /** Tells the server under which address it is known. */
  readonly rename?: (origin: string) => void;
  readonly look: (branch: string) => Promise<Seen> | Seen;
  readonly problems: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** The ways to serve a repository, with more files where they are given, that need nothing but Git. */
export const SERVERS: Readonly<Record<Exclude<ForgeId, 'gitea'>, (more?: FileContents) => Promise<Served>>> = {
  github: async (more = {}) => {
    const server = await startGithubServer({ files: { ...FILES, ...more } });
    const { repository, state } = server;
    return {
      forge: 'github',
      origin: server.origin,
      path: '/acme/config.git',
      token: GITHUB_TOKEN,
      rename: (origin) => {
        state.origin = origin;
      },
      look: (branch) =>
        seenIn(
          repository,
          branch,
          state.pulls.map((pull) => pull.state),
        ),
      problems: server.problems,
      close: server.close,
    };
  },
  gitlab: async (more = {}) => {
    const repository = createBareRepository({ ...FILES, ...more });
    const server = await startGitlabServer({ repository });
    server.token(GITLAB_TOKEN);
    return {
      forge: 'gitlab',
      origin: server.state.origin,
      path: new URL(server.url).pathname,
      token: GITLAB_TOKEN,
      rename: (origin) => {
        server.state.origin = origin;
      },
      look: (branch) =>
        seenIn(
          repository,
          branch,
          server.merges.map(({ state }) => state),
        ),
      problems: () => server.state.problems,
      close: async () => {
        await server.close();
        repository.remove();
      },
    };
  },
  git: async (more = {}) => {
    const repository = createBareRepository({ ...FILES, ...more });
    const server = await startGitServer({ root: repository.path.replace(/\/config\.git$/, '') });
    return {
      forge: 'git',
      origin: server.origin,
      path: '/config.git',
      look: (branch) => seenIn(repository, branch, []),
      problems: () => [],
      close: async () => {
        await server.close();
        repository.remove();
      },
    };
  },
};

function seenIn(repository: BareRepository, branch: string, requests: readonly string[]): Seen {
  const isThere = repository.git('for-each-ref', `refs/heads/${branch}`) !== '';
  if (!isThere) return { commits: 0, text: repository.text(SHOP, 'main'), requests };
  const first = repository.git('rev-list', '--max-parents=0', branch);
  const commits = Number(repository.git('rev-list', '--count', `${first}..${branch}`));
  return { commits, text: repository.text(SHOP, branch), requests };
}

export async function createKilledStage(serve: () => Promise<Served>): Promise<KilledStage> {
  const served = await serve();
  const proxy = await startFaultProxy(served.origin);
  served.rename?.(proxy.origin);
  const hosts: RealHost[] = [];
  const flags = { images: NEW, forge: served.forge, 'config-repository': `${proxy.origin}${served.path}` };
  const env: Record<string, string> = served.token === undefined ? {} : { DRAWBRIDGE_TOKEN: served.token };
  const unused = () => {
    throw new Error('not in this test');
  };
  return {
    proxy,
    run: async (strategy, more = {}) => {
      const host = impatient(createRealHost({ random: () => 0.5 }), proxy);
      hosts.push(host);
      const context = { host, connectForge, connectEngine: unused, run: unused };
      return bump(parseInputs('bump', { flags: { ...flags, ...more, strategy }, env }), context).catch(
        (error: Error) => error,
      );
    },
    look: async (strategy) => served.look(strategy === 'commit' ? 'main' : BRANCH),
    leftOver: () => [...served.problems(), ...hosts.flatMap((host) => host.leftOver())],
    close: async () => {
      await proxy.close();
      await served.close();
    },
  };
}

/** Waits for a server that is silent for a second, where a run waits for half a minute. */
function impatient(host: RealHost, { isSilent }: FaultProxy): RealHost {
  const { http, processes } = host;
  const shorter = (arg: string) => (isSilent() ? arg.replace('lowSpeedTime=30', 'lowSpeedTime=1') : arg);
  return Object.assign(host, {
    http: {
      ...http,
      send: (request) => http.send(isSilent() ? { ...request, timeout: 1_000 } : request),
    } satisfies typeof http,
    processes: {
      run: (program, args, options) => processes.run(program, args.map(shorter), options),
    } satisfies typeof processes,
  });
}
