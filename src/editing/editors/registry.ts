import type { Site } from '../site.ts';
import { lineIn, parseScalarText, type YamlDocument } from '../yaml-file.ts';
import { applicationSet } from './applicationset.ts';
import { argocdApplication } from './argocd-application.ts';
import { chart } from './chart.ts';
import type { Editor, HeldText } from './editor.ts';
import { fluxKustomization } from './flux-kustomization.ts';
import { helmRelease } from './helm-release.ts';
import { helmValues } from './helm-values.ts';
import { jsonPatch } from './json-patch.ts';
import { kustomization } from './kustomization.ts';
import { ociRepository } from './oci-repository.ts';
import { workload } from './workload.ts';

/** In the order in which they are asked; the general ones last. */
export const EDITORS: readonly Editor[] = [
  kustomization,
  fluxKustomization,
  helmRelease,
  ociRepository,
  argocdApplication,
  applicationSet,
  chart,
  jsonPatch,
  workload,
  helmValues,
];

/** YAML inside of a scalar that could not be read, and so was not searched. */
export interface UnreadText {
  readonly text: string;
  readonly place: string;
  /** From 1, in the file. */
  readonly line: number;
  readonly problem: string;
}

/** The images of one document, as the first editor that reads its format finds them. */
export function findSites(document: YamlDocument): readonly Site[] {
  const found = EDITORS.find((editor) => editor.reads(document))?.findSites(document) ?? [];
  return [...found, ...textsOf(document).flatMap((text) => sitesInText(document, text))];
}

/** What `findSites` had to pass over. */
export function unreadTexts(document: YamlDocument): readonly UnreadText[] {
  return textsOf(document).flatMap(({ node, place }) => {
    const parsed = parseScalarText(document, node);
    const line = lineIn(document.file, node.range?.[0] ?? 0);
    return parsed.ok ? [] : [{ text: String(node.value), place, line, problem: parsed.problem }];
  });
}

function textsOf(document: YamlDocument): readonly HeldText[] {
  return EDITORS.find((editor) => editor.reads(document))?.texts?.(document) ?? [];
}

function sitesInText(document: YamlDocument, { node, findSites }: HeldText): readonly Site[] {
  const parsed = parseScalarText(document, node);
  return parsed.ok ? parsed.file.documents.flatMap(findSites) : [];
}
