import type { YAMLMap } from 'yaml';
import { listAt, mapsOf, textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { Editor, HeldText } from './editor.ts';
import { findEntries } from './kustomization.ts';
import { patchTexts } from './patches.ts';
import { joinPlace, type Owner, ownerOf, resourcesOf } from './shapes.ts';
import { workload } from './workload.ts';

/** Flux HelmReleases: values in the shapes of charts, and what post renderers do to images (https://fluxcd.io/flux/components/helm/helmreleases/#post-renderers). */
export const helmRelease: Editor = {
  id: 'helm-release',
  reads: (document) => releasesOf(document).length > 0,
  findSites: (document) => [...workload.findSites(document), ...renderersOf(document).flatMap(renderedImages)],
  texts: (document) => renderersOf(document).flatMap(renderedTexts),
};

interface PostRenderer extends Owner {
  readonly document: YamlDocument;
  readonly node: YAMLMap;
  readonly label: string;
}

function releasesOf(document: YamlDocument): readonly YAMLMap[] {
  return resourcesOf(document).filter((root) => {
    const group = textAt(document, root, 'apiVersion')?.split('/')[0];
    return group === 'helm.toolkit.fluxcd.io' && textAt(document, root, 'kind') === 'HelmRelease';
  });
}

function renderersOf(document: YamlDocument): readonly PostRenderer[] {
  return releasesOf(document).flatMap((root) => {
    const owner = ownerOf(document, root);
    const renderers = mapsOf(document, listAt(document, root, 'spec', 'postRenderers'));
    return renderers.map((node, index) => ({ ...owner, document, node, label: `spec.postRenderers[${index}]` }));
  });
}

function renderedImages({ document, node, owner, resource, label }: PostRenderer): readonly Site[] {
  const entries = findEntries(document, node, ['kustomize', 'images'], joinPlace(owner, label));
  return entries.map((site) => ({ ...site, resource }));
}

function renderedTexts({ document, node, owner, label }: PostRenderer): readonly HeldText[] {
  const patches = listAt(document, node, 'kustomize', 'patches');
  return patchTexts(document, patches, joinPlace(owner, `${label}.kustomize.patches`));
}
