import type { YAMLMap } from 'yaml';
import { printImageName } from '../../image/image-ref.ts';
import { listAt, mapAt, mapsOf, scalarAt, slotAt, slotOf, textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { chartSite, registryOf } from './charts.ts';
import type { HeldText } from './editor.ts';
import { findNamedImages, type NamedValue } from './named-values.ts';
import { readReference } from './parts.ts';
import { patchTexts } from './patches.ts';
import { findImages, joinPlace, type Owner, ownerOf, resourcesOf } from './shapes.ts';

/** One source of an Argo CD Application (https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml). */
export interface ApplicationSource extends Owner {
  readonly document: YamlDocument;
  readonly node: YAMLMap;
  /** `spec.source`, `spec.template.spec.sources[1]`. */
  readonly label: string;
}

/** The sources below `keys` of every object of that kind in the document. */
export function sourcesIn(document: YamlDocument, kind: string, keys: readonly string[]): readonly ApplicationSource[] {
  return resourcesOf(document).flatMap((root) => {
    const spec = textAt(document, root, 'kind') === kind ? mapAt(document, root, ...keys) : undefined;
    if (spec === undefined) return [];
    const base = { document, ...ownerOf(document, root) };
    const single = mapAt(document, spec, 'source');
    const several = mapsOf(document, listAt(document, spec, 'sources'));
    return [
      ...(single === undefined ? [] : [{ ...base, node: single, label: `${keys.join('.')}.source` }]),
      ...several.map((node, index) => ({ ...base, node, label: `${keys.join('.')}.sources[${index}]` })),
    ];
  });
}

export function isArgoCd(document: YamlDocument, kind: string): boolean {
  return resourcesOf(document).some((root) => {
    const group = textAt(document, root, 'apiVersion')?.split('/')[0];
    return group === 'argoproj.io' && textAt(document, root, 'kind') === kind;
  });
}

/** `helm.parameters`, `helm.valuesObject`, `kustomize.images`, and a chart from a container registry. */
export function sitesOfSource(source: ApplicationSource): readonly Site[] {
  const { document, node, label } = source;
  const values = mapAt(document, node, 'helm', 'valuesObject');
  return [
    ...findNamedImages(parametersOf(source), source),
    ...findImages({ ...source, node: values, label: `${label}.helm.valuesObject` }),
    ...kustomizeImages(source),
    ...ociChart(source),
  ];
}

/** `helm.values`, which is YAML inside of a string, and inline patches. */
export function textsOfSource({ document, node, label, owner, resource }: ApplicationSource): readonly HeldText[] {
  const values = scalarAt(document, mapAt(document, node, 'helm'), 'values');
  const own = `${label}.helm.values`;
  const patches = listAt(document, node, 'kustomize', 'patches');
  return [
    ...values.map((scalar) => ({
      node: scalar,
      place: joinPlace(owner, own),
      findSites: (inner: YamlDocument) =>
        findImages({ document: inner, node: inner.root, label: own, owner, resource }),
    })),
    ...patchTexts(document, patches, joinPlace(owner, `${label}.kustomize.patches`)),
  ];
}

/** Dots inside of a key are escaped in parameter names (https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set). */
function parametersOf({ document, node, label, owner }: ApplicationSource): readonly NamedValue[] {
  return mapsOf(document, listAt(document, node, 'helm', 'parameters')).flatMap((parameter) => {
    const name = textAt(document, parameter, 'name') ?? '';
    const place = joinPlace(owner, `${label}.helm.parameters[name=${name}].value`);
    const slot = slotAt(document, parameter, 'value', place);
    const path = name.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
    return slot === undefined ? [] : [{ path, slot }];
  });
}

/** `[name=]image[:tag][@digest]` (https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/). */
function kustomizeImages({ document, node, label, owner, resource }: ApplicationSource): readonly Site[] {
  return (listAt(document, node, 'kustomize', 'images')?.items ?? []).flatMap((item, index) => {
    const place = joinPlace(owner, `${label}.kustomize.images[${index}]`);
    const slot = slotOf(document, item, place);
    const [, name, text = ''] = slot?.kind === 'present' ? (/^(?:([^=]+)=)?(.*)$/.exec(slot.text) ?? []) : [];
    const read = readReference(text);
    if (slot === undefined || read === undefined) return [];
    const slots = { kind: 'whole', reference: slot, override: { ...(name !== undefined && { name }) } } as const;
    return [{ document, resource, place, alias: name ?? printImageName(read.image), ...read, slots }];
  });
}

/** A chart's repository is written without a scheme where it is a container registry; since 3.1 an `oci://` one holds any artifact. */
function ociChart({ document, node, label, owner, resource }: ApplicationSource): readonly Site[] {
  const place = joinPlace(owner, `${label}.targetRevision`);
  const url = textAt(document, node, 'repoURL');
  const name = textAt(document, node, 'chart');
  const isBare = name !== undefined && url !== undefined && !/:\/\/|@/.test(url);
  const repository = isBare ? url : registryOf(url);
  const version = slotAt(document, node, 'targetRevision', place);
  return chartSite({ document, resource, place }, { repository, ...(name !== undefined && { name }), version });
}
