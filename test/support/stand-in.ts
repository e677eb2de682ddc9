import { tmpdir } from 'node:os';
import { type StandIn, type StandInOptions, startArgoCdStandIn } from '../../src/demo/stand-in/server.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import type { Host, Log } from '../../src/host.ts';

const silent = () => {};
const SILENT_LOG: Log = {
  debug: silent,
  info: silent,
  warning: silent,
  error: silent,
  secret: silent,
  group: (_title, body) => body(),
};

/** The real machine, without a word. */
export function quietHost(): Host {
  const { PATH = '', HOME = '' } = process.env;
  const signal = new AbortController().signal;
  return createNodeHost({ env: { PATH, HOME }, workingDirectory: tmpdir(), log: SILENT_LOG, signal });
}

/** The stand-in for Argo CD at a pace for tests: pods are ready in 0.2 s, given up after 0.4 s. */
export function startQuickArgoCd(repository: string, options: Partial<StandInOptions> = {}): Promise<StandIn> {
  return startArgoCdStandIn({
    host: quietHost(),
    repository,
    applications: [{ name: 'shop', path: 'deploy' }],
    polling: 60_000,
    ...options,
    rollout: {
      readyAfter: 200,
      progressDeadline: 400,
      oldPodsAfter: 20,
      apply: 20,
      notice: 10,
      reread: 20,
      ...options.rollout,
    },
  });
}

/** Waits until the application is live and healthy at its first commit. */
export async function settled(standIn: StandIn, name = 'shop'): Promise<void> {
  await standIn.until(name, ({ sync, health }) => sync?.status === 'Synced' && health?.status === 'Healthy');
}

/** Inputs of a wait at the same pace. */
export const QUICK = ['--stable-for', '1s', '--degraded-grace', '1s', '--appear-timeout', '2s', '--timeout', '20s'];
