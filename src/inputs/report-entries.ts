import { REPORTS, type ReportKind } from '../reporting/registry.ts';
import { enumerate } from './names.ts';
import { didYouMean } from './nearest.ts';
import { quoted } from './values.ts';

/** One entry of `reports`: what is written, and where. */
export interface ReportEntry {
  readonly kind: ReportKind;
  readonly file: string;
}

const KINDS = Object.keys(REPORTS) as readonly ReportKind[];
const FORM = 'write it as KIND=FILE, for example sarif=drawbridge.sarif';

/** The entries of a list without problems. */
export function readReportEntries(texts: readonly string[]): readonly ReportEntry[] {
  return [...new Set(texts)].map((text) => {
    const at = text.indexOf('=');
    return { kind: text.slice(0, at).trim() as ReportKind, file: text.slice(at + 1).trim() };
  });
}

/** What is wrong with each entry of `reports`, and with all of them together. */
export function reportProblems(texts: readonly string[]): readonly string[] {
  const owners = new Map<string, string>();
  return [...new Set(texts)].flatMap((text) => {
    const problem = entryProblem(text);
    if (problem !== undefined) return [problem];
    const file = text
      .slice(text.indexOf('=') + 1)
      .trim()
      .replace(/^(\.\/)+/, '');
    const owner = owners.get(file);
    owners.set(file, text);
    return owner === undefined ? [] : [`${quoted(text)} would overwrite what ${quoted(owner)} writes`];
  });
}

function entryProblem(text: string): string | undefined {
  const at = text.indexOf('=');
  if (at < 0) return `${quoted(text)} names no file; ${FORM}`;
  const [kind, file] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (!KINDS.some((known) => known === kind)) {
    return `${quoted(text)} begins with no kind of report, which is ${enumerate(KINDS, 'or')}.${didYouMean(kind, KINDS)}`;
  }
  if (file === '') return `${quoted(text)} names no file; ${FORM}`;
  if (file === '-') return `${quoted(text)} names no file; what goes to standard output is chosen with format`;
  return /[/\\]$/.test(file) ? `${quoted(text)} names a folder, not a file` : undefined;
}
