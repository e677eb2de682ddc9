import type { AuditEntry } from '../editing/audit.ts';
import { isImageProblem, parseImageRef, printImageRef } from '../image/image-ref.ts';
import type { Table } from '../outcome.ts';
import { count, short } from './words.ts';

/** One row per image that a bump moved, and one for a commit that is none. */
export function historyTable(entries: readonly AuditEntry[]): Table {
  return {
    title: 'Bumps',
    columns: ['WHEN', 'COMMIT', 'CHANGE', 'WHERE', 'WHO', 'SOURCE', 'PIPELINE'],
    rows: entries.flatMap(rowsOf),
    revisions: entries.map(({ revision }) => revision),
  };
}

function rowsOf(entry: AuditEntry): readonly (readonly string[])[] {
  const { revision, author, committedAt, sourceCommit = '', pipelineUrl = '' } = entry;
  const when = `${new Date(committedAt).toISOString().slice(0, 16).replace('T', ' ')}Z`;
  const behind = [author.replace(/ <[^>]*>$/, ''), short(sourceCommit), pipelineUrl];
  return whatOf(entry).map(([change, where], index) =>
    index === 0 ? [when, short(revision), change, where, ...behind] : ['', '', change, where],
  );
}

function whatOf({ doubt, changes, rollsBack }: AuditEntry): readonly (readonly [string, string])[] {
  if (doubt !== undefined) return [[`not a bump: ${doubt}`, '']];
  const undone = rollsBack === undefined ? '' : ` (rolls back ${short(rollsBack)})`;
  const groups = Map.groupBy(changes, (change) => `${changeWords(change)}${undone}`);
  return [...groups].map(([words, group]) => {
    const files = [...new Set(group.map(({ file }) => file))];
    return [words, files.length === 1 ? (files[0] ?? '') : count(files.length, 'file')];
  });
}

function changeWords({ image, place, old, new: next }: AuditEntry['changes'][number]): string {
  if (image === undefined) return `${place}: ${old === '' ? '(none)' : old} -> ${next}`;
  return `${image} ${versionOf(old, image)} -> ${versionOf(next, image)}`;
}

/** What stands behind the name; the whole reference where the name is another one. */
function versionOf(reference: string, image: string): string {
  const ref = parseImageRef(reference);
  if (isImageProblem(ref)) return '(none)';
  const whole = printImageRef(ref);
  return whole.startsWith(image) ? whole.slice(image.length).replace(/^:/, '') || '(none)' : whole;
}
