import { isScalar, isSeq, type Scalar, type YAMLSeq } from 'yaml';
import { mapsOf, scalarAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { HeldText } from './editor.ts';
import { jsonPatch } from './json-patch.ts';
import { workload } from './workload.ts';

/**
 * The inline patches of kustomize, `{patch: …}` or bare strings: each holds a strategic merge patch or a JSON 6902 patch
 * (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/). A string of one line is a file's name.
 */
export function patchTexts(document: YamlDocument, list: YAMLSeq | undefined, label: string): readonly HeldText[] {
  const bare = (list?.items ?? []).filter((item) => isScalar(item)).map((item) => item as Scalar);
  const keyed = mapsOf(document, list).flatMap((map) => scalarAt(document, map, 'patch'));
  return [...bare, ...keyed]
    .filter(({ value }) => typeof value === 'string' && value.includes('\n'))
    .map((node) => ({ node, place: label, findSites: findInPatch }));
}

function findInPatch(document: YamlDocument): readonly Site[] {
  return isSeq(document.root) ? jsonPatch.findSites(document) : workload.findSites(document);
}
