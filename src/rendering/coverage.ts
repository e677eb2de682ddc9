import type { Finding } from '../validation/finding.ts';
import { originDocument, type Texts } from './source-place.ts';
import type { RenderedUnit } from './unit.ts';

/** The groups of rules that look at an object as the cluster gets it; what is rendered is what they are about. */
const OF_OBJECTS: ReadonlySet<string> = new Set(['schema', 'api', 'object', 'semantic', 'policy', 'practice']);

/**
 * True for findings about a document that was rendered and checked as it is in the end: the document as it stands in its
 * file is then not judged any more.
 * @param unjudged rules that did not look at what was rendered
 */
export function coverage(
  units: readonly RenderedUnit[],
  texts: Texts,
  unjudged: readonly string[],
): (finding: Finding) => boolean {
  const covered = new Map<string, (readonly [number, number])[]>();
  const known = new Set<string>();
  for (const { outcome } of units) {
    for (const object of outcome.state === 'rendered' ? outcome.objects : []) {
      const { origin, resource } = object;
      const text = origin?.made === 'as it stands' ? texts(origin.path) : undefined;
      const key = JSON.stringify([origin?.path, resource.kind, resource.name, resource.namespace]);
      if (origin === undefined || text === undefined || known.has(key)) continue;
      known.add(key);
      const document = originDocument(text, object);
      if (document === undefined) continue;
      const end = document.line + document.text.split('\n').length - 1;
      covered.set(origin.path, [...(covered.get(origin.path) ?? []), [document.line, end]]);
    }
  }
  return ({ ruleId, path, line, resource }) =>
    resource !== undefined &&
    OF_OBJECTS.has(ruleId.slice(0, ruleId.indexOf('/'))) &&
    !unjudged.includes(ruleId) &&
    (covered.get(path) ?? []).some(([first, last]) => first <= line && line <= last);
}
