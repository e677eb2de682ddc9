import { adviceOf } from '../validation/finding.ts';
import { safeText } from './foreign-text.ts';
import type { ReportInput } from './registry.ts';
import { type TestCase, testCases } from './test-cases.ts';

/**
 * The Test Anything Protocol, in a form that readers of version 13 and of version 14 take alike
 * (https://testanything.org/tap-version-14-specification.html): a test point per object, its findings in a YAML block.
 */
export function renderTap(input: ReportInput): string {
  const cases = testCases(input);
  const [first] = cases;
  const body =
    first?.state === 'broken'
      ? [...first.lines.map((line) => `# ${safeText(line)}`), `Bail out! ${safeText(first.message)}`]
      : [`1..${cases.length}`, ...cases.flatMap(pointLines)];
  return `${['TAP version 13', ...body].join('\n')}\n`;
}

function pointLines(entry: TestCase, index: number): readonly string[] {
  const ok = entry.state === 'failed' ? 'not ok' : 'ok';
  const directive = entry.state === 'skipped' ? ` # SKIP ${escapeText(entry.message)}` : '';
  const description = escapeText(`${entry.suite}: ${entry.name}`);
  return [`${ok} ${index + 1} - ${description}${directive}`, ...diagnosticLines(entry)];
}

/** `#` begins a directive, and `\` escapes it. */
function escapeText(text: string): string {
  return safeText(text).replace(/[\\#]/g, '\\$&');
}

function diagnosticLines({ state, message, lines, findings }: TestCase): readonly string[] {
  if (state !== 'failed' && findings.length === 0) return [];
  const head = state === 'failed' ? [`message: ${quoted(message)}`] : [];
  const details = findings.length > 0 ? findings.flatMap(findingLines) : lines.map((line) => `  - ${quoted(line)}`);
  const title = findings.length > 0 ? 'findings:' : 'details:';
  const list = details.length === 0 ? [] : [title, ...details];
  return ['---', ...head, ...list, '...'].map((line) => `  ${line}`);
}

function findingLines(finding: TestCase['findings'][number]): string[] {
  const { ruleId, severity, path, line, column, message } = finding;
  const hint = adviceOf(finding);
  return [
    `  - rule: ${quoted(ruleId)}`,
    `    severity: ${severity}`,
    `    file: ${quoted(path)}`,
    `    line: ${line}`,
    `    column: ${column}`,
    `    message: ${quoted(message)}`,
    ...(hint === undefined ? [] : [`    hint: ${quoted(hint)}`]),
  ];
}

/** A JSON string is a double-quoted YAML scalar (https://yaml.org/spec/1.2.2/#12-yaml-history). */
function quoted(text: string): string {
  return JSON.stringify(safeText(text));
}
