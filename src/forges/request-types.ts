import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type {
  Change,
  ChangeRequest,
  Forge,
  Head,
  MergeMethod,
  MergeResult,
  RequestsRole,
  Revision,
  Snapshot,
} from './forge-client.ts';
import type { Published } from './publish.ts';
import type { Carried } from './request-plan.ts';

/** How the request should look; what the forge refuses of it is told in the log. */
export interface RequestOptions {
  /** Not given: `drawbridge/…`, made from the base branch and the group. */
  readonly branch?: string;
  /** Not given: the first line of the commit. */
  readonly title?: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly draft: boolean;
  readonly autoMerge: MergeMethod | 'off';
}

/** Markdown of our own; a function is given the bytes that all else leaves, a few hundred at the least. */
export type Section = string | ((room: number) => string);

/** What `plan` decided for one head of the base branch. */
export type RequestPlanned =
  | {
      readonly kind: 'change';
      readonly change: Change;
      /** See `groupOf`. */
      readonly group: string;
      /** What the places read after it. */
      readonly values: readonly string[];
      /** Further paragraphs of the description. */
      readonly sections: readonly Section[];
    }
  /** `group` where open requests of it are overtaken by what the base branch holds. */
  | { readonly kind: 'nothing'; readonly group?: string };

/** One commit of ours on a request's branch. */
export interface Proposal {
  readonly message: string;
  readonly paths: ReadonlySet<string>;
  readonly snapshot: Snapshot;
  /** The same files before it. */
  readonly before: () => Promise<Snapshot>;
}

export interface PublishByRequest {
  readonly host: Host;
  /** Not given: the remote's default branch. */
  readonly base?: string;
  readonly wanted: (path: string) => boolean;
  /** Called anew for every head. What it throws passes through. */
  readonly plan: (snapshot: Snapshot, head: Head, carried: Carried) => RequestPlanned | Promise<RequestPlanned>;
  /** Whether a branch reads the wanted values already. Throws where it has newer ones that must not be taken back. */
  readonly holds: (snapshot: Snapshot, head: Head) => boolean | Promise<boolean>;
  /** Whether a commit of ours proposes nothing but what this run decides about. */
  readonly covers: (message: string) => boolean;
  /** What else it proposes, or undefined where that cannot be proposed again exactly. */
  readonly carry: (proposal: Proposal) => Promise<Carried | undefined>;
  readonly options: RequestOptions;
  /** Milliseconds of losing races until it gives up. */
  readonly conflictTimeout: number;
  readonly onConflict?: (text: string) => void;
}

export interface RequestResult {
  readonly request: ChangeRequest;
  /** `declined`: a person closed it when it proposed these values, so it is not opened again. */
  readonly action: 'opened' | 'updated' | 'kept' | 'declined';
  /** The tip of its branch. */
  readonly head: Revision;
  /** The head is one commit of ours. */
  readonly ours: boolean;
  /** Whether this commit of the base branch reads the wanted values, by a fresh read. */
  readonly holdsAt: (revision: Revision) => Promise<boolean>;
  /** Of our commit, as a squash or merge commit should repeat it. */
  readonly message?: string;
  readonly merge?: MergeResult;
}

/** `branch` and `revision` are those of the base branch that was read. */
export interface PublishedByRequest extends Published {
  /** Absent where the base branch holds the values already. */
  readonly request?: RequestResult;
  /** Sentences about other requests; none without requests. */
  readonly notes?: readonly string[];
}

/**
 * @param input the input that asks for requests
 * @throws ToolError input where the forge has none
 */
export function requestsOf(forge: Forge, input = 'strategy'): RequestsRole {
  if (forge.requests !== undefined) return forge.requests;
  throw new ToolError(
    'input',
    `${input}: ${forge.location} is used through plain Git, which has no ${forge.words.pullRequest}s`,
    {
      hint: 'Use strategy commit; or name the forge that this server is in the input forge, and its address in forge-url.',
    },
  );
}
