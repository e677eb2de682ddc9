import { isObject } from '../validation/scalars.ts';
import { fieldOf, type Json, listOf, textOf } from './yaml-values.ts';

/** What Argo CD sets in a kustomization before it builds it (https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/). */
export function kustomizeAround(options: unknown): Json {
  const labels = fieldOf(options, 'commonLabels');
  const withoutSelector = fieldOf(options, 'labelWithoutSelector') === true;
  const fields: Json = {
    namespace: textOf(options, 'namespace'),
    namePrefix: textOf(options, 'namePrefix'),
    nameSuffix: textOf(options, 'nameSuffix'),
    images: listOf(options, 'images')
      .filter((image) => typeof image === 'string')
      .map(readImage),
    replicas: listOf(options, 'replicas'),
    patches: listOf(options, 'patches'),
    components: listOf(options, 'components'),
    commonAnnotations: fieldOf(options, 'commonAnnotations'),
    commonLabels: withoutSelector ? undefined : labels,
    labels: withoutSelector && isObject(labels) ? [{ pairs: labels }] : [],
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

/** `name=new:tag`, `name=new@sha256:…`, `name:tag`, as `kustomize edit set image` takes them. */
function readImage(text: string): Json {
  const at = text.indexOf('=');
  const [name, rest] = at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
  const [, image = rest, tag, digest] = /^(.+?)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]+))?$/.exec(rest) ?? [];
  return {
    name: name ?? image,
    ...(name === undefined ? {} : { newName: image }),
    ...(tag === undefined ? {} : { newTag: tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
