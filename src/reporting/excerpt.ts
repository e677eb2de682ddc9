import type { Finding } from '../validation/finding.ts';
import { hasSecretName, mayHoldSecrets } from '../validation/secrets.ts';
import { safeText } from './foreign-text.ts';
import { displayWidth } from './layout.ts';

/** A source line as it can be shown, and what to put under it. */
export interface Excerpt {
  readonly line: string;
  readonly marker: string;
}

const ENCRYPTED = /^\s*["']?sops["']?\s*:/m;

/** A patch of JSON does not say of which kind the object is that it changes. */
const OPERATION = /\bop["']?\s*:/;
const INTO_DATA = /\bpath["']?\s*:\s*["']?\/data\b/;

/** False for a file in which values of Secrets may stand, or that SOPS encrypts: none of its lines is repeated in a log. */
export function mayBeQuoted(source: string): boolean {
  const isPatch = OPERATION.test(source) && INTO_DATA.test(source);
  return !mayHoldSecrets(source) && !ENCRYPTED.test(source) && !isPatch;
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
  const found = WITH_SECRETS.get(lines) ?? linesWithSecrets(lines);
  WITH_SECRETS.set(lines, found);
  return found.has(index);
}

/** Each file is looked through once, however many findings it has. */
const WITH_SECRETS = new WeakMap<readonly string[], ReadonlySet<number>>();

function linesWithSecrets(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  const above: { readonly depth: number; readonly isSecret: boolean }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const depth = indentation(line);
    while ((above.at(-1)?.depth ?? -1) >= depth) above.pop();
    const isBelow = above.at(-1)?.isSecret === true;
    const isNamed = hasSecretName(line);
    if (isBelow) found.add(index);
    if (isNamed) for (const near of [index - 1, index, index + 1]) found.add(near);
    above.push({ depth, isSecret: isBelow || isNamed });
  }
  return found;
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
