import { digest, isRecord } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import { type Condition, handled, withConditions, withoutConditions, withStatus } from './conditions.ts';
import type { KubeObject, Step } from './types.ts';

/** The revision of the artifact that a GitRepository has; undefined before the first. */
export function artifactOf({ status }: KubeObject | { readonly status?: undefined }): string | undefined {
  const artifact = status?.artifact;
  return isRecord(artifact) && typeof artifact.revision === 'string' ? artifact.revision : undefined;
}

/**
 * What a GitRepository writes of itself while it fetches a new commit. Ready=True comes a moment before the artifact.
 * https://fluxcd.io/flux/components/source/gitrepositories/#conditions
 */
export function fetched(revision: string): readonly Step[] {
  const news = `new upstream revision '${revision}'`;
  const building = `building artifact: ${news}`;
  const stored = `stored artifact for revision '${revision}'`;
  return [
    { after: 2, change: begun },
    {
      after: 65,
      change: (object, now) =>
        withConditions(
          object,
          [
            { type: 'Reconciling', status: 'True', reason: 'Progressing', message: building },
            { type: 'Ready', status: 'Unknown', reason: 'Progressing', message: building },
            { type: 'ArtifactOutdated', status: 'True', reason: 'NewRevision', message: news },
          ],
          now,
        ),
    },
    {
      after: 22,
      change: (object, now) =>
        withoutConditions(
          withConditions(object, [succeeded('Ready', stored), succeeded('ArtifactInStorage', stored)], now),
          ['Reconciling', 'ArtifactOutdated', 'FetchFailed'],
        ),
    },
    { after: 6, change: (object, now) => ended(withStatus(object, { artifact: artifact(object, revision, now) })) },
  ];
}

/** The same where somebody asked and there is nothing new. */
export function unchanged(): readonly Step[] {
  return [
    { after: 2, change: begun },
    { after: 60, change: (object) => ended(withoutConditions(object, ['Reconciling'])) },
  ];
}

/** The repository could not be read: the artifact stays, and it is tried again. */
export function notFetched(problem: string): readonly Step[] {
  const message = `failed to checkout and determine revision: ${problem}`;
  const failed = { status: 'True', reason: 'GitOperationFailed', message } as const;
  return [
    { after: 2, change: begun },
    {
      after: 30,
      change: (object, now) =>
        ended(
          withConditions(
            object,
            [
              { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message: 'building artifact' },
              { ...failed, type: 'Ready', status: 'False' },
              { ...failed, type: 'FetchFailed' },
            ],
            now,
          ),
        ),
    },
  ];
}

function begun(object: KubeObject, now: number): KubeObject {
  const message = 'reconciliation in progress';
  return withConditions(object, [{ type: 'Reconciling', status: 'True', reason: 'Progressing', message }], now);
}

function ended(object: KubeObject): KubeObject {
  return withStatus(object, { observedGeneration: object.metadata.generation, ...handled(object) });
}

function succeeded(type: string, message: string): Condition {
  return { type, status: 'True', reason: 'Succeeded', message };
}

function artifact({ metadata: { namespace, name } }: KubeObject, revision: string, now: number) {
  const path = `gitrepository/${namespace}/${name}/${revision.slice(revision.indexOf(':') + 1)}.tar.gz`;
  return {
    digest: `sha256:${digest(revision)}${digest(path)}`,
    lastUpdateTime: stamp(now),
    path,
    revision,
    url: `http://source-controller.flux-system.svc.cluster.local./${path}`,
  };
}
