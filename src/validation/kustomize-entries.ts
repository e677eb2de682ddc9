import type { Path } from '../manifests/locate.ts';
import { isObject } from './scalars.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * What a kustomization makes of a file or folder that it names:
 * `resource` and `component` are built, `patch` changes what is built, `data` becomes the content of a ConfigMap or a
 * Secret, `setting` configures kustomize itself, `values` go to a Helm chart.
 */
export type EntryRole = 'resource' | 'component' | 'patch' | 'data' | 'setting' | 'values';

/** One mention of a file, a folder or a URL in a kustomization. */
export interface KustomizeEntry {
  readonly role: EntryRole;
  /** As it is written, but for the key before a `=`. */
  readonly entry: string;
  /** Where in the document it stands. */
  readonly at: Path;
}

/** False for what must not be in a message: in a secretGenerator, what does not look like a path may be the value itself. */
export function isTellable({ entry, at }: KustomizeEntry): boolean {
  return String(at[0]).toLowerCase() !== 'secretgenerator' || /[./]/.test(entry);
}

/** All entries of a kustomization (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/). */
export function kustomizeEntries(content: Json): readonly KustomizeEntry[] {
  const known = READ.get(content);
  if (known !== undefined) return known;
  const entries = readEntries(content);
  READ.set(content, entries);
  return entries;
}

/** Every rule on kustomizations asks for the same. */
const READ = new WeakMap<Json, readonly KustomizeEntry[]>();

function readEntries(content: Json): readonly KustomizeEntry[] {
  return [
    ...texts(content, ['resources', 'bases'], 'resource'),
    ...texts(content, ['components'], 'component'),
    ...members(content, ['patches', 'patchesJson6902'], ['path'], 'patch'),
    ...texts(content, MERGED, 'patch').filter(({ entry }) => isPath(entry)),
    ...generated(content),
    ...members(content, ['replacements'], ['path'], 'setting'),
    ...openApi(content),
    ...texts(content, SETTINGS, 'setting').filter(({ entry }) => isPath(entry)),
    ...members(content, ['helmCharts'], ['valuesFile', 'additionalValuesFiles'], 'values'),
  ];
}

/** Lists of merge patches: `patches` was one in kustomize 1. */
export const MERGED: readonly string[] = ['patches', 'patchesStrategicMerge'];

const SETTINGS: readonly string[] = ['configurations', 'transformers', 'generators', 'validators', 'crds'];

/** A patch of one line is a path; else it is the patch itself. */
export function isPath(text: string): boolean {
  return !text.includes('\n');
}

/** True for what kustomize fetches (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md). */
export function isRemote(entry: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:/i.test(entry) ||
    /^[\w.-]+@[\w.-]+:/.test(entry) ||
    /[?&](ref|version|timeout|submodules)=|\.git(\/|$)|_git\//.test(entry) ||
    /^(www\.)?(github|gitlab|bitbucket)\.[a-z]+[/:]/i.test(entry)
  );
}

/** The value of a field of a kustomization, and its name as written: kustomize takes names in any case. */
export function kustomizeField(content: Json, name: string): readonly [string, unknown] | undefined {
  if (Object.hasOwn(content, name)) return [name, content[name]];
  return Object.entries(content).find(([key]) => key.toLowerCase() === name.toLowerCase());
}

/** The items of a field that is a list; none where it is something else. */
export function kustomizeList(content: Json, name: string): readonly unknown[] {
  const value = kustomizeField(content, name)?.[1];
  return Array.isArray(value) ? value : [];
}

function texts(content: Json, names: readonly string[], role: EntryRole): readonly KustomizeEntry[] {
  return names.flatMap((name) => {
    const [key, value] = kustomizeField(content, name) ?? [name, undefined];
    return textsOf(value, [key], role);
  });
}

/** A text, or those of a list. */
function textsOf(value: unknown, at: Path, role: EntryRole): readonly KustomizeEntry[] {
  if (typeof value === 'string') return [{ role, entry: value, at }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (typeof item === 'string' ? [{ role, entry: item, at: [...at, index] }] : []));
}

/** Fields of the objects in a list. */
function members(
  content: Json,
  names: readonly string[],
  fields: readonly string[],
  role: EntryRole,
): readonly KustomizeEntry[] {
  return names.flatMap((name) => {
    const [key, value] = kustomizeField(content, name) ?? [name, undefined];
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.flatMap((item, index) =>
      isObject(item) ? fields.flatMap((field) => textsOf(own(item, field), [key, index, field], role)) : [],
    );
  });
}

/** `key=path` names the key of the data itself. */
function generated(content: Json): readonly KustomizeEntry[] {
  const entries = members(content, ['configMapGenerator', 'secretGenerator'], ['files', 'envs', 'env'], 'data');
  return entries.map((found) => ({ ...found, entry: found.entry.slice(found.entry.indexOf('=') + 1) }));
}

function openApi(content: Json): readonly KustomizeEntry[] {
  const [key, value] = kustomizeField(content, 'openapi') ?? ['openapi', undefined];
  return isObject(value) ? textsOf(own(value, 'path'), [key, 'path'], 'setting') : [];
}

function own(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
