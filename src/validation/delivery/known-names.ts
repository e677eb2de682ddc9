import { lazily } from '../../manifests/lazily.ts';
import { kustomizeField } from '../kustomize-entries.ts';
import type { ManifestSet } from '../manifest-set.ts';
import { nearest } from '../nearest.ts';

/** The names that objects of some kinds have or will have in the cluster, as far as the tree tells. */
export interface KnownNames {
  /** True also for what a prefix, a suffix or a variable may turn a name into. */
  has(name: string): boolean;
  similar(name: string): string | undefined;
  readonly size: number;
}

/** @param more names that do not stand in an object's metadata */
export function knownNames(set: ManifestSet, kinds: readonly string[], more: readonly string[] = []): KnownNames {
  const names = lazily(() => namesOf(set, kinds, more));
  const patterns = lazily(() => [...names()].filter((name) => isPattern(name)).map(patternOf));
  const affixes = set.kustomizations.flatMap(({ content }) => {
    const [prefix, suffix] = ['namePrefix', 'nameSuffix'].map((name) =>
      String(kustomizeField(content, name)?.[1] ?? ''),
    );
    return prefix === '' && suffix === '' ? [] : [{ prefix: prefix ?? '', suffix: suffix ?? '' }];
  });
  return {
    get size() {
      return names().size;
    },
    has: (name) =>
      names().has(name) ||
      patterns().some((pattern) => pattern.test(name)) ||
      affixes.some((affix) => names().has(withoutAffix(name, affix))),
    similar: (name) => nearest(name, [...names()]),
  };
}

function namesOf(set: ManifestSet, kinds: readonly string[], more: readonly string[]): ReadonlySet<string> {
  const own = set.objects.filter(({ resource }) => kinds.includes(resource.kind)).map(({ resource }) => resource.name);
  return new Set([...own, ...more].filter((name) => name !== undefined));
}

/** ResourceSets of the Flux operator make objects from templates, with names that nothing here can know. */
export function makesObjects({ objects }: ManifestSet): boolean {
  return objects.some(({ resource }) => resource.kind === 'ResourceSet');
}

function isPattern(name: string): boolean {
  return /\$|\{\{|<</.test(name);
}

function patternOf(name: string): RegExp {
  const parts = name.split(/\$\{[^}]*\}|\$\w+|\{\{.*?\}\}|<<.*?>>/);
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}$`);
}

function withoutAffix(name: string, { prefix, suffix }: { readonly prefix: string; readonly suffix: string }): string {
  const isAffixed = name.startsWith(prefix) && name.endsWith(suffix) && name.length > prefix.length + suffix.length;
  return isAffixed ? name.slice(prefix.length, name.length - suffix.length) : name;
}
