import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { Editor } from './editor.ts';
import { fluxKustomization } from './flux-kustomization.ts';
import { helmValues } from './helm-values.ts';
import { kustomization } from './kustomization.ts';
import { workload } from './workload.ts';

/** In the order in which they are asked; the general ones last. */
export const EDITORS: readonly Editor[] = [kustomization, fluxKustomization, workload, helmValues];

/** The images of one document, as the first editor that reads its format finds them. */
export function findSites(document: YamlDocument): readonly Site[] {
  return EDITORS.find((editor) => editor.reads(document))?.findSites(document) ?? [];
}
