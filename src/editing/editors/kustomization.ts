import { isMap, type YAMLMap } from 'yaml';
import { isKustomizationFile } from '../../manifests/file-names.ts';
import { gapAfter, listAt, mapAt, mapsOf, slotAt, slotOf, textAt } from '../reading.ts';
import type { Companion, Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { chartSite, registryOf } from './charts.ts';
import type { Editor } from './editor.ts';
import { readParts } from './parts.ts';
import { patchTexts } from './patches.ts';
import { findImages } from './shapes.ts';

const BASE_LISTS = ['resources', 'components', 'bases'] as const;
const PATCH_LISTS = ['patches', 'patchesJson6902', 'patchesStrategicMerge'] as const;

/** `images:` of kustomize, charts that it renders, and inline patches (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/). */
export const kustomization: Editor = {
  id: 'kustomization',
  reads: (document) => isMap(document.root) && isKustomization(document, document.root),
  findSites: (document) => (isMap(document.root) ? findInKustomization(document, document.root) : []),
  texts: (document) =>
    PATCH_LISTS.flatMap((key) => {
      return isMap(document.root) ? patchTexts(document, listAt(document, document.root, key), key) : [];
    }),
};

/** Images of entries `{name, newName, newTag, digest}`, in kustomize itself and wherever others took them over. */
export function findEntries(
  document: YamlDocument,
  root: YAMLMap,
  keys: readonly string[],
  owner?: string,
): readonly Site[] {
  const prefix = owner === undefined ? '' : `${owner} `;
  return mapsOf(document, listAt(document, root, ...keys)).flatMap((entry) => {
    const name = textAt(document, entry, 'name');
    const site =
      name === undefined ? undefined : entrySite(document, entry, name, `${prefix}${keys.join('.')}[name=${name}]`);
    return site === undefined ? [] : [site];
  });
}

function isKustomization(document: YamlDocument, root: YAMLMap): boolean {
  const kind = textAt(document, root, 'kind');
  if (kind === undefined) return isKustomizationFile(document.file.path);
  const group = textAt(document, root, 'apiVersion')?.split('/')[0];
  const own = group === 'kustomize.config.k8s.io' || (group === undefined && isKustomizationFile(document.file.path));
  return own && (kind === 'Kustomization' || kind === 'Component');
}

function findInKustomization(document: YamlDocument, root: YAMLMap): readonly Site[] {
  const bases = remoteBases(document, root);
  const entries = findEntries(document, root, ['images']).map((site) => {
    const companions = bases.filter((base) => base.tag === site.image.tag);
    return companions.length === 0 ? site : { ...site, companions };
  });
  const charts = mapsOf(document, listAt(document, root, 'helmCharts'));
  return [...entries, ...charts.flatMap((chart) => findInChart(document, chart))];
}

function findInChart(document: YamlDocument, chart: YAMLMap): readonly Site[] {
  const name = textAt(document, chart, 'name') ?? '';
  const label = `helmCharts[name=${name}]`;
  const place = `${label}.version`;
  const repository = registryOf(textAt(document, chart, 'repo'));
  return [
    ...chartSite({ document, place }, { repository, name, version: slotAt(document, chart, 'version', place) }),
    ...findImages({ document, node: mapAt(document, chart, 'valuesInline'), label: `${label}.valuesInline` }),
  ];
}

function entrySite(document: YamlDocument, entry: YAMLMap, name: string, place: string): Site | undefined {
  const slot = (key: string) =>
    slotAt(document, entry, key, `${place}.${key}`) ??
    gapAfter(entry, key === 'digest' ? ['newTag', 'newName', 'name'] : ['newName', 'name'], key, `${place}.${key}`);
  const [repository, tag, digest] = [slot('newName'), slot('newTag'), slot('digest')];
  const newName = repository?.kind === 'present' && repository.text !== '' ? repository.text : name;
  const read = readParts({ repository: newName, tag, digest });
  if (read === undefined) return undefined;
  const slots = {
    kind: 'split',
    ...(repository && { repository }),
    ...(tag && { tag }),
    ...(digest && { digest }),
  } as const;
  return { document, place, alias: name, ...read, slots };
}

/** Remote bases pinned to a commit; where an image has that commit as its tag, both name one build and move together. */
function remoteBases(document: YamlDocument, root: YAMLMap): readonly Companion[] {
  return BASE_LISTS.flatMap((key) => {
    const items = listAt(document, root, key)?.items ?? [];
    return items.flatMap((item, index) => {
      const slot = slotOf(document, item, `${key}[${index}]`);
      const match = slot?.kind === 'present' ? /^(.*[?&]ref=)([0-9a-f]{7,64})(&.*)?$/.exec(slot.text) : null;
      const [, before, tag, behind = ''] = match ?? [];
      if (slot === undefined || tag === undefined) return [];
      return [{ slot, tag, rewrite: (next: string) => `${before}${next}${behind}` }];
    });
  });
}
