import { isMap, type YAMLMap } from 'yaml';
import { listAt, textAt } from '../reading.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { Editor } from './editor.ts';
import { findEntries } from './kustomization.ts';
import { patchTexts } from './patches.ts';
import { joinPlace, ownerOf } from './shapes.ts';

/** `spec.images` and `spec.patches` of a Flux Kustomization (https://fluxcd.io/flux/components/kustomize/kustomizations/#images). */
export const fluxKustomization: Editor = {
  id: 'flux-kustomization',
  reads: (document) => isMap(document.root) && isFluxKustomization(document, document.root),
  findSites: (document) => {
    if (!isMap(document.root)) return [];
    const { owner, resource } = ownerOf(document, document.root);
    return findEntries(document, document.root, ['spec', 'images'], owner).map((site) => ({ ...site, resource }));
  },
  texts: (document) => {
    if (!isMap(document.root)) return [];
    const patches = listAt(document, document.root, 'spec', 'patches');
    return patchTexts(document, patches, joinPlace(ownerOf(document, document.root).owner, 'spec.patches'));
  },
};

function isFluxKustomization(document: YamlDocument, root: YAMLMap): boolean {
  const group = textAt(document, root, 'apiVersion')?.split('/')[0];
  return group === 'kustomize.toolkit.fluxcd.io' && textAt(document, root, 'kind') === 'Kustomization';
}
