import { oneLine } from '../editing/trailers.ts';
import type { Change, LoggedCommit } from './forge-client.ts';
import type { Section } from './request-types.ts';

/** GitHub takes 65,536 characters (https://github.com/orgs/community/discussions/27190), the others more. */
const LONGEST = 60_000;
/** What is kept for a paragraph that goes by the room that is left. */
const SMALLEST_ROOM = 1_000;

export interface BodyParts {
  readonly change: Change;
  /** Further paragraphs. */
  readonly sections: readonly Section[];
  /** Sentences about other requests; they may hold foreign text. */
  readonly notes: readonly string[];
  /** `pull request`, `merge request`. */
  readonly word: string;
}

/** The description of a request, without its marker: what changes, what is known about it, and how to undo it. */
export function requestText({ change, sections, notes, word }: BodyParts): string {
  const kept = SMALLEST_ROOM * sections.filter((section) => typeof section === 'function').length;
  const ends = [...notes.map((note) => `- ${plainText(note)}`), howToUndo(word)];
  const fixed = [...sections.filter((section) => typeof section === 'string'), ...ends];
  const table = cutLines(change.body.trim(), LONGEST - kept - sizeOf(fixed));
  let room = LONGEST - sizeOf([table, ...fixed]);
  const paragraphs = sections.map((section) => {
    const text = typeof section === 'string' ? section : section(room);
    room -= typeof section === 'string' ? 0 : sizeOf([text]);
    return text;
  });
  return [table, ...paragraphs, ...ends].join('\n\n');
}

function sizeOf(paragraphs: readonly string[]): number {
  return paragraphs.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0);
}

function howToUndo(word: string): string {
  return [
    `To undo it after the merge: \`drawbridge rollback --commit <the merged commit>\`, which writes the old values back and refuses where one has changed since.`,
    `A newer version updates this ${word} in place. Commits that somebody else pushes to its branch are kept.`,
  ].join('\n');
}

/** The description made from the commit alone, where the run that made it did not live to write one. */
export function textOfCommit({ message }: LoggedCommit): string {
  const lines = message
    .trimEnd()
    .split('\n')
    .map((line) => `${line.startsWith('  ') ? '- ' : ''}${oneLine(line, 500)}`.replaceAll('```', "'''"));
  return `\`\`\`text\n${cutLines(lines.join('\n'), LONGEST)}\n\`\`\``;
}

export function titleOfCommit({ message }: LoggedCommit): string {
  return message.split('\n', 1)[0] ?? '';
}

function cutLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.lastIndexOf('\n', limit - 20);
  return `${text.slice(0, Math.max(cut, 0))}\n\nand more`;
}

/** Foreign text that means nothing in Markdown or HTML, and mentions nobody. */
function plainText(text: string): string {
  return oneLine(text, 500).replace(/[\\`*_{}[\]<>()#+!|~&@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
