const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NO_WIDTH = /[\p{M}\p{Cf}]/u;

/** Columns that the text takes in a terminal, without escape sequences in it. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

export type Align = 'left' | 'right';

/** One table cell: what it says, and how it is painted after its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Rows of equal columns, two spaces apart, with no white space at a line's end. */
export function layOut(rows: readonly (readonly Cell[])[], align: readonly Align[] = []): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell.text));
    });
  }
  return rows.map((row) => layOutRow(row, widths, align));
}

function layOutRow(row: readonly Cell[], widths: readonly number[], align: readonly Align[]): string {
  const cells = row.map((cell, index) => {
    const space = ' '.repeat((widths[index] ?? 0) - displayWidth(cell.text));
    const text = cell.paint?.(cell.text) ?? cell.text;
    if (align[index] === 'right') return space + text;
    return index === row.length - 1 ? text : text + space;
  });
  return cells.join('  ').trimEnd();
}

/** The text in lines of at most `width` columns, broken at spaces only: a path or an image is never cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

export function indent(lines: readonly string[], by: string): readonly string[] {
  return lines.map((line) => (line === '' ? '' : by + line));
}
