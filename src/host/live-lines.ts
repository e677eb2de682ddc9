import type { LiveLines } from '../host.ts';
import { displayWidth } from '../reporting/layout.ts';
import type { Redactor } from '../reporting/redact.ts';

/** A terminal that understands the control sequences of ECMA-48. */
export interface Terminal {
  readonly columns: () => number;
  readonly rows: () => number;
  readonly write: (text: string) => void;
}

export interface Drawn extends LiveLines {
  /** Prints a line above those that are drawn. */
  above(line: string): void;
}

const PAINT = /\x1b\[\d+m/g;

/** Lines at the end of the log that are drawn anew in place: the cursor goes up to the first, and all below it is erased. */
export function liveLines({ columns, rows, write }: Terminal, { redact }: Redactor): Drawn {
  let drawn: readonly string[] = [];
  /** A line that was drawn before the terminal became narrower takes several rows now. */
  const height = () =>
    drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line.replace(PAINT, '')) / columns())), 0);
  const erase = () => (drawn.length === 0 ? '' : `\x1b[${height()}A\r\x1b[J`);
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    size: () => ({ columns: columns(), rows: rows() }),
    draw(lines) {
      const next = lines.map(redact);
      write(erase() + text(next));
      drawn = next;
    },
    release() {
      drawn = [];
    },
    above(line) {
      write(erase() + text([line, ...drawn]));
    },
  };
}
