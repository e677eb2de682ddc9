import type { Json } from './yaml-values.ts';

/** What kustomize is asked to write into each object (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/originAnnotations.md). */
export const ORIGIN = 'config.kubernetes.io/origin';

/** The object as it is without that annotation. */
export function withoutOrigin(value: Json): Json {
  const metadata = value.metadata as Json | undefined;
  const annotations = metadata?.annotations as Json | undefined;
  if (metadata === undefined || !Object.hasOwn(Object(annotations), ORIGIN)) return value;
  const { [ORIGIN]: _, ...others } = annotations ?? {};
  const { annotations: __, ...rest } = metadata;
  return { ...value, metadata: Object.keys(others).length === 0 ? rest : { ...rest, annotations: others } };
}
