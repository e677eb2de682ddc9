import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { printResource } from '../../manifests/resource.ts';
import { keyOf } from '../node-index.ts';
import { findEntry, gapAfter, mapsOf, slotAt, slotOf, textAt } from '../reading.ts';
import type { Site, Slot } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { readParts, readReference } from './parts.ts';

/** Where a search begins, and how its places are called. */
export interface Region {
  readonly document: YamlDocument;
  readonly node: unknown;
  /** Path of `node` for people; empty for the root. */
  readonly label: string;
  /** Before every place: `Deployment shop/api`. */
  readonly owner?: string;
  readonly resource?: Site['resource'];
  /** Keys of `node` itself that hold no images. */
  readonly ignoredKeys?: ReadonlySet<string>;
}

interface Spot extends Region {
  /** The key that `node` stands under. */
  readonly key: string;
  /** The container, step or volume that the spot is in. */
  readonly holder?: { readonly word: string; readonly name: string };
}

const HOLDER_WORDS: Readonly<Record<string, string>> = {
  containers: 'container',
  initContainers: 'init container',
  ephemeralContainers: 'ephemeral container',
  volumes: 'volume',
  steps: 'step',
  sidecars: 'sidecar',
};
const PART_KEYS: ReadonlySet<string> = new Set(['registry', 'repository', 'tag', 'digest']);

/**
 * Every image below a node in the shapes that manifests, custom resources and Helm values share: a scalar under `image`,
 * `…Image` or `imageName`; `image: {registry, repository, tag, digest}`; such a map under any key when it has a tag or digest;
 * `image` with `imageTag` or `tag` beside it; a list of references under `images`; `image.reference` of an image volume.
 */
export function findImages(region: Region): readonly Site[] {
  const sites: Site[] = [];
  collect({ ...region, key: '' }, sites);
  return sites;
}

/** How an object is called in places, and in `select`. */
export interface Owner {
  /** `Deployment shop/api`. */
  readonly owner: string;
  readonly resource: { readonly kind: string; readonly name?: string };
}

export function ownerOf(document: YamlDocument, root: YAMLMap): Owner {
  const [apiVersion = '', kind = ''] = ['apiVersion', 'kind'].map((key) => textAt(document, root, key));
  const [name, namespace] = ['name', 'namespace'].map((key) => textAt(document, root, 'metadata', key));
  const resource = { kind, ...(name !== undefined && { name }) };
  return { resource, owner: printResource({ apiVersion, ...resource, ...(namespace !== undefined && { namespace }) }) };
}

/** A place as it begins with its owner. */
export function joinPlace(owner: string | undefined, label: string): string {
  return owner === undefined ? label : label === '' ? owner : `${owner} ${label}`;
}

/** A key as it stands in a path: dots are escaped. */
export function printKey(key: string): string {
  return key.replaceAll('.', '\\.');
}

function collect(spot: Spot, sites: Site[]): void {
  if (isSeq(spot.node)) collectList(spot, spot.node, sites);
  else if (isMap(spot.node)) collectMap(spot, spot.node, sites);
}

function collectMap(spot: Spot, map: YAMLMap, sites: Site[]): void {
  const split = splitSite(spot, map);
  if (split !== undefined) sites.push(split);
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (key === undefined || key === '<<' || spot.ignoredKeys?.has(key)) continue;
    const site = split !== undefined && PART_KEYS.has(key) ? undefined : scalarSite(spot, map, key);
    if (site !== undefined) sites.push(site);
    else collect(below(spot, pair.value, key), sites);
  }
}

function collectList(spot: Spot, list: YAMLSeq, sites: Site[]): void {
  for (const [index, item] of list.items.entries()) {
    const name = isMap(item) ? textAt(spot.document, item, 'name') : undefined;
    const label = `${spot.label}[${name === undefined ? index : `name=${name}`}]`;
    const word = HOLDER_WORDS[spot.key];
    const holder = word === undefined ? undefined : { word, name: name ?? String(index) };
    if (/images$/i.test(spot.key) && isScalar(item)) {
      const site = referenceSite(spot, slotOf(spot.document, item, joinPlace(spot.owner, label)));
      if (site !== undefined) sites.push(site);
    } else {
      collect({ ...inner(spot), node: item, label, ...(holder !== undefined && { holder }) }, sites);
    }
  }
}

function below(spot: Spot, node: unknown, key: string): Spot {
  const label = spot.label === '' ? printKey(key) : `${spot.label}.${printKey(key)}`;
  const keepsHolder = key === 'image' && spot.holder !== undefined;
  return { ...inner(spot), node, key, label, ...(keepsHolder && { holder: spot.holder }) };
}

function inner(spot: Spot): Spot {
  const { document, node, label, owner, resource, key } = spot;
  return {
    document,
    node,
    label,
    key,
    ...(owner !== undefined && { owner }),
    ...(resource !== undefined && { resource }),
  };
}

/** The image under `key` of a map, with the tag in the same scalar or under a key beside it. */
function scalarSite(spot: Spot, map: YAMLMap, key: string): Site | undefined {
  const isVolumeReference = key === 'reference' && spot.key === 'image';
  if (!isImageKey(key) && !isVolumeReference) return undefined;
  const slot = slotAt(spot.document, map, key, placeOf(spot, key));
  if (slot?.kind !== 'present') return undefined;
  const tagKey = [`${key}Tag`, ...(key === 'image' ? ['tag'] : [])].find((name) => findEntry(spot.document, map, name));
  if (tagKey === undefined || /[:@][^/]*$/.test(slot.text)) return referenceSite(spot, slot);
  return partsSite(spot, slot, { tag: slotAt(spot.document, map, tagKey, placeOf(spot, tagKey)) });
}

function referenceSite(spot: Spot, slot: Slot | undefined): Site | undefined {
  const read = slot?.kind === 'present' ? readReference(slot.text) : undefined;
  if (slot === undefined || read === undefined) return undefined;
  return { ...siteOf(spot, slot.place), ...read, slots: { kind: 'whole', reference: slot } };
}

/** The image of a map that holds it in parts. */
function splitSite(spot: Spot, map: YAMLMap): Site | undefined {
  const { document } = spot;
  const slot = (key: string) => slotAt(document, map, key, joinPlace(spot.owner, `${spot.label}.${key}`));
  const underImage = isImageKey(spot.key);
  const tag = slot('tag');
  const named = slot('repository') ?? (underImage && tag !== undefined ? slot('name') : undefined);
  if (named?.kind !== 'present' || !(underImage || tag !== undefined || slot('digest') !== undefined)) return undefined;
  const gap = gapAfter(map, ['repository', 'name', 'registry'], 'tag', joinPlace(spot.owner, `${spot.label}.tag`));
  const site = partsSite(spot, named, { registry: slot('registry'), tag: tag ?? gap, digest: slot('digest') });
  const pin = textAt(document, map, 'sha') ?? '';
  return site === undefined || pin === '' ? site : { ...site, fixed: 'is pinned by its key sha' };
}

interface PartSlots {
  readonly registry?: Slot | undefined;
  readonly tag?: Slot | undefined;
  readonly digest?: Slot | undefined;
}

function partsSite(spot: Spot, repository: Extract<Slot, { kind: 'present' }>, parts: PartSlots): Site | undefined {
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
  return { ...siteOf(spot, joinPlace(spot.owner, spot.label)), ...read, slots };
}

function siteOf(spot: Spot, place: string): Pick<Site, 'document' | 'place' | 'resource' | 'container'> {
  const { document, resource, holder } = spot;
  return { document, place, ...(resource && { resource }), ...(holder && { container: holder.name }) };
}

function placeOf(spot: Spot, key: string): string {
  if (spot.owner !== undefined && spot.holder !== undefined && (key === 'image' || key === 'reference')) {
    return `${spot.owner} ${spot.holder.word} ${spot.holder.name}`;
  }
  return joinPlace(spot.owner, spot.label === '' ? printKey(key) : `${spot.label}.${printKey(key)}`);
}

/** Keys that hold an image by their name alone. */
export function isImageKey(key: string): boolean {
  return /image$/i.test(key) || key === 'imageName';
}

/** The objects of a document: itself, or the items of a `List`. */
export function resourcesOf(document: YamlDocument): readonly YAMLMap[] {
  const root = document.root as Node | null;
  if (!isMap(root)) return [];
  const items = root.items.find((pair) => keyOf(pair) === 'items')?.value;
  const isList = textAt(document, root, 'kind')?.endsWith('List') === true && isSeq(items);
  return isList ? mapsOf(document, items) : [root];
}
