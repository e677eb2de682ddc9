import type { ManifestObject } from '../rules/rule.ts';
import { claimTemplatesOf } from './labels.ts';
import { podOf, rememberLast } from './pods.ts';
import { type Place, placeIn } from './reading.ts';
import { specOf } from './specs.ts';

const CLAIM_KINDS = ['/PersistentVolumeClaim', 'apps/StatefulSet'] as const;

/** Kinds with claims: PersistentVolumeClaim itself, templates of a StatefulSet, ephemeral volumes of pods. */
export const KINDS_WITH_CLAIMS: readonly string[] = [
  ...CLAIM_KINDS,
  '/Pod',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'batch/CronJob',
  'batch/Job',
];

export const claimSpecsOf = rememberLast(find);

function find(object: ManifestObject): readonly Place[] {
  const own = object.resource.kind === 'PersistentVolumeClaim' ? specOf(object) : undefined;
  const templates = claimTemplatesOf(object);
  const ephemeral = (podOf(object)?.volumes ?? []).flatMap(
    (volume) => placeIn(placeIn(volume, 'ephemeral'), 'volumeClaimTemplate') ?? [],
  );
  return [
    ...(own === undefined ? [] : [own]),
    ...[...templates, ...ephemeral].map((claim) => placeIn(claim, 'spec') ?? { value: {}, path: claim.path }),
  ];
}
