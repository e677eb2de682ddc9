import { expect } from '@jest/globals';
import { bump } from '../../src/commands/bump.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import { rollback } from '../../src/commands/rollback.ts';
import type { Forge, MergeMethod } from '../../src/forges/forge-client.ts';
import { connectForge } from '../../src/forges/registry.ts';
import type { Clock } from '../../src/host.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { BareRepository } from '../support/bare-repository.ts';
import { createRealHost, type RealHost } from '../support/real-host.ts';

/** `writer` may do everything, `reader` may only read, `nobody` has a token that the server does not know. */
export type Who = 'writer' | 'reader' | 'nobody';

/** Ways to merge; a fast-forward makes no commit. */
export type Way = MergeMethod | 'fast-forward';

/** A request as its page shows it. */
export interface SeenRequest {
  readonly number: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly branch: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly comments: readonly string[];
}

/** What others see and do in the repository. */
export interface Onlooker extends Pick<BareRepository, 'git' | 'head' | 'history' | 'text' | 'commit'> {
  /** By force; undefined deletes the branch. */
  move(branch: string, revision: string | undefined): void;
}

export function onlooker(bare: BareRepository): Onlooker {
  const move = (branch: string, revision: string | undefined) => {
    const change = revision === undefined ? ['-d', `refs/heads/${branch}`] : [`refs/heads/${branch}`, revision];
    bare.git('update-ref', ...change);
  };
  return { ...bare, move };
}

/** A server with one repository, as its owner, its administrator and other people see and use it. */
export interface Stage {
  /** Of the registry: `git`, `github`, `gitlab`, `gitea`; and `memory`, which is in none. */
  readonly forge: string;
  readonly url: string;
  /** The repository with eyes and hands of others. */
  readonly repository: Onlooker;
  readonly tokens: Readonly<Record<Who, string>>;
  /** In place of the registry. */
  readonly connect?: (who: Who) => Promise<Forge>;
  /** Tells a server that knows one token only whose it is now. */
  readonly as?: (who: Who) => void;
  /** @returns what the server says to whoever pushes to the base branch from now on */
  protect(): Promise<RegExp>;
  readonly requests?: RequestsStage;
  readonly statuses?: StatusesStage;
  /** Gives background work of a real server its time. */
  readonly clock?: () => Clock;
  /** Ends it. @returns what was asked that the server does not know, and what was expected and never asked */
  end(): Promise<readonly string[]>;
}

/** Settings of a server with requests, and what people do there. */
export interface RequestsStage {
  /** By number. */
  all(): Promise<readonly SeenRequest[]>;
  close(number: number): Promise<void>;
  merge(number: number, way: Way): Promise<void>;
  /** What every open request lacks from now on; `undecided`: the server has not found out whether it can be merged. */
  checks(state: 'pending' | 'passed' | 'undecided'): Promise<void>;
  /** @returns the sentence that says so */
  forbid(method: 'squash'): Promise<RegExp>;
  /** Merges by fast-forward alone from now on; absent on a server without such a setting. */
  readonly fastForwardOnly?: () => Promise<void>;
  /** Somebody who can review and be assigned. */
  readonly colleague: string;
}

/** What is shown beside a commit, and what others say there. */
export interface StatusesStage {
  all(revision: string): Promise<readonly { readonly context: string; readonly description: string }[]>;
  byOthers(revision: string, context: string, state: 'success' | 'failure'): Promise<void>;
  /** More than fit on one page. */
  readonly many: number;
  /** Oldest first; absent on a server that knows none. */
  readonly deployments?: () => Promise<readonly SeenDeployment[]>;
}

export interface SeenDeployment {
  readonly environment: string;
  readonly revision: string;
  readonly state: 'running' | 'success' | 'failure' | 'inactive';
  readonly url: string;
}

export type OpenStage = (files: Readonly<Record<string, string>>) => Promise<Stage>;

type Flags = Readonly<Record<string, string | readonly string[]>>;
/** Called before a function of the port is: with how often it was called, from 1. */
export type Before = Readonly<Record<string, (count: number) => unknown>>;

export interface RunOptions {
  readonly who?: Who;
  readonly before?: Before;
}

export interface Run extends Outcome {
  readonly host: RealHost;
}

/** `bump` as a user would run it, by a commit unless the flags say otherwise. */
export function runBump(stage: Stage, image: string, flags: Flags = {}, options: RunOptions = {}): Promise<Run> {
  return run(stage, options, (context) =>
    bump(parseInputs('bump', rawInputs(stage, options, { images: image, ...flags })), context),
  );
}

export function runRollback(stage: Stage, flags: Flags = {}): Promise<Run> {
  return run(stage, {}, (context) => rollback(parseInputs('rollback', rawInputs(stage, {}, flags)), context));
}

function rawInputs({ url, tokens, forge }: Stage, { who = 'writer' }: RunOptions, flags: Flags) {
  const id = forge === 'memory' ? {} : { forge };
  return { flags: { 'config-repository': url, ...id, ...flags }, env: { DRAWBRIDGE_TOKEN: tokens[who] } };
}

async function run(
  stage: Stage,
  { who = 'writer', before = {} }: RunOptions,
  command: (context: CommandContext) => Promise<Outcome>,
): Promise<Run> {
  const clock = stage.clock?.();
  const host = createRealHost({ random: () => 0.5, ...(clock === undefined ? {} : { clock }) });
  const unused = () => {
    throw new Error('not in this test');
  };
  const open: CommandContext['connectForge'] = (access, address, wanted) =>
    stage.connect === undefined ? connectForge(access, address, wanted) : stage.connect(who);
  stage.as?.(who);
  const connect: CommandContext['connectForge'] = async (...args) => watched(await open(...args), before);
  const seen: unknown[] = [];
  try {
    const outcome = await command({ host, connectForge: connect, connectEngine: unused, run: unused });
    seen.push(outcome);
    return { ...outcome, host };
  } catch (error) {
    seen.push(error instanceof Error ? { ...error, message: error.message } : error);
    throw error;
  } finally {
    expectNoSecret(stage, [seen, host.lines, host.started.map(({ args }) => args)]);
    expect(host.leftOver()).toEqual([]);
  }
}

function expectNoSecret({ tokens }: Stage, seen: unknown): void {
  const text = JSON.stringify(seen);
  for (const token of Object.values(tokens).filter((one) => one !== '')) expect(text).not.toContain(token);
}

function watched(forge: Forge, before: Before): Forge {
  const { repository, requests } = forge;
  return {
    ...forge,
    repository: watchedRole(repository, before),
    ...(requests === undefined ? {} : { requests: watchedRole(requests, before) }),
  };
}

function watchedRole<Role extends object>(role: Role, before: Before): Role {
  const counts = new Map<string, number>();
  const entries = Object.entries(role).map(([name, method]: [string, (...args: readonly unknown[]) => unknown]) => [
    name,
    async (...args: readonly unknown[]) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      await before[name]?.(count);
      return method(...args);
    },
  ]);
  return Object.fromEntries(entries) as Role;
}
