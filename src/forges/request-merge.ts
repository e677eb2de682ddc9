import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { ChangeRequest, MergeMethod, MergeResult, RequestsRole, Revision } from './forge-client.ts';
import { parseMarker } from './request-marker.ts';

/** How long a forge may take to find out whether a request can be merged, before that is told as it is. */
const UNDECIDED_FOR = 60_000;
const FIRST_POLL = 2_000;
const LONGEST_POLL = 15_000;

export interface Merging {
  readonly method: MergeMethod;
  readonly head: Revision;
  readonly message: string;
}

/** Has the forge merge the request when its conditions hold. Asks again while it is undecided, for a minute. */
export async function armMerge(
  requests: RequestsRole,
  number: number,
  { method, head, message }: Merging,
  host: Host,
): Promise<MergeResult> {
  const deadline = host.clock.monotonic() + UNDECIDED_FOR;
  for (let pause = FIRST_POLL; ; pause = Math.min(LONGEST_POLL, pause * 2)) {
    const result = await requests.merge(number, method, head, message);
    if (result.kind !== 'not-yet' || host.clock.monotonic() + pause >= deadline) return result;
    await host.clock.sleep(pause, host.signal);
  }
}

export type Merge =
  | { readonly kind: 'merged'; readonly revision: Revision; readonly request: ChangeRequest }
  | { readonly kind: 'closed'; readonly by: 'person' | 'us'; readonly request: ChangeRequest }
  /** Still open at the deadline; `problem` where it could not even be read. */
  | { readonly kind: 'timed-out'; readonly request?: ChangeRequest; readonly problem?: string };

export interface MergeWait {
  readonly requests: RequestsRole;
  readonly number: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Called before each reading while the request is open, for what is not decided yet. */
  readonly onOpen?: (request: ChangeRequest) => Promise<void>;
  readonly host: Host;
}

/** Reads the request until it is merged (and its commit is on the base branch) or closed, or the time is up. */
export async function awaitMerge(wait: MergeWait): Promise<Merge> {
  const { host, timeout } = wait;
  const deadline = host.clock.monotonic() + timeout;
  let seen: Seen = {};
  for (let pause = FIRST_POLL; ; pause = Math.min(LONGEST_POLL, pause * 1.5)) {
    seen = await look(wait, seen);
    if (seen.end !== undefined) return seen.end;
    const left = deadline - host.clock.monotonic();
    if (left <= 0) return timedOut(seen);
    await host.clock.sleep(Math.min(pause, left), host.signal);
  }
}

interface Seen {
  readonly request?: ChangeRequest;
  readonly problem?: string;
  readonly end?: Merge;
}

/** A server that cannot be reached for a moment is asked again. */
async function look({ requests, number, onOpen, host }: MergeWait, before: Seen): Promise<Seen> {
  try {
    const request = await requests.read(number);
    const end = endOf(request);
    if (end === undefined && request.state === 'open') await onOpen?.(request);
    return { request, ...(end === undefined ? {} : { end }) };
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'temporary') throw error;
    host.log.debug(`Reading the request again: ${error.message}`);
    return { ...before, problem: error.message };
  }
}

function endOf(request: ChangeRequest): Merge | undefined {
  const { state, mergedRevision, body } = request;
  if (state === 'merged') {
    return mergedRevision === undefined ? undefined : { kind: 'merged', revision: mergedRevision, request };
  }
  if (state === 'open') return undefined;
  return { kind: 'closed', by: parseMarker(body)?.superseded === true ? 'us' : 'person', request };
}

function timedOut({ request, problem }: Seen): Merge {
  return {
    kind: 'timed-out',
    ...(request === undefined ? {} : { request }),
    ...(problem === undefined ? {} : { problem }),
  };
}
