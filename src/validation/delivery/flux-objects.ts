import type { Path } from '../../manifests/locate.ts';
import { type Json, objectIn } from '../kubernetes/reading.ts';
import { keptObjects, type ManifestSet, type SetObject } from '../manifest-set.ts';
import { groupOf } from '../schemas.ts';

/** An object of Flux with its spec. */
export interface FluxObject {
  readonly object: SetObject;
  readonly kind: string;
  readonly spec: Json;
  readonly at: Path;
}

/** The objects of Flux's controllers of one kind, those left out that an overlay patches. */
export function fluxObjects({ objects }: ManifestSet, ...kinds: readonly string[]): readonly FluxObject[] {
  return keptObjects(objects).flatMap((object) => {
    const { apiVersion, kind } = object.resource;
    const spec = objectIn(object.value, 'spec');
    const isFlux = groupOf(apiVersion).endsWith('.toolkit.fluxcd.io') && kinds.includes(kind);
    return isFlux && object.complete && spec !== undefined ? [{ object, kind, spec, at: [...object.at, 'spec'] }] : [];
  });
}

/** One field that names another object. */
export interface FluxReference {
  readonly from: FluxObject;
  readonly kind: string;
  readonly name: string;
  /** Where the name stands. */
  readonly at: Path;
}

/** The reference at a place, where it has a name that is settled. */
export function referenceAt(
  from: FluxObject,
  steps: Path,
  value: unknown,
  defaultKind: string,
): readonly FluxReference[] {
  const { kind = defaultKind, name } = Object(value) as { readonly kind?: unknown; readonly name?: unknown };
  if (typeof kind !== 'string' || typeof name !== 'string' || name === '' || /\$|\{\{|<</.test(name)) return [];
  return [{ from, kind, name, at: [...from.at, ...steps, 'name'] }];
}

/** The sources that Kustomizations and HelmReleases take their content from. */
export function sourceReferences(set: ManifestSet): readonly FluxReference[] {
  return [
    ...fluxObjects(set, 'Kustomization', 'HelmChart', 'ImageUpdateAutomation').flatMap((from) =>
      referenceAt(from, ['sourceRef'], from.spec.sourceRef, 'GitRepository'),
    ),
    ...fluxObjects(set, 'HelmRelease').flatMap((from) => [
      ...referenceAt(from, ['chartRef'], from.spec.chartRef, 'OCIRepository'),
      ...referenceAt(
        from,
        ['chart', 'spec', 'sourceRef'],
        objectIn(objectIn(from.spec, 'chart'), 'spec')?.sourceRef,
        'HelmRepository',
      ),
    ]),
  ];
}
