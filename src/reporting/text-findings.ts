import { compareFindings, type Finding, type Severity } from '../validation/finding.ts';
import { excerpt, mayBeQuoted } from './excerpt.ts';
import { safeText } from './foreign-text.ts';
import type { Colour, Paint } from './paint.ts';

export const SEVERITY_COLOUR: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', info: 'blue' };

/** The text of a file, where it is at hand. */
export type Sources = (path: string) => string | undefined;

/** Findings in order of place, each `path:line:column severity message [rule]`, with its source line and hint below. */
export function findingLines(
  findings: readonly Finding[],
  sources: Sources,
  width: number,
  paint: Paint,
): readonly string[] {
  const linesFor = quotableLines(sources);
  const blocks = [...findings]
    .sort(compareFindings)
    .map((finding) => findingBlock(finding, linesFor(finding), width, paint));
  return blocks.flatMap((block, index) => {
    const apart = block.length > 1 || (blocks[index - 1]?.length ?? 0) > 1;
    return index > 0 && apart ? ['', ...block] : block;
  });
}

function findingBlock(finding: Finding, lines: readonly string[], width: number, paint: Paint): readonly string[] {
  const place = paint('bold', `${safeText(finding.path)}:${finding.line}:${finding.column}`);
  const severity = paint(SEVERITY_COLOUR[finding.severity], finding.severity);
  const head = `${place} ${severity} ${safeText(finding.message)} ${paint('dim', `[${safeText(finding.ruleId)}]`)}`;
  const hint = finding.hint === undefined ? [] : [`      ${safeText(finding.hint)}`];
  return [head, ...excerptLines(finding, lines, width, paint), ...hint];
}

function excerptLines(finding: Finding, lines: readonly string[], width: number, paint: Paint): readonly string[] {
  const quoted = excerpt(finding, lines, Math.max(20, width - 8));
  if (quoted === undefined) return [];
  const number = String(finding.line).padStart(5);
  const marker = paint(SEVERITY_COLOUR[finding.severity], quoted.marker);
  return [`${paint('dim', `${number} |`)} ${quoted.line}`, `${paint('dim', '      |')} ${marker}`];
}

/** Each file is split once, however many findings it has. */
function quotableLines(sources: Sources): (finding: Finding) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return ({ path, resource }) => {
    if (resource?.kind.endsWith('Secret') === true) return [];
    const lines = known.get(path) ?? splitQuotable(sources(path) ?? '');
    known.set(path, lines);
    return lines;
  };
}

function splitQuotable(source: string): readonly string[] {
  return mayBeQuoted(source) ? source.split(/\r\n|\n|\r/) : [];
}
