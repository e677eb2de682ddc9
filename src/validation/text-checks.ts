import type { DocumentFindings } from './file-findings.ts';
import type { ReadResult } from './read-file.ts';
import { ambiguousLiteral } from './rules/yaml-ambiguous-literal.ts';
import { duplicateKey } from './rules/yaml-duplicate-key.ts';
import { syntax } from './rules/yaml-syntax.ts';
import { isDataKey, mayHoldSecrets } from './secrets.ts';

/** No more than this many findings of one rule for the text of one document. */
const MOST = 20;

/** Programs that read their own YAML mostly take the last of equal keys: a warning where it is no Kubernetes object. */
export function reportFaults(document: ReadResult, findings: DocumentFindings, isForeign: boolean): void {
  for (const fault of document.faults) {
    if (fault.rule === duplicateKey)
      reportDuplicateKeys(document.text, fault.offset, findings, isForeign ? 'warning' : 'error');
    else if (!isForeign || !document.readable) findings.at(fault.rule, fault.offset, fault.message, fault.hint);
  }
}

/** A key that is no name may be a line of a Secret's value. */
function reportDuplicateKeys(
  text: string,
  offset: number,
  findings: DocumentFindings,
  severity: keyof typeof HINTS,
): void {
  const repeated = findings.locator().repeatedKeys().slice(0, MOST);
  if (repeated.length === 0) findings.at(duplicateKey, offset, 'This key stands twice in the same map.');
  for (const { path, first, again } of repeated) {
    const place = findings.place(first.start);
    const key = String(path.at(-1));
    const isOpen = isDataKey(key) || !mayHoldSecrets(text);
    const message = `The key${isOpen ? ` ${key}` : ''} stands twice in this map, first on line ${place.line}, column ${place.column}.`;
    findings.range(duplicateKey, again, message, {
      path: isOpen ? path : path.slice(0, -1),
      severity,
      hint: HINTS[severity],
    });
  }
}

const HINTS = {
  error: 'kubectl takes the last one in silence: keep one.',
  warning: 'Most programs take the last one in silence: keep one.',
} as const;

/** kubectl refuses a key that is a map or a list; the fast reader lets it pass. */
export function reportComplexKeys(document: ReadResult, findings: DocumentFindings): void {
  if (!document.complexKeys) return;
  for (const range of findings.locator().complexKeys().slice(0, MOST)) {
    findings.range(syntax, range, 'A map or a list cannot be the key of a map.', {
      hint: 'Put braces of a text in quotes.',
    });
  }
}

/** In a Secret, what looks like a tag may be the beginning of a password, and what looks like a date may be one. */
export function reportUnknownTag(document: ReadResult, findings: DocumentFindings): void {
  if (document.unknownTag === undefined) return;
  const offset = Math.max(0, document.text.indexOf(document.unknownTag));
  const name = mayHoldSecrets(document.text) ? '' : ` ${document.unknownTag}`;
  findings.at(syntax, offset, `The tag${name} means nothing to Kubernetes.`);
}

export function reportAmbiguousLiterals(document: ReadResult, findings: DocumentFindings): void {
  if (!document.ambiguous) return;
  const isOpen = !mayHoldSecrets(document.text);
  for (const { text, ...range } of findings.locator().ambiguousScalars().slice(0, MOST)) {
    const isDate = /^\d/.test(text);
    const date = isOpen ? ` ${text}` : '';
    const message = isDate
      ? `kustomize and Flux turn the plain date${date} into a time, kubectl and Argo CD do not.`
      : `kubectl and Argo CD read the plain ${text} as a boolean, kustomize and Flux as text.`;
    const quoted = isDate && !isOpen ? 'it in quotes' : `"${text}"`;
    findings.range(ambiguousLiteral, range, message, { hint: `Write ${quoted}, or ${alternative(text)}.` });
  }
}

function alternative(text: string): string {
  if (/^\d/.test(text)) return 'a full time with zone';
  return /^(y|on)/i.test(text) ? 'true' : 'false';
}
