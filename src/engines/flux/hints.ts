import { type FluxObject, nameOf, readFluxObject } from './flux-object.ts';
import { needsOf } from './needs.ts';
import { readSource } from './source.ts';
import type { ObjectName } from './target-ref.ts';
import { find, type World } from './world.ts';

/** What to do next. */
export function hintsOf(object: FluxObject, name: ObjectName, world: World): readonly string[] {
  const around = [...needsOf(name, world).origin, ...needsOf(name, world).dependencies]
    .map((one) => find(world, one))
    .filter((json) => json !== undefined)
    .map(readFluxObject);
  return [
    ...around.filter(({ suspended }) => suspended).map(resume),
    ...reasonHint(object),
    ...around.filter(isByVersion).map(strategy),
    ...around.flatMap(sourceHint(world, name)),
  ];
}

function resume({ kind, namespace, name }: FluxObject): string {
  return `Resume it when that is meant: flux resume ${COMMAND[kind] ?? kind.toLowerCase()} ${name} --namespace ${namespace}`;
}

const COMMAND: Readonly<Record<string, string>> = {
  GitRepository: 'source git',
  OCIRepository: 'source oci',
  HelmRepository: 'source helm',
  HelmChart: 'source chart',
  Bucket: 'source bucket',
};

function reasonHint({ ready, stalled, namespace, name }: FluxObject): readonly string[] {
  if (stalled?.reason === 'RetriesExceeded') {
    return [
      `Flux does not try this chart and these values again: repair them with a commit, or start the count anew with flux reconcile helmrelease ${name} --namespace ${namespace} --reset`,
    ];
  }
  if (ready?.reason === 'HealthCheckFailed') {
    return [
      'The health check was given its whole spec.timeout, at least 30 s. Flux tries again after spec.retryInterval.',
    ];
  }
  return ready?.reason === 'BuildFailed' ? ['kustomize build of the folder shows the same error on your machine.'] : [];
}

function isByVersion({ kind, spec }: FluxObject): boolean {
  const isOfGit = typeof spec.sourceRef === 'object' && JSON.stringify(spec.sourceRef).includes('"GitRepository"');
  return kind === 'HelmChart' && isOfGit && spec.reconcileStrategy !== 'Revision';
}

function strategy(chart: FluxObject): string {
  return `${nameOf(chart)} releases a commit only when the version in Chart.yaml changes. To release each commit, set reconcileStrategy: Revision.`;
}

function sourceHint(world: World, name: ObjectName) {
  const sources = needsOf(name, world).origin.flatMap((one) => readSource(world, one) ?? []);
  return ({ kind, ready, name: called }: FluxObject): readonly string[] => {
    const isSource = sources.some((source) => source.kind === kind && source.name === called);
    const isDenied = isSource && /authentication|401|403|denied/i.test(ready?.status === 'False' ? ready.message : '');
    return isDenied ? [`${kind} ${called} needs other credentials: see its spec.secretRef.`] : [];
  };
}
