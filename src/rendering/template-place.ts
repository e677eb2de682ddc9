import type { Finding } from '../validation/finding.ts';
import type { RenderedObject } from './unit.ts';

/**
 * Where a template most likely writes something: the line of the last key of the pointer that stands there once only, below
 * the kind of the object; else the line of the kind. A template has no other connection to what comes out of it.
 */
export function placeInTemplate(
  text: string,
  { resource }: RenderedObject,
  parts: readonly string[],
): Pick<Finding, 'line' | 'column'> {
  const lines = text.split('\n');
  const kind = kindLine(lines, resource.kind);
  const end = lines.findIndex((line, index) => index > kind && /^---/.test(line));
  const keys = parts.filter((part) => !/^\d+$/.test(part));
  for (const key of keys.reverse()) {
    const found = linesOf(lines, key).filter((line) => line >= kind && (end < 0 || line < end));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return placeAt(lines, only);
  }
  return placeAt(lines, kind);
}

function kindLine(lines: readonly string[], kind: string): number {
  const pattern = new RegExp(`^\\s*kind:\\s*["']?${kind.replace(/[^A-Za-z0-9]/g, '')}["']?\\s*(#.*)?$`);
  return Math.max(
    0,
    lines.findIndex((line) => pattern.test(line)),
  );
}

function linesOf(lines: readonly string[], key: string): readonly number[] {
  return lines.flatMap((line, index) => {
    const written = line.replace(/^\s*(-\s+)?/, '');
    return written.startsWith(`${key}:`) || written.startsWith(`"${key}":`) ? [index] : [];
  });
}

function placeAt(lines: readonly string[], index: number): Pick<Finding, 'line' | 'column'> {
  const line = lines[index] ?? '';
  return { line: index + 1, column: line.length - line.trimStart().length + 1 };
}
