import { symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBareRepository, type FileContents } from '../../support/bare-repository.ts';
import { startGitServer } from '../../support/git-server.ts';
import { type Bed, PROJECT, publish } from './bed.ts';
import { type Gate, type Repository, runGate } from './gate.ts';
import { type ApplicationOptions, application } from './manifests.ts';
import type { GateResult } from './running.ts';
import type { Expected, Row } from './scenario.ts';

/** Where one scenario is played: its repositories and applications, and the rows that it makes. */
export interface Stage {
  readonly bed: Bed;
  /** Name of the application and of the namespace that it deploys to. */
  readonly name: string;
  readonly rows: readonly Row[];
  repository(files: FileContents): Promise<Repository>;
  /** Makes the application. */
  deploy(
    options: Partial<ApplicationOptions> & Pick<ApplicationOptions, 'source' | 'sources'>,
    name?: string,
  ): Promise<void>;
  /** Makes repository and application, and waits until the first commit is live. */
  begin(files: FileContents, options?: Partial<ApplicationOptions>): Promise<Repository>;
  /** Waits until Argo CD shows what the test wants. */
  until(what: string, test: (application: Shown) => boolean, seconds?: number, name?: string): Promise<void>;
  refresh(name?: string): Promise<void>;
  /** Starts the gate, and `argocd app wait` at the same moment, and writes one row. */
  gate(gate: Gate): Promise<GateResult>;
  close(): Promise<void>;
}

/** What scenarios read of an Application. */
export interface Shown {
  readonly revisions: readonly string[];
  readonly sync: string;
  readonly health: string;
  readonly phase: string;
  readonly idle: boolean;
  readonly retries: number;
}

export function openStage(bed: Bed, name: string, scenario: string, expected: Expected): Stage {
  const rows: Row[] = [];
  const closers: (() => Promise<void> | void)[] = [];
  const stage: Stage = {
    bed,
    name,
    rows,
    repository: (files) => openRepository(bed, files, closers),
    deploy: async (options, own = name) => {
      const namespace = options.namespace ?? bed.namespace;
      const all = { project: PROJECT, destination: name, ...options, namespace };
      await applyObject(bed, application(own, all));
      closers.push(() => remove(bed, namespace, own));
    },
    begin: async (files, options = {}) => {
      const repository = await stage.repository(files);
      await stage.deploy({ source: sourceOf(repository), ...options } as Parameters<Stage['deploy']>[0]);
      const [head, namespace] = [repository.head(), options.namespace ?? bed.namespace];
      if (options.auto !== false) await until(bed, namespace, name, 'the first commit is live', isLiveAt(head), 60);
      return repository;
    },
    until: (what, test, seconds = 60, own = name) => until(bed, bed.namespace, own, what, test, seconds),
    refresh: async (own = name) =>
      void (await bed.call('GET', `/api/v1/applications/${own}?refresh=normal&project=${PROJECT}`)),
    gate: async (gate) => {
      const [row, result] = await runGate(bed, gate, gate.title ?? scenario, gate.expected ?? expected);
      rows.push(row);
      return result;
    },
    close: async () => {
      for (const closer of closers.reverse()) await closer();
      await bed.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
    },
  };
  return stage;
}

export function sourceOf({ url }: Pick<Repository, 'url'>, path = 'deploy'): object {
  return { repoURL: url, targetRevision: 'main', path };
}

/** Served on loopback, and under the address at which the engine reaches this machine. */
export async function openRepository(
  bed: Pick<Bed, 'gitHost'>,
  files: FileContents,
  closers: (() => Promise<void> | void)[],
): Promise<Repository> {
  const repository = createBareRepository(files);
  const folder = dirname(repository.path);
  // Repositories that differ in the port alone are taken for one, so each gets a path of its own.
  const name = `${basename(folder)}.git`;
  symlinkSync(repository.path, join(folder, name));
  const server = await startGitServer({ root: folder });
  const port = Number(new URL(server.url).port);
  const published = await publish(bed.gitHost, port);
  closers.push(async () => {
    published?.close();
    await server.close();
    repository.remove();
  });
  return { ...repository, url: `http://${bed.gitHost}:${port}/${name}`, fault: server.fault };
}

export async function applyObject(bed: Pick<Bed, 'kubectl'>, object: object): Promise<void> {
  await bed.kubectl(
    ['apply', '--server-side', '--force-conflicts', '--field-manager=lab', '-f', '-'],
    JSON.stringify(object),
  );
}

async function remove(bed: Bed, namespace: string, name: string): Promise<void> {
  const flags = ['--ignore-not-found', '--wait=false'];
  await bed.kubectl(['delete', 'applications.argoproj.io', name, '-n', namespace, ...flags]);
}

export function isLiveAt(revision: string): (application: Shown) => boolean {
  return ({ revisions, sync, health, idle }) =>
    revisions.includes(revision) && sync === 'Synced' && health === 'Healthy' && idle;
}

async function until(
  bed: Bed,
  namespace: string,
  name: string,
  what: string,
  test: (application: Shown) => boolean,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let shown: Shown | undefined;
  while (Date.now() < end) {
    shown = await look(bed, namespace, name).catch(() => undefined);
    if (shown !== undefined && test(shown)) return;
    await sleep(250);
  }
  throw new Error(`${name}: ${what} was not reached in ${seconds} s; Argo CD shows ${JSON.stringify(shown)}`);
}

async function look(bed: Bed, namespace: string, name: string): Promise<Shown | undefined> {
  const { status, body } = await bed.call(
    'GET',
    `/api/v1/applications/${name}?project=${PROJECT}&appNamespace=${namespace}`,
  );
  return status === 200 ? shownOf(body) : undefined;
}

interface Raw {
  readonly operation?: object;
  readonly status?: {
    readonly sync?: { readonly status?: string; readonly revision?: string; readonly revisions?: readonly string[] };
    readonly health?: { readonly status?: string };
    readonly operationState?: { readonly phase?: string; readonly retryCount?: number };
  };
}

function shownOf(raw: Raw): Shown {
  const { sync = {}, health = {}, operationState = {} } = raw.status ?? {};
  return {
    revisions: sync.revisions ?? [sync.revision ?? ''],
    sync: sync.status ?? '',
    health: health.status ?? '',
    phase: operationState.phase ?? '',
    idle: raw.operation === undefined && operationState.phase !== 'Running',
    retries: operationState.retryCount ?? 0,
  };
}
