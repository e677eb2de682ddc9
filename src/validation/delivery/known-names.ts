import { lazily } from '../../manifests/lazily.ts';
import { textAround } from '../brackets.ts';
import { kustomizeField } from '../kustomize-entries.ts';
import type { ManifestSet } from '../manifest-set.ts';
import { nearest } from '../nearest.ts';
import { isMadeOf } from '../wildcard.ts';
import { createAffixes } from './affixes.ts';
import { HINT_EFFORT } from './hint-effort.ts';

/** The names that objects of some kinds have or will have in the cluster, as far as the tree tells. */
export interface KnownNames {
  /** True also for what a prefix, a suffix or a variable may turn a name into. */
  has(name: string): boolean;
  /** Undefined as well where this was asked of very many names before. */
  similar(name: string): string | undefined;
  readonly size: number;
}

/** @param more names that do not stand in an object's metadata */
export function knownNames(set: ManifestSet, kinds: readonly string[], more: readonly string[] = []): KnownNames {
  const names = lazily(() => namesOf(set, kinds, more));
  const patterns = lazily(() => patternsAmong(names()));
  const affixes = affixesOf(set);
  const effort = { left: HINT_EFFORT };
  return {
    get size() {
      return names().size;
    },
    has: (name) =>
      names().has(name) ||
      patterns().some(name, (parts) => isMadeOf(name, parts)) ||
      affixes().some(name, ([prefix = '', suffix = '']) =>
        isAmong(names(), name.slice(prefix.length, name.length - suffix.length)),
      ),
    similar: (name) => nearest(name, names(), name.length, effort),
  };
}

function isAmong(names: ReadonlySet<string>, name: string): boolean {
  return name !== '' && names.has(name);
}

function namesOf(set: ManifestSet, kinds: readonly string[], more: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(kinds);
  const own = set.objects.filter(({ resource }) => wanted.has(resource.kind)).map(({ resource }) => resource.name);
  return new Set([...own, ...more].filter((name) => name !== undefined));
}

/** Every rule on names asks for the same. */
const AFFIXES = new WeakMap<ManifestSet['kustomizations'], ReturnType<typeof readAffixes>>();

function affixesOf({ kustomizations }: ManifestSet): () => ReturnType<typeof readAffixes> {
  return lazily(() => {
    const known = AFFIXES.get(kustomizations) ?? readAffixes(kustomizations);
    AFFIXES.set(kustomizations, known);
    return known;
  });
}

/** What kustomizations put before and behind the names of their objects. */
function readAffixes(kustomizations: ManifestSet['kustomizations']) {
  return createAffixes(
    kustomizations.flatMap(({ content }) => {
      const texts = ['namePrefix', 'nameSuffix'].map((name) => String(kustomizeField(content, name)?.[1] ?? ''));
      const [prefix = '', suffix = ''] = texts;
      return prefix === '' && suffix === '' ? [] : [[prefix, suffix] as const];
    }),
  );
}

/** ResourceSets of the Flux operator make objects from templates, with names that nothing here can know. */
export function makesObjects({ objects }: ManifestSet): boolean {
  return objects.some(({ resource }) => resource.kind === 'ResourceSet');
}

function patternsAmong(names: Iterable<string>) {
  return createAffixes([...names].map(textAround).filter((parts) => parts.length > 1));
}
