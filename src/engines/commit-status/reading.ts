import type { CommitStatus, Relation, RepositoryRole, Revision, StatusesRole } from '../../forges/forge-client.ts';

/** The roles of a forge that the gate is given. */
export interface Sources {
  readonly repository: Pick<RepositoryRole, 'head' | 'log' | 'relation'>;
  readonly statuses: Pick<StatusesRole, 'list'>;
}

/** What was said about one commit. */
export interface Spoken {
  readonly revision: Revision;
  readonly statuses: readonly CommitStatus[];
}

export interface Reading {
  /** Newest first. */
  readonly spoken: readonly Spoken[];
  /** Present where the wanted commit is not on the branch. */
  readonly strayed?: Strayed;
}

export interface Strayed {
  /** The tip of the branch. */
  readonly head: Revision;
  /** The wanted commit stands on it, and may still come to the branch: it is pushed or merged only now, or was taken off. */
  readonly isBehind: boolean;
}

/** How commits stand to each other never changes, so that each is asked about once; the unknown is asked about again. */
export function rememberRelations(): (repository: Sources['repository']) => Sources['repository'] {
  const known = new Map<string, Relation>();
  return (repository) => ({
    ...repository,
    relation: async (revision, wanted) => {
      const key = `${revision} ${wanted}`;
      const relation = known.get(key) ?? (await repository.relation(revision, wanted));
      if (relation !== 'unknown') known.set(key, relation);
      return relation;
    },
  });
}

/** Commits of a branch that are looked through for descendants of the wanted one. */
const DEEPEST = 50;
/** Commits whose statuses are read at most: each costs up to three requests and one for each environment. */
const MOST_READ = 8;

/**
 * The wanted commit and its newest descendants on the branch, newest first, with what was said about each. Whoever delivers
 * tells only about the commits that it fetched, and passes over those between two pushes.
 * @throws ToolError denied, missing, temporary, protocol
 */
export async function readStatuses(
  { repository, statuses }: Sources,
  wanted: Revision,
  branch: string | undefined,
): Promise<Reading> {
  const head = await repository.head(branch);
  const isThere = head.revision === wanted || (await repository.relation(head.revision, wanted)) !== 'lacks';
  const newer = isThere ? await descendants(repository, wanted, head.revision) : [];
  const spoken = await Promise.all(
    [...newer, wanted].map(async (revision) => ({ revision, statuses: await statuses.list(revision) })),
  );
  if (isThere) return { spoken };
  const isBehind = (await repository.relation(wanted, head.revision)) !== 'lacks';
  return { spoken, strayed: { head: head.revision, isBehind } };
}

/**
 * Newest first, without the wanted one. A commit that takes the wanted one back is among them, since what is said about it is
 * about a descendant, too.
 */
async function descendants(
  repository: Sources['repository'],
  wanted: Revision,
  head: Revision,
): Promise<readonly Revision[]> {
  if (head === wanted) return [];
  const log = await repository.log({ from: head, limit: DEEPEST });
  const found: Revision[] = [];
  for (const { revision } of log) {
    if (revision === wanted || found.length === MOST_READ - 1) break;
    const relation = await repository.relation(revision, wanted);
    if (relation === 'lacks' || relation === 'unknown') break;
    found.push(revision);
  }
  return found;
}
