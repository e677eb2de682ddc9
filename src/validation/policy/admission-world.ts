import type { Value } from '../cel/value.ts';
import { selects } from '../kubernetes/selectors.ts';
import { isObject } from '../scalars.ts';
import type { BoundPolicy } from './admission-index.ts';
import type { AdmissionPolicy, ParamRef } from './admission-types.ts';
import { dynamicValue } from './typed-values.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the policies can see beside the object itself. */
export interface AdmissionWorld {
  readonly policies: readonly BoundPolicy[];
  /** The Namespace of this name, where it is among the files. */
  namespace(name: string | undefined): Json | undefined;
  /** The parameters for an object in this namespace; undefined where they are not among the files. */
  params(
    kind: NonNullable<AdmissionPolicy['paramKind']>,
    reference: ParamRef | undefined,
    namespace: string | undefined,
  ): readonly Value[] | undefined;
}

/** `objects` are Namespaces and parameters, and may be others. */
export function admissionWorld(policies: readonly BoundPolicy[], objects: readonly Json[]): AdmissionWorld {
  const isNamespace = ({ apiVersion, kind }: Json) => apiVersion === 'v1' && kind === 'Namespace';
  const namespaces = new Map(objects.filter(isNamespace).map((object) => [metadataOf(object).name, object]));
  return {
    policies,
    namespace: (name) => (name === undefined ? undefined : namespaces.get(name)),
    params({ apiVersion, kind }, reference, namespace) {
      const found = objects.filter(
        (object) => object.apiVersion === apiVersion && object.kind === kind && isMeant(object, reference, namespace),
      );
      return reference === undefined || found.length === 0 ? undefined : found.map(dynamicValue);
    },
  };
}

/** Parameters of a namespaced kind are those in the namespace that is named, else those beside the object. */
function isMeant(object: Json, reference: ParamRef | undefined, namespace: string | undefined): boolean {
  const metadata = metadataOf(object);
  const wanted = reference?.namespace ?? namespace;
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  const isThere = metadata.namespace === undefined || wanted === undefined || metadata.namespace === wanted;
  const isNamed = reference?.name === undefined || metadata.name === reference.name;
  return isThere && isNamed && (reference?.selector === undefined || selects(reference.selector, labels) !== false);
}

export function metadataOf({ metadata }: Json): Json {
  return isObject(metadata) ? metadata : {};
}
