import { isMap, type YAMLMap } from 'yaml';
import { textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { Editor } from './editor.ts';
import { findImages, ownerOf, resourcesOf } from './shapes.ts';

/** Kinds whose `image` keys are text or schema, not images. */
const WITHOUT_IMAGES: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'CustomResourceDefinition']);
const IGNORED_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * Kubernetes objects of any kind: containers, init and ephemeral containers and image volumes wherever a pod template may
 * stand, and the image fields of custom resources (Argo Rollouts, Tekton, Knative, CloudNativePG and their like).
 */
export const workload: Editor = {
  id: 'workload',
  reads: (document) => isMap(document.root) && isObject(document, document.root),
  findSites: (document) => resourcesOf(document).flatMap((resource) => findInResource(document, resource)),
};

/** Some charts have a value called `kind`; an object has an API version or a name as well. */
export function isObject(document: YamlDocument, root: YAMLMap): boolean {
  if (textAt(document, root, 'kind') === undefined) return false;
  return textAt(document, root, 'apiVersion') !== undefined || textAt(document, root, 'metadata', 'name') !== undefined;
}

function findInResource(document: YamlDocument, root: YAMLMap): readonly Site[] {
  if (WITHOUT_IMAGES.has(textAt(document, root, 'kind') ?? '')) return [];
  return findImages({ document, node: root, label: '', ...ownerOf(document, root), ignoredKeys: IGNORED_KEYS });
}
