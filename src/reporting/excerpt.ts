import type { Finding } from '../validation/finding.ts';
import { safeText } from './foreign-text.ts';
import { displayWidth } from './layout.ts';

/** A source line as it can be shown, and what to put under it. */
export interface Excerpt {
  readonly line: string;
  readonly marker: string;
}

const SECRET_OBJECT = /["']?kind["']?\s*:\s*["']?\w*Secret|^\s*["']?sops["']?\s*:/m;
const SECRET_WORD = /passw|passphrase|pwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|ENC\[/i;

/** False for a file that holds a Secret or is encrypted by SOPS: none of its lines may be repeated in a log. */
export function mayBeQuoted(source: string): boolean {
  return !SECRET_OBJECT.test(source);
}

/**
 * The line that a finding is about, with a marker below its columns. Tabs become spaces, a long line shows the part around
 * the column, and a line that stands with a secret's name (on it, beside it, or above it) is not shown at all.
 */
export function excerpt(finding: Finding, lines: readonly string[], width: number): Excerpt | undefined {
  const line = lines[finding.line - 1];
  if (line === undefined || line.trim() === '' || standsWithSecret(lines, finding.line - 1)) return undefined;
  const column = Math.min(Math.max(finding.column, 1), line.length + 1) - 1;
  const start = column < width * 0.7 ? 0 : column - Math.floor(width * 0.4);
  const shown = line.slice(start, start + width);
  const marked = line.slice(column, Math.min(endOf(finding, column), start + width));
  return {
    line: clean(shown).trimEnd(),
    marker:
      ' '.repeat(displayWidth(clean(line.slice(start, column)))) + '^'.repeat(Math.max(1, displayWidth(clean(marked)))),
  };
}

function endOf(finding: Finding, column: number): number {
  const sameLine = finding.endLine === undefined || finding.endLine === finding.line;
  return sameLine && finding.endColumn !== undefined ? finding.endColumn - 1 : column + 1;
}

function clean(text: string): string {
  return safeText(text.replaceAll('\t', '    '));
}

/** Beside a line with a secret's name, or below a key with one, by its indentation. */
function standsWithSecret(lines: readonly string[], index: number): boolean {
  if ([index - 1, index, index + 1].some((near) => SECRET_WORD.test(lines[near] ?? ''))) return true;
  const below = BELOW_SECRETS.get(lines) ?? belowSecrets(lines);
  BELOW_SECRETS.set(lines, below);
  return below.has(index);
}

/** Each file is looked through once, however many findings it has. */
const BELOW_SECRETS = new WeakMap<readonly string[], ReadonlySet<number>>();

function belowSecrets(lines: readonly string[]): ReadonlySet<number> {
  const below = new Set<number>();
  const above: { readonly depth: number; readonly isSecret: boolean }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const depth = indentation(line);
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    const isBelow = above.at(-1)?.isSecret === true;
    if (isBelow) below.add(index);
    above.push({ depth, isSecret: isBelow || SECRET_WORD.test(line) });
  }
  return below;
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
