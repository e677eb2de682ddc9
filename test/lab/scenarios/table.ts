import type { Row } from './scenario.ts';

/** The rows as a Markdown table, one after the other. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['on', 'scenario', 'expected', 'verdict', 'seconds', 'what the usual clients said', ''];
  const lines = rows.map((row) => [
    row.version,
    row.scenario,
    row.expected,
    row.skipped === undefined ? row.verdict : `skipped, ${row.skipped}`,
    row.skipped === undefined ? row.seconds.toFixed(1) : '',
    row.other,
    row.skipped !== undefined || row.problem === '' ? '' : 'FAILED',
  ]);
  const widths = head.map((cell, column) => Math.max(cell.length, ...lines.map((line) => (line[column] ?? '').length)));
  const draw = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [draw(head), draw(widths.map((width) => '-'.repeat(width))), ...lines.map(draw)].join('\n');
}

export function tally(rows: readonly Row[]): { passed: number; failed: number; skipped: number } {
  const skipped = rows.filter((row) => row.skipped !== undefined).length;
  const failed = rows.filter((row) => row.skipped === undefined && row.problem !== '').length;
  return { passed: rows.length - skipped - failed, failed, skipped };
}
