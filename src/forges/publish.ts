import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Change, Forge, Head, Revision, Snapshot } from './forge-client.ts';
import { type Conflict, race, type Tried } from './race.ts';

/** What `plan` decided for one head. */
export type Planned = { readonly kind: 'change'; readonly change: Change } | { readonly kind: 'nothing' };

export interface PublishRequest {
  readonly host: Host;
  /** Not given: the remote's default branch, as it is at the first reading. */
  readonly branch?: string;
  readonly wanted: (path: string) => boolean;
  /** Called anew for every head, so that it never decides on old files. What it throws passes through. */
  readonly plan: (snapshot: Snapshot, head: Head) => Planned | Promise<Planned>;
  /** Milliseconds of losing races until it gives up. */
  readonly conflictTimeout: number;
  /** False for a dry run: one reading, one plan, nothing written. */
  readonly write: boolean;
  readonly onConflict?: (text: string) => void;
}

export interface Published {
  /** Something was written; in a dry run: the plan holds a change. */
  readonly changed: boolean;
  /** The commit that was made, or the head that was read. */
  readonly revision: Revision;
  readonly branch: string;
  readonly change?: Change;
  /** What the last plan was made from. */
  readonly snapshot: Snapshot;
  /** Plans made, from 1. */
  readonly attempts: number;
}

/**
 * Reads the head and its files, plans, and commits expecting that head. When the branch has moved, all of it is done again
 * after a random pause: nothing is ever merged, rebased or forced, so nobody's commit is lost.
 * @throws ToolError temporary after `conflictTimeout` of lost races, with nothing written; and what forge and plan throw
 */
export async function publish(forge: Forge, request: PublishRequest): Promise<Published> {
  let branch = request.branch;
  return race({
    host: request.host,
    conflictTimeout: request.conflictTimeout,
    ...(request.onConflict === undefined ? {} : { onConflict: request.onConflict }),
    attempt: async (attempt) => {
      const tried = await tryOnce(forge, { ...request, ...(branch === undefined ? {} : { branch }) }, attempt);
      if ('conflict' in tried) branch = tried.branch;
      return tried;
    },
    lost: (conflict, attempts) => lostRaces(forge, conflict, attempts),
  });
}

async function tryOnce(forge: Forge, request: PublishRequest, attempts: number): Promise<Tried<Published>> {
  const { repository } = forge;
  const head = await repository.head(request.branch);
  const snapshot = await repository.readFiles(request.wanted, head.revision);
  const planned = await request.plan(snapshot, head);
  const read = { revision: head.revision, branch: head.branch, snapshot, attempts };
  if (planned.kind === 'nothing') return { won: { ...read, changed: false } };
  const { change } = planned;
  if (!request.write) return { won: { ...read, changed: true, change } };
  const result = await repository.commit(head.branch, change, head.revision);
  if (result.kind === 'conflict') return { conflict: result.reason, branch: head.branch };
  return { won: { ...read, changed: true, change, revision: result.revision } };
}

/** The error of a race that was lost for too long. */
export function lostRaces(forge: Forge, { conflict, branch }: Conflict, attempts: number): ToolError {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  const text = `Branch ${branch} of ${forge.location} moved ${times} while the change was made; the last time: ${conflict}.`;
  return new ToolError('temporary', text, {
    hint: 'Nothing was written. Run this again, or raise conflict-timeout.',
  });
}
