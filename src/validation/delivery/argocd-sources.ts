import type { Path } from '../../manifests/locate.ts';
import { type Json, listIn, objectIn } from '../kubernetes/reading.ts';
import { keptObjects, type ManifestSet, type SetObject } from '../manifest-set.ts';
import { isObject } from '../scalars.ts';
import { groupOf } from '../schemas.ts';

/** The spec of an Application, or of the template that an ApplicationSet makes them from. */
export interface ApplicationSpec {
  readonly object: SetObject;
  readonly value: Json;
  readonly at: Path;
}

/** One source of an Application (https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/). */
export interface ArgoSource {
  readonly object: SetObject;
  readonly value: Json;
  readonly at: Path;
  readonly repoURL: string;
  readonly revision: string | undefined;
  /** The other sources and itself. */
  readonly all: readonly Json[];
}

/** Those that no overlay patches: what stands there is what Argo CD gets. */
export function applicationSpecs({ objects }: ManifestSet): readonly ApplicationSpec[] {
  return keptObjects(objects).flatMap((object) => {
    if (object.value === undefined || !object.complete) return [];
    const { apiVersion, kind } = object.resource;
    if (groupOf(apiVersion) !== 'argoproj.io') return [];
    const steps = kind === 'Application' ? ['spec'] : kind === 'ApplicationSet' ? ['spec', 'template', 'spec'] : [];
    const value = steps.length === 0 ? undefined : steps.reduce<Json | undefined>(objectIn, object.value);
    return value === undefined ? [] : [{ object, value, at: [...object.at, ...steps] }];
  });
}

export function argoSources(set: ManifestSet): readonly ArgoSource[] {
  return applicationSpecs(set).flatMap(({ object, value, at }) => {
    const single = objectIn(value, 'source');
    const several = listIn(value, 'sources').flatMap((item, index) =>
      isObject(item) ? [{ value: item, at: [...at, 'sources', index] }] : [],
    );
    const sources = several.length > 0 || single === undefined ? several : [{ value: single, at: [...at, 'source'] }];
    const all = sources.map((source) => source.value);
    return sources.flatMap((source) => {
      const { repoURL, targetRevision } = source.value;
      if (typeof repoURL !== 'string') return [];
      const revision = targetRevision === undefined || targetRevision === null ? undefined : String(targetRevision);
      return [{ object, ...source, repoURL, revision, all }];
    });
  });
}
