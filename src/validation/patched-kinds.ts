import { isPath, kustomizeField, kustomizeList, MERGED } from './kustomize-entries.ts';
import { isObject } from './scalars.ts';

type Json = Readonly<Record<string, unknown>>;

/** Kinds whose objects are patched; `all` where a patch may be for any. */
export type Kinds = ReadonlySet<string> | 'all';

export const NO_KINDS: Kinds = new Set();

/** Reads the documents of a patch: those of a file by its path, or of text that stands where the patch is named. */
export type ReadPatch = (patch: { readonly path: string } | { readonly text: string }) => readonly unknown[];

export function union(one: Kinds, other: Kinds): Kinds {
  if (one === 'all' || other === 'all') return 'all';
  if (other.size === 0) return one;
  return new Set([...one, ...other]);
}

/**
 * The kinds that patches change, in a kustomization or in the spec of a Kustomization of Flux, which names them alike.
 * @param at what a path among them stands for
 */
export function patchedKinds(content: Json, at: (entry: string) => string, readPatch: ReadPatch): Kinds {
  const kinds = new Set<string>(setsSelectors(content) ? SELECTING : []);
  const patches = [...kustomizeList(content, 'patches'), ...kustomizeList(content, 'patchesJson6902')];
  for (const patch of patches.filter(isObject)) {
    const target = isObject(patch.target) ? patch.target : undefined;
    const found = target === undefined ? kindsOf(patch, at, readPatch) : [target.kind];
    for (const kind of found) {
      if (!isText(kind) || /[^A-Za-z0-9]/.test(kind)) return 'all';
      kinds.add(kind);
    }
  }
  for (const merge of MERGED.flatMap((name) => kustomizeList(content, name)).filter(isText)) {
    for (const kind of kindsOf(isPath(merge) ? { path: merge } : { patch: merge }, at, readPatch)) {
      if (!isText(kind)) return 'all';
      kinds.add(kind);
    }
  }
  return kinds;
}

/** Kinds to which kustomize adds a selector (https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/konfig/builtinpluginconsts/commonlabels.go). */
const SELECTING = ['DaemonSet', 'Deployment', 'ReplicaSet', 'ReplicationController', 'Service', 'StatefulSet'];

function setsSelectors(content: Json): boolean {
  if (isObject(kustomizeField(content, 'commonLabels')?.[1])) return true;
  return kustomizeList(content, 'labels').some((labels) => isObject(labels) && labels.includeSelectors === true);
}

function kindsOf(patch: Json, at: (entry: string) => string, readPatch: ReadPatch): readonly unknown[] {
  const documents = isText(patch.path)
    ? readPatch({ path: at(patch.path) })
    : readPatch({ text: isText(patch.patch) ? patch.patch : '' });
  return documents.map((document) => (isObject(document) ? document.kind : undefined));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
