import { ToolError } from '../../errors.ts';
import type {
  Forge,
  ForgeAccess,
  ForgeDefinition,
  Relation,
  RepositoryAddress,
  RepositoryRole,
} from '../forge-client.ts';
import { commitChange } from './commit.ts';
import { deleteBranch } from './delete-branch.ts';
import { findRelation, readChangedPaths, readLog } from './history.ts';
import { readHead } from './references.ts';
import { readSnapshot } from './snapshot.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** How long "not known" is believed: long enough for a stream of events, short enough for a fetch to help soon. */
const UNKNOWN_FOR = 5_000;

const WORDS = { pullRequest: 'pull request' } as const;

/** Any host that speaks Git, through the git program: paths, https, ssh. No pages, requests or statuses. */
export const gitForge: ForgeDefinition = {
  id: 'git',
  displayName: 'Git',
  words: WORDS,
  matches: () => false,
  connect: async (address, access) => connectGit(address, access),
};

/** Reaches for nothing yet: the first question to the repository does. @throws ToolError input */
function connectGit(address: RepositoryAddress, access: ForgeAccess): Forge {
  const workspace = createWorkspace(address, access);
  return {
    id: 'git',
    location: workspace.location,
    words: WORDS,
    repository: repositoryRole(workspace, access),
    close: workspace.close,
  };
}

function repositoryRole(workspace: Workspace, { author }: ForgeAccess): RepositoryRole {
  return {
    head: (branch) => workspace.alone(() => readHead(workspace, branch)),
    readFiles: (wanted, revision) => workspace.alone(() => readSnapshot(workspace, wanted, revision)),
    commit: (branch, change, expected, parent) =>
      workspace.alone(() =>
        commitChange(workspace, {
          branch,
          change,
          expected,
          ...(parent === undefined ? {} : { parent }),
          ...(author === undefined ? {} : { author }),
        }),
      ),
    deleteBranch: (branch, expected) => workspace.alone(() => deleteBranch(workspace, branch, expected)),
    changedPaths: (revision) => workspace.alone(() => readChangedPaths(workspace, revision)),
    log: (query) => workspace.alone(() => readLog(workspace, query)),
    relation: rememberedRelation(workspace),
  };
}

/** How two commits stand to each other never changes, so it is found out once. */
function rememberedRelation(workspace: Workspace): RepositoryRole['relation'] {
  const known = new Map<string, { readonly relation: Relation; readonly until: number }>();
  return (revision, wanted) =>
    workspace.alone(async () => {
      const pair = `${revision} ${wanted}`;
      const now = workspace.host.clock.monotonic();
      const remembered = known.get(pair);
      if (remembered !== undefined && now < remembered.until) return remembered.relation;
      const relation = await relationOrUnknown(workspace, revision, wanted);
      known.set(pair, { relation, until: relation === 'unknown' ? now + UNKNOWN_FOR : Number.POSITIVE_INFINITY });
      return relation;
    });
}

/** A server that cannot be reached for a moment makes the answer unknown; a denial is told. */
async function relationOrUnknown(workspace: Workspace, revision: string, wanted: string): Promise<Relation> {
  try {
    return await findRelation(workspace, revision, wanted);
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'temporary') throw error;
    workspace.host.log.debug(`How ${revision} stands to ${wanted} is not known yet: ${error.message}`);
    return 'unknown';
  }
}
