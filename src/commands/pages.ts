import type { Forge } from '../forges/forge-client.ts';
import type { Outcome } from '../outcome.ts';
import { revisionOf } from '../reporting/words.ts';

const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * The outcome with the pages of the commits and places that it names, where the forge has pages. A place is shown as the
 * change left it; in a dry run there is no such commit, and so it is shown as it was read.
 */
export function withPages(outcome: Outcome, { links }: Pick<Forge, 'links'>): Outcome {
  if (links === undefined) return outcome;
  const { edits, outputs, targets, tables = [] } = outcome;
  const written = outputs.revision || outputs['head-revision'] || '';
  const named = [written, ...targets.map(revisionOf), ...tables.flatMap(({ revisions = [] }) => revisions)];
  const commits = named.filter((revision) => COMMIT.test(revision)).map((id) => [id, links.commit(id)] as const);
  const places = COMMIT.test(written)
    ? edits.map(({ path, line }) => [`${path}:${line}`, links.file(path, written, line)] as const)
    : [];
  return { ...outcome, pages: { commits: Object.fromEntries(commits), places: Object.fromEntries(places) } };
}
