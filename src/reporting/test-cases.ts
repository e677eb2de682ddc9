import { ToolError } from '../errors.ts';
import { printResource } from '../manifests/resource.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { adviceOf, type Finding } from '../validation/finding.ts';
import { locate, pathFromRoot } from './located.ts';
import type { ReportInput } from './registry.ts';
import { outcomeWords } from './words.ts';

/** One object, target or document as a report of test results shows it. */
export interface TestCase {
  /** The file, or what else its cases have in common. */
  readonly suite: string;
  /** Unique in its suite. */
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'broken';
  /** The rule, the verdict or the error code; for a skipped one empty. */
  readonly type: string;
  /** Why it is not passed, in one line. */
  readonly message: string;
  /** Everything there is to say, a passed one's warnings included. */
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Something that findings can be about: an object or a document that was looked at, or the text of a file. */
interface Subject {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  readonly skipped?: string;
  readonly findings: Finding[];
}

const FILE_TEXT = 'the text of the file';

/** One case per object and target, in order of place; for a run that ended with an error, that alone. */
export function testCases(input: ReportInput): readonly TestCase[] {
  const { outcome, command } = input;
  if (outcome instanceof ToolError) return [brokenCase(command, outcome)];
  return withUniqueNames([...subjectCases(outcome, input), ...outcome.targets.map(targetCase)]);
}

function brokenCase(command: string, { code, message, problems, hint }: ToolError): TestCase {
  const lines = [
    message,
    ...problems.map((problem) => `- ${problem}`),
    ...(hint === undefined ? [] : [`Next: ${hint}`]),
  ];
  const name = 'comes to a result';
  return {
    suite: `drawbridge ${command}`,
    name,
    state: 'broken',
    type: code,
    message,
    lines,
    findings: [],
    seconds: 0,
  };
}

function targetCase({ target, verdict, seconds, diagnosis }: TargetOutcome): TestCase {
  const passed = verdict.kind === 'landed';
  const sections = (diagnosis?.sections ?? []).flatMap(({ title, lines }) => [
    `${title}:`,
    ...lines.map((l) => `  ${l}`),
  ]);
  const lines = passed ? [] : [...verdict.reasons, ...sections, ...(diagnosis?.hints ?? []).map((h) => `Next: ${h}`)];
  const state = passed ? 'passed' : 'failed';
  const message = passed ? '' : [outcomeWords(verdict), ...verdict.reasons.slice(0, 1)].join(': ');
  return { suite: 'targets', name: target.name, state, type: verdict.kind, message, lines, findings: [], seconds };
}

function subjectCases(outcome: Outcome, { directory = '', failOn = 'error' }: ReportInput): readonly TestCase[] {
  const located = locate(outcome.findings, directory).map(({ finding, path }) => ({ ...finding, path }));
  const fails = ({ severity }: Finding) => severity === 'error' || severity === failOn;
  return subjectsOf(outcome.checked ?? [], located, directory).map((subject) => subjectCase(subject, fails));
}

function subjectCase(subject: Subject, fails: (finding: Finding) => boolean): TestCase {
  const { path: suite, name, findings, skipped } = subject;
  const worst = findings.find(({ severity }) => severity === 'error') ?? findings.find(fails);
  const lines = findings.map(findingLine);
  const common = { suite, name, lines, findings, seconds: 0 };
  if (worst !== undefined && fails(worst)) {
    return { ...common, state: 'failed', type: worst.ruleId, message: placed(worst) };
  }
  if (skipped !== undefined) return { ...common, state: 'skipped', type: '', message: skipped };
  return { ...common, state: 'passed', type: '', message: '' };
}

function subjectsOf(
  checked: NonNullable<Outcome['checked']>,
  findings: readonly Finding[],
  directory: string,
): readonly Subject[] {
  const subjects = checked.map((entry): Subject => {
    const { path, line, resource } = entry;
    const name =
      resource === undefined ? `document ${'document' in entry ? entry.document : 1}` : printResource(resource);
    const skipped = 'reason' in entry ? { skipped: entry.reason } : {};
    return { path: pathFromRoot(path, directory), line, name, findings: [], ...skipped };
  });
  const byName = Map.groupBy(subjects, ({ path, name }) => `${path}\n${name}`);
  for (const finding of findings) subjectOf(finding, byName).findings.push(finding);
  const all = [...byName.values()].flat();
  return all.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}

/** Of several objects with one name, the last that begins before the finding. */
function subjectOf(finding: Finding, byName: Map<string, Subject[]>): Subject {
  const { path, line, resource } = finding;
  const name = resource === undefined ? FILE_TEXT : printResource(resource);
  const key = `${path}\n${name}`;
  const known = byName.get(key) ?? [];
  const found = known.findLast((subject) => subject.line <= line) ?? known[0];
  if (found !== undefined) return found;
  const subject: Subject = { path, line, name, findings: [] };
  byName.set(key, [subject]);
  return subject;
}

/** Readers of these reports take equal names for the same test. */
function withUniqueNames(cases: readonly TestCase[]): readonly TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((entry) => {
    const key = `${entry.suite}\n${entry.name}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? entry : { ...entry, name: `${entry.name} #${count}` };
  });
}

function findingLine(finding: Finding): string {
  const { severity, ruleId } = finding;
  const hint = adviceOf(finding);
  return `${placed(finding)} [${ruleId}] (${severity})${hint === undefined ? '' : ` ${hint}`}`;
}

function placed({ path, line, column, message }: Finding): string {
  return `${path}:${line}:${column}: ${message}`;
}
