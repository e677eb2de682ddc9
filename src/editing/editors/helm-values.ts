import { isMap } from 'yaml';
import type { Editor } from './editor.ts';
import { findImages } from './shapes.ts';

/**
 * Values of Helm charts, umbrella charts included, and any other file of settings that names images the way charts do
 * (https://helm.sh/docs/chart_best_practices/values/).
 */
export const helmValues: Editor = {
  id: 'helm-values',
  reads: (document) => isMap(document.root),
  findSites: (document) => findImages({ document, node: document.root, label: '' }),
};
