import { lazily } from '../manifests/lazily.ts';
import { createLineIndex, type Place } from '../manifests/lines.ts';
import { createLocator, firstContent, type Locator, type Path, type Range } from '../manifests/locate.ts';
import type { YamlMode } from '../manifests/plain-scalar.ts';
import type { ResourceId } from '../manifests/resource.ts';
import type { Finding, Severity } from './finding.ts';
import type { ReadResult } from './read-file.ts';
import type { Problem, Rule } from './rules/rule.ts';

/** Collects the findings of one file and gives them lines and columns. */
export interface FileFindings {
  /** Adds a finding at an offset of the file, and gives itself back. */
  at(rule: Rule, offset: number, message: string): FileFindings;
  document(document: ReadResult, mode: YamlMode): DocumentFindings;
  all(): readonly Finding[];
}

/** Offsets are those of the document here. */
export interface DocumentFindings {
  at(rule: Rule, offset: number, message: string, hint?: string): void;
  range(rule: Rule, range: Range, message: string, more?: RangeMore): void;
  problem(problem: Problem, resource: ResourceId | undefined): void;
  place(offset: number): Place;
  /** Line of the file where the document's content begins. */
  firstLine(): number;
  readonly locator: () => Locator;
}

interface RangeMore {
  readonly hint?: string;
  readonly path?: Path;
  /** In place of the rule's own. */
  readonly severity?: Severity;
}

/** Nothing is parsed or counted before the first finding needs it. */
export function createFileFindings(path: string, text: string): FileFindings {
  const findings: Finding[] = [];
  const place = lazily(() => createLineIndex(text));
  const file: FileFindings = {
    at(rule, offset, message) {
      findings.push({ ruleId: rule.id, severity: rule.severity, path, ...place()(offset), message });
      return file;
    },
    document: (document, mode) => documentFindings(path, document, mode, (offset) => place()(offset), findings),
    all: () => findings,
  };
  return file;
}

function documentFindings(
  path: string,
  document: ReadResult,
  mode: YamlMode,
  placeInFile: (offset: number) => Place,
  findings: Finding[],
): DocumentFindings {
  const locator = lazily(() => createLocator(document.text, mode));
  const place = (offset: number) => placeInFile(document.start + offset);
  const ends = (range: Range) => {
    const end = place(range.end);
    return range.end > range.start ? { endLine: end.line, endColumn: end.column } : {};
  };
  return {
    locator,
    place,
    firstLine: () => document.line + lineBreaks(document.text, firstContent(document.text)),
    at(rule, offset, message, hint) {
      const { id: ruleId, severity } = rule;
      findings.push({ ruleId, severity, path, ...place(offset), message, ...(hint === undefined ? {} : { hint }) });
    },
    range(rule, range, message, { hint, path: at, severity = rule.severity } = {}) {
      const { id: ruleId } = rule;
      const pointer = at === undefined ? {} : { pointer: printPointer(at) };
      const rest = { ...ends(range), ...pointer, message, ...(hint === undefined ? {} : { hint }) };
      findings.push({ ruleId, severity, path, ...place(range.start), ...rest });
    },
    problem(problem, resource) {
      const range = problem.at === 'key' ? locator().key(problem.path) : locator().value(problem.path);
      const severity = problem.severity ?? problem.rule.severity;
      const rest = { pointer: printPointer(problem.path), message: problem.message };
      const hint = problem.hint === undefined ? {} : { hint: problem.hint };
      findings.push({
        ruleId: problem.rule.id,
        severity,
        path,
        ...place(range.start),
        ...ends(range),
        ...(resource === undefined ? {} : { resource }),
        ...rest,
        ...hint,
      });
    },
  };
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
export function printPointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function lineBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
