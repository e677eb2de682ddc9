import { ToolError } from '../../errors.ts';
import { readSource, resolve } from '../stand-in/source.ts';
import type { Manifest } from '../stand-in/types.ts';
import type { Bell } from './bell.ts';
import { isNudged } from './conditions.ts';
import { eventOf, type Happening } from './happenings.ts';
import { type Look, lookAt } from './health-check.ts';
import * as kustomization from './kustomization-pass.ts';
import * as source from './source-pass.ts';
import type { Store } from './store.ts';
import type { KubeObject, Step, Surroundings } from './types.ts';
import type { Workloads } from './workloads.ts';

export interface Controlled {
  readonly store: Store;
  readonly workloads: Workloads;
  /** The objects as they were made; their status lives in the store. */
  readonly source: KubeObject;
  readonly kustomization: KubeObject;
  readonly branch: string;
  readonly path: string;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  readonly surroundings: Surroundings;
}

/** Milliseconds from applied objects to the first look at them. */
const FIRST_LOOK = 20;

/** Looks at the repository at every interval and at every request. Runs until the signal is aborted, whose reason it throws. */
export async function runSourceController(controlled: Controlled, bell: Bell): Promise<void> {
  const { store, source: named, surroundings, branch } = controlled;
  for (;;) {
    const object = store.get(named);
    const commit = await resolve(surroundings.host, surroundings.repository, branch).catch(asProblem);
    const revision = typeof commit === 'string' ? `${branch}@sha1:${commit}` : '';
    if (typeof commit !== 'string') await write(controlled, named, source.notFetched(commit.message));
    else if (source.artifactOf(object ?? {}) !== revision) {
      await write(controlled, named, source.fetched(revision));
      say(controlled, named, 'Normal', 'NewArtifact', `stored artifact for revision '${revision}'`);
    } else if (object !== undefined && isNudged(object)) await write(controlled, named, source.unchanged());
    await bell.wait(surroundings.pace.interval);
  }
}

function asProblem(error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  throw error;
}

/**
 * Takes up each new artifact once the pass before has ended, and tries again what failed. Runs until the signal is aborted,
 * whose reason it throws.
 */
export async function runKustomizeController(controlled: Controlled, bell: Bell): Promise<void> {
  const { pace, now } = controlled.surroundings;
  let last: { readonly revision: string; readonly retryAt: number } | undefined;
  for (;;) {
    const revision = available(controlled);
    const isDue = revision !== last?.revision || now() >= (last?.retryAt ?? 0) || isAsked(controlled);
    if (revision !== undefined && isDue) {
      const isLive = await pass(controlled, revision);
      last = { revision, retryAt: isLive ? Number.POSITIVE_INFINITY : now() + pace.retryInterval };
    }
    if (available(controlled) === revision)
      await bell.wait(Math.min(pace.interval, (last?.retryAt ?? Number.POSITIVE_INFINITY) - now()));
  }
}

function available({ store, source: named }: Controlled): string | undefined {
  return source.artifactOf(store.get(named) ?? {});
}

function isAsked({ store, kustomization: named }: Controlled): boolean {
  const object = store.get(named);
  return object !== undefined && isNudged(object);
}

/** Whether the revision is live and healthy at the end. */
async function pass(controlled: Controlled, revision: string): Promise<boolean> {
  const { kustomization: named, surroundings } = controlled;
  const over = { revision, timeout: surroundings.pace.timeout };
  await write(controlled, named, kustomization.begun(over));
  const built = await build(controlled, revision);
  if (typeof built === 'string') {
    await write(controlled, named, kustomization.notBuilt(over, built));
    say(controlled, named, 'Warning', 'BuildFailed', built);
    return false;
  }
  await write(controlled, named, kustomization.comparing(over));
  await surroundings.host.clock.sleep(115, surroundings.signal);
  controlled.workloads.apply(built);
  await write(controlled, named, kustomization.checking(over, built));
  const { look, took } = await check(controlled);
  if (look.kind === 'current') await write(controlled, named, kustomization.succeeded(over, built, took));
  else await write(controlled, named, kustomization.unhealthy(over, built, look, took));
  tellEnd(controlled, look, revision);
  return look.kind === 'current';
}

/** The objects of a revision, or what is wrong with its files. */
async function build(controlled: Controlled, revision: string): Promise<readonly Manifest[] | string> {
  const { path, namespace, surroundings } = controlled;
  const commit = revision.slice(revision.indexOf(':') + 1);
  const reading = await readSource(surroundings.host, surroundings.repository, { path, namespace }, commit);
  if (reading.ok) return reading.manifests;
  return `kustomize build failed: ${reading.problem.replace(/^.*desc = /s, '')}`;
}

/** Looks until everything is as it should be, or cannot be any more, or the time is over. */
async function check({ workloads, surroundings }: Controlled): Promise<{ readonly look: Look; readonly took: number }> {
  const { host, now, pace, signal } = surroundings;
  const start = now();
  await host.clock.sleep(FIRST_LOOK, signal);
  for (;;) {
    const look = lookAt(workloads.live(), now());
    const took = now() - start;
    if (look.kind !== 'waiting' || took >= pace.timeout) return { look, took };
    await host.clock.sleep(pace.checkEvery - (took % pace.checkEvery), signal);
  }
}

function tellEnd(controlled: Controlled, look: Look, revision: string): void {
  const { kustomization: named, store } = controlled;
  if (look.kind === 'current') {
    say(controlled, named, 'Normal', 'ReconciliationSucceeded', `Reconciliation finished, applied ${revision}`);
    return;
  }
  const ready = kustomization.readyMessage(store.get(named));
  say(controlled, named, 'Warning', 'HealthCheckFailed', ready);
}

function say(
  { store, surroundings }: Controlled,
  { apiVersion, kind, metadata: { namespace, name } }: KubeObject,
  type: Happening['type'],
  reason: string,
  message: string,
): void {
  const component = kind === 'Kustomization' ? 'kustomize-controller' : 'source-controller';
  const about = { apiVersion, kind, namespace, name };
  store.put(eventOf({ about, type, reason, message, component, at: surroundings.now() }));
}

async function write({ store, surroundings }: Controlled, named: KubeObject, steps: readonly Step[]): Promise<void> {
  const { host, now, signal } = surroundings;
  for (const { after, change } of steps) {
    await host.clock.sleep(after, signal);
    store.update(named, (object) => change(object, now()));
  }
}
