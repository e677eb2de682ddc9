import { isMap, type YAMLMap } from 'yaml';
import { printResource } from '../../manifests/resource.ts';
import { textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { Editor } from './editor.ts';
import { findEntries } from './kustomization.ts';

/** `spec.images` of a Flux Kustomization (https://fluxcd.io/flux/components/kustomize/kustomizations/#images). */
export const fluxKustomization: Editor = {
  id: 'flux-kustomization',
  reads: (document) => isMap(document.root) && isFluxKustomization(document, document.root),
  findSites: (document) => (isMap(document.root) ? findInSpec(document, document.root) : []),
};

function isFluxKustomization(document: YamlDocument, root: YAMLMap): boolean {
  const group = textAt(document, root, 'apiVersion')?.split('/')[0];
  return group === 'kustomize.toolkit.fluxcd.io' && textAt(document, root, 'kind') === 'Kustomization';
}

function findInSpec(document: YamlDocument, root: YAMLMap): readonly Site[] {
  const name = textAt(document, root, 'metadata', 'name');
  const namespace = textAt(document, root, 'metadata', 'namespace');
  const named = { kind: 'Kustomization', ...(name !== undefined && { name }) };
  const owner = printResource({ apiVersion: '', ...named, ...(namespace !== undefined && { namespace }) });
  return findEntries(document, root, ['spec', 'images'], owner).map((site) => ({ ...site, resource: named }));
}
