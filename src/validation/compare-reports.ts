import type { Finding } from './finding.ts';
import type { CheckReport } from './report.ts';

/**
 * What tells one finding from another although lines move, items come into lists and values change: rule, file, object and
 * place in it; for what has no place in a document, what is wrong. Equal ones are told apart by their number.
 */
export function fingerprint(finding: Finding): string {
  const { ruleId, path, resource, pointer, message } = finding;
  const { apiVersion, kind, namespace, name } = resource ?? {};
  const text = message.replace(/\b(line|column) \d+/g, '$1');
  const place = pointer?.replace(/\/\d+(?=\/|$)/g, '/*');
  return JSON.stringify([ruleId, path, apiVersion, kind, namespace, name, place, pointer === undefined ? text : '']);
}

/** The findings of `after` that `before` has not; of several equal ones, as many as were added. */
export function compareReports(before: CheckReport, after: CheckReport): readonly Finding[] {
  const known = new Map<string, number>();
  for (const finding of before.findings) known.set(fingerprint(finding), (known.get(fingerprint(finding)) ?? 0) + 1);
  return after.findings.filter((finding) => {
    const key = fingerprint(finding);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
}
