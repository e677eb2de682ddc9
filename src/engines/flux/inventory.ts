import { list, record, text } from '../api/json.ts';
import type { FluxObject } from './flux-object.ts';
import { isReconciler } from './kinds.ts';
import type { ObjectName } from './target-ref.ts';

/**
 * The objects that it has applied. An id is `<namespace>_<name>_<group>_<kind>`, and a colon of a name is written `__`
 * (https://github.com/fluxcd/cli-utils/blob/main/pkg/object/objmetadata.go).
 */
export function inventoryOf(object: FluxObject): readonly ObjectName[] {
  const before = known.get(object);
  if (before !== undefined) return before;
  const { entries } = record(object.status.inventory);
  const names = list(entries).flatMap((entry) => parseEntry(text(record(entry).id) ?? '') ?? []);
  known.set(object, names);
  return names;
}

const known = new WeakMap<FluxObject, readonly ObjectName[]>();

export function parseEntry(id: string): ObjectName | undefined {
  const [, namespace, name, group, kind] = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(id) ?? [];
  if (namespace === undefined || name === undefined || group === undefined || kind === undefined) return undefined;
  return { namespace, name: name.replaceAll('__', ':'), group, kind };
}

/** Those whose own status says how they do, and that are targets by themselves. */
export function reconcilersOf(object: FluxObject): readonly ObjectName[] {
  return inventoryOf(object).filter(isReconciler);
}

const WORKLOADS: ReadonlySet<string> = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job']);

/** Kinds of the core API and of its neighbours that say nothing about how they do. */
const SILENT_GROUPS: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
]);
const SPEAKING_CORE: ReadonlySet<string> = new Set(['Pod', 'Service', 'PersistentVolumeClaim', 'Namespace']);
const SILENT_KINDS: ReadonlySet<string> = new Set([
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/IngressClass',
]);

/**
 * The objects to look at beside the one that applied them. Where Flux judges them itself, its judgement is one look at one
 * moment: then the workloads only, which can fall over after it. Where it does not: all that have a health of their own.
 */
export function judgedOf(object: FluxObject): readonly ObjectName[] {
  const judgesItself = object.kind !== 'Kustomization' || object.spec.wait === true || hasChecks(object);
  return inventoryOf(object).filter((entry) => {
    if (isReconciler(entry) || entry.group.endsWith('.toolkit.fluxcd.io')) return false;
    const id = `${entry.group}/${entry.kind}`;
    return judgesItself ? WORKLOADS.has(id) : hasHealth(entry, id);
  });
}

function hasHealth({ group, kind }: ObjectName, id: string): boolean {
  if (group === '') return SPEAKING_CORE.has(kind);
  return !SILENT_GROUPS.has(group) && !SILENT_KINDS.has(id);
}

function hasChecks({ spec }: FluxObject): boolean {
  return list(spec.healthChecks).length > 0;
}
