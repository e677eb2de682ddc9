import type { DocumentFindings } from './file-findings.ts';
import type { ManifestObject } from './rules/rule.ts';
import { isObject } from './scalars.ts';
import type { Suppression } from './suppress.ts';
import { readRules } from './suppress-comment.ts';

export const ANNOTATION = 'drawbridge.dev/ignore';

/** What an object's own annotation leaves out: `drawbridge.dev/ignore: rule-id[, rule-id] reason`. */
export function annotationSuppression(
  path: string,
  { resource, value, path: at }: ManifestObject,
  findings: Pick<DocumentFindings, 'locator' | 'place'>,
): readonly Suppression[] {
  const annotations = isObject(value.metadata) ? value.metadata.annotations : undefined;
  const text = isObject(annotations) && Object.hasOwn(annotations, ANNOTATION) ? annotations[ANNOTATION] : undefined;
  if (typeof text !== 'string') return [];
  const { start } = findings.locator().key([...at, 'metadata', 'annotations', ANNOTATION]);
  const place = { path, ...findings.place(start) };
  return [{ source: 'annotation', rules: readRules(text), place, covers: { kind: 'object', path, resource } }];
}
