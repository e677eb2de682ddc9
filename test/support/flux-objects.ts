import type { Json } from '../../src/engines/api/json.ts';
import type { Observation, Target } from '../../src/engines/delivery-engine.ts';
import { type Appraisal, appraise } from '../../src/engines/flux/appraise.ts';
import type { Memory } from '../../src/engines/flux/finding.ts';
import type { Scene } from '../../src/engines/flux/relating.ts';
import { fluxTarget } from '../../src/engines/flux/target-ref.ts';
import { objectKey, placeKey } from '../../src/engines/flux/world.ts';
import type { Relation } from '../../src/forges/forge-client.ts';

export const OLD = 'a'.repeat(40);
export const NEW = 'b'.repeat(40);
export const NEWER = 'c'.repeat(40);
export const REPOSITORY = 'https://git.example.com/shop/config';

export const main = (commit: string) => `main@sha1:${commit}`;

interface Parts {
  readonly name?: string;
  readonly namespace?: string;
  readonly generation?: number;
  readonly observedGeneration?: number;
  readonly labels?: Json;
  readonly spec?: Json;
  readonly status?: Json;
  readonly conditions?: readonly Json[];
}

const GROUPS: Readonly<Record<string, string>> = {
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
  FluxInstance: 'fluxcd.controlplane.io/v1',
  ResourceSet: 'fluxcd.controlplane.io/v1',
  Deployment: 'apps/v1',
};

export function fluxObject(kind: string, parts: Parts): Json {
  const { name = 'app', namespace = 'flux', generation = 1, observedGeneration = generation } = parts;
  return {
    apiVersion: GROUPS[kind] ?? 'source.toolkit.fluxcd.io/v1',
    kind,
    metadata: { name, namespace, generation, ...(parts.labels && { labels: parts.labels }) },
    spec: parts.spec ?? {},
    status: { observedGeneration, conditions: parts.conditions ?? [], ...parts.status },
  };
}

export function condition(type: string, status: string, reason: string, message = '', observedGeneration = 1): Json {
  return { type, status, reason, message, observedGeneration, lastTransitionTime: '2026-11-22T10:00:00Z' };
}

export const READY = condition('Ready', 'True', 'ReconciliationSucceeded', 'Applied revision');

export function repository(commit: string, parts: Parts = {}): Json {
  return fluxObject('GitRepository', {
    conditions: [condition('Ready', 'True', 'Succeeded')],
    ...parts,
    spec: { url: REPOSITORY, ref: { branch: 'main' }, ...parts.spec },
    status: { artifact: { revision: main(commit), lastUpdateTime: '2026-11-22T10:00:00Z' }, ...parts.status },
  });
}

export function kustomization(commit: string, parts: Parts = {}): Json {
  return fluxObject('Kustomization', {
    conditions: [READY],
    ...parts,
    spec: { path: './deploy', sourceRef: { kind: 'GitRepository', name: 'app' }, wait: true, ...parts.spec },
    status: { lastAttemptedRevision: main(commit), lastAppliedRevision: main(commit), ...parts.status },
  });
}

const RELATIONS: Readonly<Record<string, Relation>> = { [OLD]: 'lacks', [NEW]: 'equal', [NEWER]: 'contains' };

/** A cluster with these objects, all of them just read. */
export function sceneWith(objects: readonly Json[], more: Partial<Scene> = {}): Scene {
  const now = more.now ?? 100_000;
  const named = objects.map((object) => {
    const [group = '', version] = String(object.apiVersion).split('/');
    const { name, namespace } = object.metadata as { name: string; namespace: string };
    return { object, id: { group: version === undefined ? '' : group, kind: String(object.kind), namespace, name } };
  });
  return {
    world: {
      objects: new Map(named.map(({ object, id }) => [objectKey(id), object])),
      places: new Map(
        named
          .flatMap(({ id }) => [id, { ...id, group: '', kind: 'Pod' }])
          .map((place) => [placeKey(place), { readSince: now }]),
      ),
    },
    wanted: { revision: NEW, repository: REPOSITORY, branch: 'main', images: [] },
    related: (revision) => RELATIONS[revision],
    normalise: (url) => url,
    now,
    grace: 30_000,
    chartChanged: new Set(),
    ...more,
  };
}

/** What one look comes to; with what was remembered before, if anything. */
export function look(
  objects: readonly Json[],
  more: Partial<Scene> = {},
  memory: Memory = {},
  kind = 'Kustomization',
  target: Target = fluxTarget(kind, 'flux', 'app'),
): Appraisal {
  return appraise(target, memory, sceneWith(objects, more), 'read');
}

export function observed(
  objects: readonly Json[],
  more: Partial<Scene> = {},
  kind = 'Kustomization',
): Observation | undefined {
  return look(objects, more, {}, kind).observation;
}

/** What one look at a member of another target comes to. */
export function observedMember(objects: readonly Json[], target: Target): Observation | undefined {
  return appraise(target, {}, sceneWith(objects), 'read').observation;
}
