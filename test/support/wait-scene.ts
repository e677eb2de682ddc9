import { connectArgocd } from '../../src/engines/argocd/index.ts';
import type { DeliveryEngine, Wanted } from '../../src/engines/delivery-engine.ts';
import type { JudgeOptions } from '../../src/engines/judge.ts';
import { type ProgressEvent, watch } from '../../src/engines/watch.ts';
import type { Relation } from '../../src/forges/forge-client.ts';
import { normaliseRepositoryUrl } from '../../src/forges/repository-url.ts';
import type { Host } from '../../src/host.ts';
import type { TargetOutcome } from '../../src/outcome.ts';
import { NEWER, OLD, WANTED } from './applications.ts';
import { type ArgocdScript, argocdScript, SERVER } from './argocd-script.ts';
import { DEFAULTS } from './replay.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

export interface WaitScene {
  readonly clock: VirtualClock;
  readonly script: ArgocdScript;
  readonly host: Host;
  readonly engine: DeliveryEngine;
  readonly cancel: (reason: Error) => void;
  readonly log: string[];
  readonly progress: ProgressEvent[];
  wait(options?: WaitOptions): Promise<TargetOutcome>;
  waitAll(options?: WaitOptions): Promise<readonly TargetOutcome[]>;
}

export interface WaitOptions {
  readonly targets?: readonly string[];
  readonly wanted?: Partial<Wanted>;
  readonly options?: Partial<JudgeOptions>;
  readonly timeout?: number;
  readonly refresh?: boolean;
  readonly relation?: (revision: string) => Promise<Relation>;
}

const RELATIONS: Readonly<Record<string, Relation>> = { [OLD]: 'lacks', [WANTED]: 'equal', [NEWER]: 'contains' };

/** A whole wait against a scripted server, in virtual time. */
export function waitScene(
  settings: { readonly project?: string; readonly password?: boolean; readonly startsAt?: number } = {},
): WaitScene {
  const clock = virtualClock(settings.startsAt);
  const script = argocdScript(clock);
  const log: string[] = [];
  const progress: ProgressEvent[] = [];
  const abort = new AbortController();
  const line = (level: string) => (message: string) => void log.push(`${level} ${message}`);
  const host = {
    clock,
    http: script.http,
    random: () => 0.5,
    signal: abort.signal,
    log: {
      debug: line('debug'),
      info: line('info'),
      warning: line('warning'),
      error: line('error'),
      group: (_title: string, body: () => Promise<unknown>) => body(),
      secret: () => undefined,
    },
  } as unknown as Host;
  const credentials = settings.password
    ? ({ kind: 'password', username: 'ci', password: 'a long password' } as const)
    : ({ kind: 'token', token: 'a-token-of-the-gate' } as const);
  const { project } = settings;
  const engine = connectArgocd(
    { server: SERVER, credentials, ...(project && { project }), normaliseRepository: normaliseRepositoryUrl },
    host,
  );
  const waitAll = ({ targets = ['shop'], wanted = {}, options = {}, ...rest }: WaitOptions = {}) =>
    clock.run(
      watch({
        engine,
        host,
        targets: targets.map((name) => engine.parseTarget(name)),
        wanted: { revision: WANTED, images: [], ...wanted },
        options: { ...DEFAULTS, ...options },
        timeout: rest.timeout ?? 600_000,
        refresh: rest.refresh ?? true,
        relation: rest.relation ?? (async (revision) => RELATIONS[revision] ?? 'unknown'),
        progress: (event) => progress.push(event),
      }),
    );
  const wait = async (options?: WaitOptions): Promise<TargetOutcome> => {
    const [outcome] = await waitAll(options);
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };
  return { clock, script, host, engine, log, progress, wait, waitAll, cancel: (reason) => abort.abort(reason) };
}
