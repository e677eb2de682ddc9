import type { Section } from '../forges/request-types.ts';
import type { ObjectDifference } from '../rendering/object-difference.ts';
import { foldedDifference } from '../reporting/differences.ts';
import { safeMarkdown } from '../reporting/foreign-text.ts';
import { count } from './words.ts';

/** Room for the sentence about what is left out. */
const REST = 150;
/** More are counted by the notes. */
const MOST_BROKEN = 2;

/**
 * The paragraph of a request about what the change does to what the files render to: each object folded, while there is
 * room, then how many are left out.
 * @param notes what was rendered, and by what; sentences of our own without a full stop
 * @param broken sentences about what the change keeps from being built; they may hold foreign text
 */
export function renderedSection(
  differences: readonly ObjectDifference[],
  notes: readonly string[],
  broken: readonly string[] = [],
): Section {
  return (room) => {
    const problems = broken.slice(0, MOST_BROKEN).map((text) => `- ${safeMarkdown(text, 200)}`);
    const head = [`Rendered before and after (${notes.join('; ')}): ${summary(differences)}.`, ...problems].join('\n');
    let left = room - REST - Buffer.byteLength(head);
    const shown: string[] = [];
    for (const difference of differences) {
      const text = foldedDifference(difference);
      left -= Buffer.byteLength(text) + 2;
      if (left < 0) break;
      shown.push(text);
    }
    const rest = differences.length - shown.length;
    const more = rest === 0 ? [] : [`_${count(rest, 'more object')} not shown here: a description takes no more._`];
    return [head, ...shown, ...more].join('\n\n');
  };
}

function summary(differences: readonly ObjectDifference[]): string {
  if (differences.length === 0) return 'no object differs';
  const words = (['added', 'removed', 'changed'] as const).flatMap((word) => {
    const number = differences.filter(({ change }) => change === word).length;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  return `${count(differences.length, 'object')} ${differences.length === 1 ? 'differs' : 'differ'}, ${words.join(', ')}`;
}
