import { adviceOf, compareFindings, type Finding, type Severity } from '../validation/finding.ts';
import { isSecretKind } from '../validation/secrets.ts';
import { countSeverities, countWords, groupFindings, MANY_FINDINGS } from './count-findings.ts';
import { excerpt, mayBeQuoted } from './excerpt.ts';
import { safeText } from './foreign-text.ts';
import type { Colour, Paint } from './paint.ts';

export const SEVERITY_COLOUR: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', info: 'blue' };

/** The text of a file, where it is at hand. */
export type Sources = (path: string) => string | undefined;

/**
 * Findings in order of place, each `path:line:column severity message [rule]`, with its source line and hint below. Many
 * of them stand below a heading for each file, which then leaves the path to it.
 */
export function findingLines(
  findings: readonly Finding[],
  sources: Sources,
  width: number,
  paint: Paint,
): readonly string[] {
  const linesFor = quotableLines(sources);
  const inOrder = [...findings].sort(compareFindings);
  const blockOf = (finding: Finding, place: string) => findingBlock(finding, place, linesFor(finding), width, paint);
  if (inOrder.length <= MANY_FINDINGS) {
    return spaced(inOrder.map((finding) => blockOf(finding, `${safeText(finding.path)}:${placeInFile(finding)}`)));
  }
  return [...Map.groupBy(inOrder, ({ path }) => path)].flatMap(([path, ofFile], index) => {
    const heading = `${paint('bold', safeText(path))} ${paint('dim', `(${countWords(countSeverities(ofFile))})`)}`;
    const places = ofFile.map(placeInFile);
    const indent = places.reduce((most, { length }) => Math.max(most, length), 0) + 2;
    const blocks = ofFile.flatMap((finding) => blockOf(finding, placeInFile(finding).padStart(indent)));
    return [...(index > 0 ? [''] : []), heading, ...blocks];
  });
}

/** `By rule: 12 schema/unknown-field, 9 schema/type`, where findings are many; else empty. */
export function ruleCounts(findings: readonly Finding[]): string {
  if (findings.length <= MANY_FINDINGS) return '';
  const words = groupFindings(findings, 'ruleId').map((group) => `${group.findings.length} ${safeText(group.name)}`);
  return `By rule: ${words.join(', ')}`;
}

/** Blocks of more than one line have an empty line around them. */
function spaced(blocks: readonly (readonly string[])[]): readonly string[] {
  return blocks.flatMap((block, index) => {
    const apart = block.length > 1 || (blocks[index - 1]?.length ?? 0) > 1;
    return index > 0 && apart ? ['', ...block] : block;
  });
}

function placeInFile({ line, column }: Finding): string {
  return `${line}:${column}`;
}

function findingBlock(
  finding: Finding,
  where: string,
  lines: readonly string[],
  width: number,
  paint: Paint,
): readonly string[] {
  const place = paint('bold', where);
  const severity = paint(SEVERITY_COLOUR[finding.severity], finding.severity);
  const head = `${place} ${severity} ${safeText(finding.message)} ${paint('dim', `[${safeText(finding.ruleId)}]`)}`;
  const advice = adviceOf(finding);
  const hint = advice === undefined ? [] : [`      ${safeText(advice)}`];
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
    if (resource !== undefined && (resource.kind.endsWith('Secret') || isSecretKind(resource.kind))) return [];
    const lines = known.get(path) ?? splitQuotable(sources(path) ?? '');
    known.set(path, lines);
    return lines;
  };
}

function splitQuotable(source: string): readonly string[] {
  return mayBeQuoted(source) ? source.split(/\r\n|\n|\r/) : [];
}
