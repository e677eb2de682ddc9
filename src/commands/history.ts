import { type AuditEntry, auditCommit, claimsBump } from '../editing/audit.ts';
import { parseTrailers, trailerValues } from '../editing/trailers.ts';
import { ToolError } from '../errors.ts';
import type { Forge, Head, LoggedCommit } from '../forges/forge-client.ts';
import { isImageProblem, normaliseImageName, parseImageRef } from '../image/image-ref.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { pathFilter } from '../manifests/path-filter.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { withLinkedRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { historyTable } from './history-table.ts';
import { parseImageNames } from './image-names.ts';
import { type Period, parsePeriod } from './period.ts';
import { describeMerge, filesAround } from './rolling-back.ts';
import { count } from './words.ts';

/** Commits that are read at once. */
const PAGE = 200;
/** Commits of a branch that are looked through. */
const SEARCHED = 5_000;
/** Commit times of one branch may be this much out of order, milliseconds. */
const CLOCK_SKEW = 24 * 60 * 60 * 1000;

interface Wanted {
  readonly period: Period;
  /** Normalised; empty for all. */
  readonly images: ReadonlySet<string>;
  readonly isMeant: (path: string) => boolean;
  readonly limit: number;
}

interface Trail {
  readonly entries: readonly AuditEntry[];
  readonly searched: number;
  /** Why there may be more bumps than these; absent at the beginning of the branch. */
  readonly cut?: string;
}

/** Reads the audit trail of a branch: the bumps that its commits are, and what they say about where they come from. */
export async function history(inputs: InputValues<'history'>, context: CommandContext): Promise<Outcome> {
  const wanted = readWanted(inputs, context.host.clock.now());
  return withLinkedRepository(inputs, context, async (forge) => {
    const head = await forge.repository.head(inputs.baseBranch);
    return outcomeOf(await readTrail(forge, head, wanted, context.host.signal), head, forge.location);
  });
}

function readWanted(inputs: InputValues<'history'>, now: number): Wanted {
  const { files, limit } = inputs;
  if (limit === 0) throw new ToolError('input', 'limit: 0 would show nothing', { hint: 'Give 1 or more.' });
  return {
    period: parsePeriod(inputs, now),
    images: new Set(parseImageNames(inputs.images).map(normaliseImageName)),
    isMeant: files.length === 0 ? () => true : pathFilter(files),
    limit,
  };
}

async function readTrail(forge: Forge, head: Head, wanted: Wanted, signal: AbortSignal): Promise<Trail> {
  const { since = Number.NEGATIVE_INFINITY } = wanted.period;
  const entries: AuditEntry[] = [];
  let searched = 0;
  for (let from: string | undefined = head.revision; from !== undefined; ) {
    const page: readonly LoggedCommit[] = await forge.repository.log({ from, limit: PAGE });
    for (const commit of page) {
      signal.throwIfAborted();
      searched++;
      const entry = await entryOf(forge, commit, wanted);
      if (entry !== undefined) entries.push(entry);
      if (entries.length >= wanted.limit) return { entries, searched, cut: 'older ones are not shown; raise limit' };
      if (commit.committedAt < since - CLOCK_SKEW) return { entries, searched };
    }
    if (searched >= SEARCHED) return { entries, searched, cut: 'older commits were not read; give until' };
    from = page.at(-1)?.parents[0];
  }
  return { entries, searched };
}

/** Undefined for what is no bump, and for one that was not asked for. */
async function entryOf(forge: Forge, logged: LoggedCommit, wanted: Wanted): Promise<AuditEntry | undefined> {
  if (!isWithin(logged, wanted.period)) return undefined;
  const commit = await describeMerge(forge, logged);
  if (!claimsBump(commit.message) || !concerns(commit, wanted.images)) return undefined;
  const { parent, commit: after } = await filesAround(forge, commit);
  if (![...parent, ...after].some(({ path }) => wanted.isMeant(path))) return undefined;
  const entry = auditCommit(commit, parent, after);
  return { ...entry, changes: entry.changes.filter(({ file }) => wanted.isMeant(file)) };
}

function isWithin({ committedAt }: LoggedCommit, { since, until }: Period): boolean {
  return (since === undefined || committedAt >= since) && (until === undefined || committedAt <= until);
}

function concerns({ message }: LoggedCommit, images: ReadonlySet<string>): boolean {
  const named = trailerValues(parseTrailers(message), 'Image').map(parseImageRef);
  return images.size === 0 || named.some((ref) => !isImageProblem(ref) && images.has(normaliseImageName(ref)));
}

function outcomeOf({ entries, searched, cut }: Trail, { branch }: Head, location: string): Outcome {
  const where = `${branch} of ${location}`;
  const doubtful = entries.filter(({ doubt }) => doubt !== undefined).length;
  const bumps = count(entries.length - doubtful, 'bump');
  return {
    result: 'ok',
    exitCode: EXIT_CODE.ok,
    outputs: { history: JSON.stringify(entries.map(recordOf)) },
    findings: [],
    edits: [],
    targets: [],
    tables: [historyTable(entries)],
    headline: `${bumps} on ${where} in ${count(searched, 'commit')}${cut === undefined ? '' : `; ${cut}`}`,
    notes: doubtful === 0 ? [] : [`${count(doubtful, 'commit')} with the trailers of a bump did something else.`],
  };
}

function recordOf(entry: AuditEntry): object {
  const { committedAt, doubt = null, ...others } = entry;
  return { ...others, committedAt: new Date(committedAt).toISOString(), isBump: doubt === null, reason: doubt };
}
