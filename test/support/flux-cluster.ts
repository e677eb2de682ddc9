import type { Json } from '../../src/engines/api/json.ts';
import type {
  Cluster,
  ObjectList,
  Reading,
  ResourceType,
  Scope,
  WatchEvent,
} from '../../src/engines/kubernetes-api/cluster.ts';
import type { FluxRecording, Written } from './flux-recordings.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Calls as `list Kustomization flux-happy`, and patches as `patch GitRepository/app`. */
export interface RecordedCluster {
  readonly cluster: Cluster;
  readonly calls: string[];
}

export interface RecordedOptions {
  /** Milliseconds of the recording at which the clock begins. */
  readonly from: number;
  readonly forbidden?: (verb: string, scope: Scope) => boolean;
  /** Whether watches stay silent. */
  readonly silent?: boolean;
}

const PLURALS: Readonly<Record<string, readonly [string, string, string]>> = {
  Kustomization: ['kustomize.toolkit.fluxcd.io', 'v1', 'kustomizations'],
  HelmRelease: ['helm.toolkit.fluxcd.io', 'v2', 'helmreleases'],
  HelmChart: ['source.toolkit.fluxcd.io', 'v1', 'helmcharts'],
  GitRepository: ['source.toolkit.fluxcd.io', 'v1', 'gitrepositories'],
  OCIRepository: ['source.toolkit.fluxcd.io', 'v1', 'ocirepositories'],
  HelmRepository: ['source.toolkit.fluxcd.io', 'v1', 'helmrepositories'],
  Deployment: ['apps', 'v1', 'deployments'],
  Job: ['batch', 'v1', 'jobs'],
  Pod: ['', 'v1', 'pods'],
};

/** An API server that plays a recording by the clock. */
export function recordedCluster(
  recording: FluxRecording,
  clock: VirtualClock,
  options: RecordedOptions,
): RecordedCluster {
  const calls: string[] = [];
  const time = () => options.from + clock.monotonic();
  const inScope = ({ object, key }: Written, scope: Scope) =>
    key.startsWith(`${scope.type.kind}/`) && (scope.name === undefined || object?.metadata?.name === scope.name);
  const objectsNow = (scope: Scope): readonly Json[] =>
    [...recording.at(time())].flatMap(([key, object]) =>
      object !== undefined && inScope({ t: 0, key, object }, scope) ? [object] : [],
    );
  const isForbidden = (verb: string, scope: Scope) => options.forbidden?.(verb, scope) === true;
  const note = (verb: string, { type, namespace = '*', name }: Scope) =>
    calls.push(`${verb} ${type.kind} ${namespace}${name === undefined ? '' : ` ${name}`}`);

  async function* play(scope: Scope, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const writes = options.silent ? [] : recording.writes.filter((write) => write.t > time() && inScope(write, scope));
    for (const { t, key, object } of writes) {
      await clock.sleep(Math.max(0, t - time()), signal);
      const before = recording.writes.findLast(
        (write) => write.key === key && write.t <= t && write.object !== undefined,
      );
      if (object !== undefined) yield { kind: 'changed', object };
      else if (before !== undefined) yield { kind: 'deleted', object: before.object };
    }
    await clock.sleep(3_600_000, signal);
  }

  const cluster: Cluster = {
    location: 'recorded',
    namespace: recording.writes[0]?.object?.metadata?.namespace ?? '',
    async resources(group) {
      return Object.entries(PLURALS)
        .filter(([, [one]]) => one === group)
        .map(([kind, [, version, plural]]): ResourceType => ({ group, version, plural, kind, namespaced: true }));
    },
    async get(type, { name }) {
      const scope = { type, name };
      note('get', scope);
      if (isForbidden('get', scope)) return FORBIDDEN;
      const [value] = objectsNow(scope);
      return value === undefined ? { kind: 'absent', status: 404, message: 'not found' } : { kind: 'found', value };
    },
    async list(scope): Promise<Reading<ObjectList>> {
      note('list', scope);
      if (isForbidden('list', scope)) return FORBIDDEN;
      const items = objectsNow(scope);
      const newest = Math.max(0, ...items.map((item) => Number((item.metadata as Json).resourceVersion)));
      const serverNow = Math.floor((recording.startedAt + time()) / 1000) * 1000;
      return { kind: 'found', value: { resourceVersion: String(newest), items }, serverNow };
    },
    async watch(scope, _version, signal) {
      note('watch', scope);
      if (isForbidden('watch', scope)) return FORBIDDEN;
      return { kind: 'found', value: { events: play(scope, signal), close: () => undefined } };
    },
    async patch(type, { name }, patch) {
      calls.push(`patch ${type.kind}/${name}`);
      if (isForbidden('patch', { type, name })) return FORBIDDEN;
      return { kind: 'found', value: patch };
    },
    async logs() {
      return FORBIDDEN;
    },
  };
  return { cluster, calls };
}

const FORBIDDEN = { kind: 'forbidden', status: 403, message: 'it is forbidden' } as const;
