import { printResource } from '../manifests/resource.ts';
import type { ObjectDifference } from '../rendering/object-difference.ts';
import { codeFence, codeSpan, safeText } from './foreign-text.ts';
import { type Block, row, tableHead } from './markdown.ts';
import type { Colour, Paint } from './paint.ts';

/** Lines of one object that are shown; a whole new CRD would leave no room for anything else. */
const MOST_LINES = 200;
/** Lines of all objects together on a screen. */
const SCREEN_LINES = 2_000;

const COLOURS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '@': 'dim' };
const SIGNS: Readonly<Record<ObjectDifference['change'], string>> = { added: '+', removed: '-', changed: '±' };

/** Each object with what differs in it; what goes beyond the room is counted. */
export function differenceLines(differences: readonly ObjectDifference[], paint: Paint): readonly string[] {
  const lines: string[] = [];
  for (const [index, difference] of differences.entries()) {
    if (lines.length > SCREEN_LINES) {
      return [...lines, '', `… and ${differences.length - index} more objects; format json names all of them`];
    }
    const body = shortened(difference).map(({ sign, text }) => {
      const colour = COLOURS[sign];
      const line = `    ${sign} ${safeText(text)}`.trimEnd();
      return colour === undefined ? line : paint(colour, line);
    });
    lines.push(...(index > 0 ? [''] : []), paint('bold', titleOf(difference)), ...body);
  }
  return lines;
}

/** An index of all objects, then each with what differs in it. */
export function differenceBlocks(differences: readonly ObjectDifference[]): readonly Block[] {
  if (differences.length === 0) return [];
  const index = differences.map(({ change, resource, unit }) =>
    row([change, codeSpan(printResource(resource)), unit === '' ? '' : codeSpan(unit)]),
  );
  const details = differences.map((difference): Block => ({ head: ['', foldedDifference(difference)] }));
  return [{ head: tableHead('Objects', ['Change', 'Object', 'Rendered by']), rows: index }, ...details];
}

/** One object with what differs in it, as Markdown that shows its title until somebody opens it. */
export function foldedDifference(difference: ObjectDifference): string {
  const text = shortened(difference).map((line) => `${line.sign === '@' ? '@@ ' : line.sign}${line.text}`);
  const summary = `<details><summary>${htmlText(titleOf(difference))}</summary>`;
  return [summary, '', codeFence(text.join('\n'), 'diff'), '', '</details>'].join('\n');
}

function shortened({ lines }: ObjectDifference): ObjectDifference['lines'] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), { sign: '@', text: `${lines.length - MOST_LINES} more lines` }];
}

function titleOf({ change, resource, unit }: ObjectDifference): string {
  return safeText(`${SIGNS[change]} ${printResource(resource)}${unit === '' ? '' : ` (${unit})`}`);
}

function htmlText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,/()+±-]/gu, (character) => `&#${character.codePointAt(0)};`);
}
