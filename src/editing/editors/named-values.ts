import type { Site, Slot } from '../site.ts';
import { readParts, readReference } from './parts.ts';
import { isImageKey } from './shapes.ts';

/** A value that is known by a path elsewhere, such as the Helm parameter `image.tag` or the target of a JSON patch. */
export interface NamedValue {
  readonly path: readonly string[];
  readonly slot: Slot;
}

type Present = Extract<Slot, { kind: 'present' }>;

/**
 * Puts together what several named values say about one image: `image.repository` and `image.tag` (with `image.registry` and
 * `image.digest`), `image` with `imageTag`, or one whole reference. A tag alone names no image. Of two values of one name the
 * last counts.
 */
export function findNamedImages(
  values: readonly NamedValue[],
  base: Pick<Site, 'document' | 'resource'>,
): readonly Site[] {
  const groups = Map.groupBy(values, ({ path }) => JSON.stringify(path.slice(0, -1)));
  return [...groups.values()].flatMap((group) => {
    const parent = group[0]?.path.at(-2) ?? '';
    const slots = new Map(group.map(({ path, slot }) => [path.at(-1) ?? '', slot]));
    const split = splitImage(parent, slots, base);
    const others = [...slots].flatMap(([key, slot]) => wholeImage(key, slot, slots, base));
    return split === undefined ? others : [split, ...others];
  });
}

type Slots = ReadonlyMap<string, Slot>;

function splitImage(parent: string, slots: Slots, base: Pick<Site, 'document' | 'resource'>): Site | undefined {
  const repository = slots.get('repository') ?? (isImageKey(parent) ? slots.get('name') : undefined);
  const [registry, tag, digest] = [slots.get('registry'), slots.get('tag'), slots.get('digest')];
  if (repository?.kind !== 'present' || (tag === undefined && digest === undefined)) return undefined;
  return partsSite(repository, { registry, tag, digest }, base);
}

function wholeImage(key: string, slot: Slot, slots: Slots, base: Pick<Site, 'document' | 'resource'>): readonly Site[] {
  if (!isImageKey(key) || slot.kind !== 'present') return [];
  const tag = slots.get(`${key}Tag`) ?? (key === 'image' ? slots.get('tag') : undefined);
  const hasVersion = /[:@][^/]*$/.test(slot.text);
  if (tag !== undefined && !hasVersion) return listOf(partsSite(slot, { tag }, base));
  const read = readReference(slot.text);
  return read === undefined ? [] : [{ ...base, place: slot.place, ...read, slots: { kind: 'whole', reference: slot } }];
}

interface PartSlots {
  readonly registry?: Slot | undefined;
  readonly tag?: Slot | undefined;
  readonly digest?: Slot | undefined;
}

function partsSite(repository: Present, parts: PartSlots, base: Pick<Site, 'document' | 'resource'>): Site | undefined {
  const read = readParts({ ...parts, repository: repository.text });
  if (read === undefined) return undefined;
  const { registry, tag, digest } = parts;
  const slots = {
    kind: 'split',
    repository,
    ...(registry && { registry }),
    ...(tag && { tag }),
    ...(digest && { digest }),
  } as const;
  return { ...base, place: repository.place, ...read, slots };
}

function listOf(site: Site | undefined): readonly Site[] {
  return site === undefined ? [] : [site];
}
