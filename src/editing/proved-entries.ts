import { isMap, isScalar, isSeq } from 'yaml';
import type { Difference } from './difference.ts';
import { kustomization } from './editors/kustomization.ts';
import { type NewEntry, planEntries, readEntry } from './new-entry.ts';
import { type BothSites, type Claims, isClaimed, type ProvedValue, provedImage } from './proved-value.ts';
import type { Site } from './site.ts';
import type { Splice } from './splice.ts';
import { stablePath } from './stable-path.ts';
import type { YamlDocument } from './yaml-file.ts';

type Added = Extract<Difference, { kind: 'added' }>;

export interface ProvedEntries {
  readonly values: readonly ProvedValue[];
  readonly splices: readonly Splice[];
}

/** True for what a bump can only have made as a new entry of a kustomization, or as the list of them. */
export function isNewEntry(difference: Difference): difference is Added {
  return difference.kind === 'added' && !isScalar(difference.node);
}

/** The new entries of one document; undefined unless a bump would have written exactly these, and the trailers claim them all. */
export function provedEntries(
  [old, next]: readonly [YamlDocument, YamlDocument],
  added: readonly Added[],
  sites: BothSites,
  claims: Claims,
): ProvedEntries | undefined {
  const items = added.flatMap((difference) => itemsOf(difference));
  const entries = items.flatMap(({ node }) => readEntry(node) ?? []);
  const planned = kustomization.reads(next) ? planEntries(old, entries) : undefined;
  if (planned === undefined || planned.length !== items.length) return undefined;
  const splices = planned.map(({ splice }) => splice);
  const values = items.flatMap((item, index) => {
    const [entry, splice] = [entries[index], splices[index]];
    const site = entry === undefined ? undefined : claimedSite(next, entry, sites.after, claims);
    if (entry === undefined || splice === undefined || site === undefined) return [];
    const text = item.isList ? splices.map((own) => own.text).join('') : splice.text;
    return [provedEntry(next, item, entry, text, site, sites)];
  });
  return values.length === items.length ? { values, splices } : undefined;
}

interface Item {
  readonly node: unknown;
  readonly path: Added['path'];
  /** The list came with it. */
  readonly isList: boolean;
}

function itemsOf({ path, node }: Added): readonly Item[] {
  const [key, index, ...deeper] = path;
  if (key !== 'images' || deeper.length > 0) return [{ node: undefined, path, isList: false }];
  if (index === undefined && isSeq(node)) return node.items.map((item) => ({ node: item, path, isList: true }));
  return [{ node: isMap(node) ? node : undefined, path, isList: false }];
}

function claimedSite(
  document: YamlDocument,
  { name }: NewEntry,
  sites: readonly Site[],
  claims: Claims,
): Site | undefined {
  return sites.find((site) => site.document === document && site.alias === name && isClaimed(site.image, claims));
}

function provedEntry(
  next: YamlDocument,
  { path }: Item,
  { newTag = '', digest }: NewEntry,
  textAfter: string,
  site: Site,
  sites: BothSites,
): ProvedValue {
  return {
    path: next.file.path,
    place: site.place,
    at: stablePath(next, path),
    kind: 'added',
    before: '',
    after: digest === undefined ? newTag : `${newTag}@${digest}`,
    parsedBefore: null,
    textBefore: '',
    textAfter,
    image: provedImage(site, sites.before),
  };
}
