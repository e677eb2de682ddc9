import { isMap, isSeq } from 'yaml';
import type { Editor } from './editor.ts';
import { findImages } from './shapes.ts';

/**
 * Values of Helm charts, umbrella charts included, and any other file of settings that names images the way charts do
 * (https://helm.sh/docs/chart_best_practices/values/), such as the `config.json` of a Git generator, which may be a list.
 */
export const helmValues: Editor = {
  id: 'helm-values',
  reads: ({ root }) => isMap(root) || isSeq(root),
  findSites: (document) => findImages({ document, node: document.root, label: '' }),
};
