import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
import { printResource } from '../manifests/resource.ts';
import { fingerprint } from './compare-reports.ts';
import type { Finding } from './finding.ts';
import { isObject } from './scalars.ts';

/** Findings that are known and accepted: how many of each. */
export interface Baseline {
  /** Where it was read from. */
  readonly path: string;
  /** Takes out what it knows; of several equal findings, as many as it counts. */
  apply(findings: readonly Finding[]): Baselined;
}

export interface Baselined {
  readonly kept: readonly Finding[];
  readonly dropped: number;
  /** Entries of the baseline that nothing met. */
  readonly unused: number;
}

function without(findings: readonly Finding[], counts: ReadonlyMap<string, number>): Baselined {
  const left = new Map(counts);
  const kept = findings.filter((finding) => {
    const key = baselineKey(finding);
    const number = left.get(key) ?? 0;
    if (number > 0) left.set(key, number - 1);
    return number <= 0;
  });
  const unused = [...left.values()].reduce((sum, number) => sum + number, 0);
  return { kept, dropped: findings.length - kept.length, unused };
}

/** Short and without content: it stays the same when lines move and when values change, and says nothing of them. */
export function baselineKey(finding: Finding): string {
  return createHash('sha256').update(fingerprint(finding)).digest('hex').slice(0, 32);
}

const VERSION = 1;

/** A file that differs by one line for each finding that comes or goes. */
export function renderBaseline(findings: readonly Finding[]): string {
  const rows = [...Map.groupBy(findings, baselineKey)].map(([key, same]) => rowOf(key, same));
  const lines = rows
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ row }) => `    ${JSON.stringify(row)}`)
    .join(',\n');
  const list = lines === '' ? '[]' : `[\n${lines}\n  ]`;
  return `{\n  "tool": "drawbridge",\n  "baseline": ${VERSION},\n  "findings": ${list}\n}\n`;
}

function rowOf(fingerprint: string, same: readonly Finding[]) {
  const { path = '', ruleId: rule = '', resource } = same[0] ?? {};
  const object = resource === undefined ? {} : { object: printResource(resource) };
  const count = same.length === 1 ? {} : { count: same.length };
  return { order: `${path}\0${rule}\0${fingerprint}`, row: { fingerprint, rule, path, ...object, ...count } };
}

/** @throws ToolError input for what is no baseline, with every entry that is wrong */
export function parseBaseline(path: string, text: string): Baseline {
  const value = parseJson(path, text);
  const rows = isObject(value) && value.baseline === VERSION ? value.findings : undefined;
  if (!Array.isArray(rows)) throw refused(path, ['it has no list "findings" below "baseline": 1']);
  const problems: string[] = [];
  const counts = new Map<string, number>();
  rows.forEach((row: unknown, index) => {
    const { fingerprint: key, count = 1 } = isObject(row) ? row : {};
    if (typeof key !== 'string' || !Number.isSafeInteger(count) || Number(count) < 1) {
      problems.push(`findings[${index}] has no fingerprint, or a count that is no positive number`);
    } else counts.set(key, (counts.get(key) ?? 0) + Number(count));
  });
  if (problems.length > 0) throw refused(path, problems);
  return { path, apply: (findings) => without(findings, counts) };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(path, ['it is not JSON']);
  }
}

function refused(path: string, problems: readonly string[]): ToolError {
  return new ToolError('input', `baseline: ${path} is no baseline of this program.`, {
    problems: problems.map((problem) => `${path}: ${problem}`),
    hint: 'Write it anew with write-baseline.',
  });
}
