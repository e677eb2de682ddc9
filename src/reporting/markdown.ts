/** A part that stays whole, and rows after it of which the last may be left out. */
export interface Block {
  readonly head: readonly string[];
  readonly rows?: Iterable<string>;
}

/** Title and first two lines of a table. */
export function tableHead(
  title: string,
  names: readonly string[],
  rightAligned: readonly number[] = [],
): readonly string[] {
  const rule = names.map((_, index) => (rightAligned.includes(index) ? '---:' : '---'));
  return ['', `### ${title}`, '', row(names), row(rule)];
}

/** Cells that are Markdown already. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Only web addresses become links, in a form that can end neither the link nor the table cell. */
export function link(label: string, address: string): string {
  if (!URL.canParse(address) || !/^https?:\/\//i.test(address)) return label;
  const target = new URL(address).href.replace(
    /[()<>|`\\[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${label}](${target})`;
}

/**
 * Blocks in order while there is room; the first that does not fit gives up rows, or itself, and the note says so. Rows
 * that no longer fit are not asked for.
 * @param limit bytes, the note included
 */
export function fitBlocks(blocks: readonly Block[], limit: number, note: string): string {
  const parts: string[] = [];
  let room = limit - Buffer.byteLength(note);
  for (const part of partsOf(blocks)) {
    room -= Buffer.byteLength(part);
    if (room < 0) return parts.join('') + note;
    parts.push(part);
  }
  return parts.join('');
}

function* partsOf(blocks: readonly Block[]): Generator<string> {
  for (const { head, rows = [] } of blocks) {
    yield `${head.join('\n')}\n`;
    for (const line of rows) yield `${line}\n`;
  }
}
