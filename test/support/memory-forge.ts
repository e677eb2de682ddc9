import { ToolError } from '../../src/errors.ts';
import type {
  ChangeRequest,
  Forge,
  MergeMethod,
  MergeResult,
  RepositoryRole,
  RequestDraft,
  RequestsRole,
} from '../../src/forges/forge-client.ts';
import type { BareRepository, FileContents } from './bare-repository.ts';
import { isAncestor, memoryRepository, moveBranch, tipOf } from './memory-repository.ts';

type Stored = { -readonly [K in keyof ChangeRequest]: ChangeRequest[K] };

/** How the forge answers to being asked to merge. */
export type Policy =
  | { readonly kind: 'clean' }
  | { readonly kind: 'checks' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'not-yet'; readonly times: number };

export interface MemoryForge {
  readonly forge: Forge;
  readonly bare: BareRepository;
  readonly requests: readonly ChangeRequest[];
  readonly comments: readonly { readonly number: number; readonly text: string }[];
  /** What requests were opened with. */
  readonly drafts: readonly RequestDraft[];
  /** Names of the port's functions, in the order in which they were called. */
  readonly calls: readonly string[];
  /** Called before each call of the port takes effect, with its number from 1. */
  beforeCall?: (number: number, name: string) => void | Promise<void>;
  /** Called when it has taken effect, before its answer is given. */
  afterCall?: (number: number, name: string) => void | Promise<void>;
  policy: Policy;
  /** Methods and messages that were asked for when the request was armed or merged. */
  readonly merges: readonly { readonly number: number; readonly method: MergeMethod; readonly message?: string }[];
  readonly people: People;
  /** Remembers branches, requests and comments as they are now; the function that it returns brings them back. */
  save(): () => void;
}

/** What people do meanwhile. */
export interface People {
  push(branch: string, files: FileContents, message?: string): string;
  open(headBranch: string, body?: string, baseBranch?: string): ChangeRequest;
  close(number: number): void;
  reopen(number: number): void;
  edit(number: number, changes: Partial<ChangeRequest>): void;
  /** @returns the commit on the base branch that holds the change */
  merge(number: number, method: MergeMethod | 'fast-forward'): string;
  /** What a request was armed for happens. */
  checksPass(number: number): string;
}

/** A forge at the port: branches and commits are those of a real bare repository, requests are kept in memory. */
export function createMemoryForge(bare: BareRepository): MemoryForge {
  const requests: Stored[] = [];
  const comments: { number: number; text: string }[] = [];
  const drafts: RequestDraft[] = [];
  const calls: string[] = [];
  const merges: { number: number; method: MergeMethod; message?: string }[] = [];
  const state: Pick<MemoryForge, 'beforeCall' | 'afterCall' | 'policy'> = { policy: { kind: 'clean' } };
  const store = createStore(bare, requests);
  const merge: RequestsRole['merge'] = async (number, method, expectedHead, message) => {
    const request = store.read(number);
    if (request.state === 'merged') return { kind: 'merged' };
    if (request.headRevision !== expectedHead) return { kind: 'moved' };
    merges.push({ number, method, ...(message === undefined ? {} : { message }) });
    return answer(state, () => store.merge(number, method, message));
  };
  const role: RequestsRole = {
    find: async (branch) => store.all().filter(({ headBranch }) => headBranch === branch),
    listOpen: async (prefix) => store.all().filter((one) => one.state === 'open' && one.headBranch.startsWith(prefix)),
    read: async (number) => store.read(number),
    open: async (draft) => {
      drafts.push(draft);
      return (
        store
          .all()
          .find(
            (one) => one.state === 'open' && one.headBranch === draft.headBranch && one.baseBranch === draft.baseBranch,
          ) ?? store.add(draft)
      );
    },
    update: async (number, { labels = [], ...changes }) => {
      const request = store.stored(number);
      Object.assign(request, changes, { labels: [...new Set([...request.labels, ...labels])] });
      return store.read(number);
    },
    close: async (number, text) => {
      comments.push({ number, text });
      store.close(number);
    },
    merge,
  };
  const made: MemoryForge = {
    forge: {
      id: 'memory',
      location: 'https://forge.test/acme/config',
      words: { pullRequest: 'pull request' },
      repository: observed(memoryRepository(bare)),
      requests: observed(role),
      links: {
        commit: (revision) => `https://forge.test/acme/config/commit/${revision}`,
        file: (path, revision, line) => `https://forge.test/acme/config/blob/${revision}/${path}#L${line ?? 1}`,
      },
      close: async () => undefined,
    },
    bare,
    get requests() {
      return store.all();
    },
    comments,
    drafts,
    calls,
    get policy() {
      return state.policy;
    },
    set policy(policy) {
      state.policy = policy;
    },
    set beforeCall(hook: NonNullable<MemoryForge['beforeCall']>) {
      state.beforeCall = hook;
    },
    set afterCall(hook: NonNullable<MemoryForge['afterCall']>) {
      state.afterCall = hook;
    },
    merges,
    save: () => {
      const branches = branchesOf(bare);
      const kept = structuredClone({ requests, comments, drafts, merges, policy: state.policy });
      return () => {
        for (const branch of branchesOf(bare).keys()) if (!branches.has(branch)) moveBranch(bare, branch, undefined);
        for (const [branch, revision] of branches) moveBranch(bare, branch, revision);
        const old = structuredClone(kept);
        requests.splice(0, requests.length, ...old.requests);
        comments.splice(0, comments.length, ...old.comments);
        drafts.splice(0, drafts.length, ...old.drafts);
        merges.splice(0, merges.length, ...old.merges);
        state.policy = old.policy;
      };
    },
    people: {
      push: (branch, files, message) => bare.commit(files, { branch, ...(message === undefined ? {} : { message }) }),
      open: (headBranch, body = '', baseBranch = 'main') =>
        store.add({ title: 'by hand', body, headBranch, baseBranch, draft: false, labels: [] }),
      close: (number) => store.close(number),
      reopen: (number) => void Object.assign(store.stored(number), { state: 'open' }),
      edit: (number, changes) => void Object.assign(store.stored(number), changes),
      merge: (number, method) => store.merge(number, method),
      checksPass: (number) => {
        const armed = merges.findLast((one) => one.number === number) ?? never();
        return store.merge(number, armed.method, armed.message);
      },
    },
  };
  return made;

  /** Counts calls, and lets the test step in before and after each. */
  function observed<T extends RepositoryRole | RequestsRole>(target: T): T {
    const entries = Object.entries(target).map(([name, body]) => {
      return [
        name,
        async (...args: unknown[]) => {
          const number = calls.push(name);
          await state.beforeCall?.(number, name);
          const result: unknown = await (body as (...args: unknown[]) => Promise<unknown>)(...args);
          await state.afterCall?.(number, name);
          return result;
        },
      ];
    });
    return Object.fromEntries(entries) as T;
  }
}

function branchesOf(bare: BareRepository): ReadonlyMap<string, string> {
  const rows = bare.git('for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads').split('\n');
  return new Map(rows.map((row) => row.split(' ') as [string, string]));
}

function answer(state: Pick<MemoryForge, 'policy'>, mergeNow: () => unknown): MergeResult {
  const { policy } = state;
  if (policy.kind === 'refused') return policy;
  if (policy.kind === 'checks') return { kind: 'armed' };
  if (policy.kind === 'not-yet' && policy.times > 0) {
    state.policy = { kind: 'not-yet', times: policy.times - 1 };
    return { kind: 'not-yet', reason: 'it is not known yet whether it can be merged' };
  }
  mergeNow();
  return { kind: 'merged' };
}

function createStore(bare: BareRepository, requests: Stored[]) {
  const stored = (number: number) => {
    const request = requests.find((one) => one.number === number);
    if (request === undefined) throw new ToolError('missing', `there is no request ${number}`);
    return request;
  };
  /** The head of an open request is its branch; a request whose branch is gone is closed. */
  const settle = (request: Stored) => {
    if (request.state !== 'open') return request;
    const tip = tipOf(bare, request.headBranch);
    return Object.assign(request, tip === undefined ? { state: 'closed' } : { headRevision: tip });
  };
  return {
    stored,
    read: (number: number): ChangeRequest => ({ ...settle(stored(number)) }),
    all: (): readonly ChangeRequest[] => requests.map((request) => ({ ...settle(request) })).reverse(),
    close: (number: number) => void Object.assign(settle(stored(number)), { state: 'closed' }),
    add: (
      draft: Pick<ChangeRequest, 'title' | 'body' | 'headBranch' | 'baseBranch' | 'draft' | 'labels'>,
    ): ChangeRequest => {
      const number = requests.length + 1;
      const { title, body, headBranch, baseBranch, labels, draft: isDraft } = draft;
      const headRevision = tipOf(bare, headBranch);
      if (headRevision === undefined) throw new ToolError('missing', `there is no branch ${headBranch}`);
      if (isAncestor(bare, headRevision, `refs/heads/${baseBranch}`))
        throw new ToolError('protocol', `there are no commits between ${baseBranch} and ${headBranch}`);
      const url = `https://forge.test/acme/config/pull/${number}`;
      const fixed = { number, url, state: 'open', sameRepository: true, headRevision } as const;
      requests.push({ ...fixed, title, body, headBranch, baseBranch, labels, draft: isDraft });
      return { ...stored(number) };
    },
    merge: (number: number, method: MergeMethod | 'fast-forward', message?: string): string => {
      const request = settle(stored(number));
      const mergedRevision = mergeInto(bare, request, method, message);
      Object.assign(request, { state: 'merged', mergedRevision });
      return mergedRevision;
    },
  };
}

function mergeInto(bare: BareRepository, request: Stored, way: MergeMethod | 'fast-forward', message?: string): string {
  const base = bare.head(request.baseBranch);
  const revision = way === 'fast-forward' ? request.headRevision : commitMerge(bare, request, way, message);
  bare.git('update-ref', `refs/heads/${request.baseBranch}`, revision, base);
  return revision;
}

function commitMerge(bare: BareRepository, request: Stored, method: MergeMethod, message?: string): string {
  const base = bare.head(request.baseBranch);
  const head = request.headRevision;
  const tree = bare.git('merge-tree', '--write-tree', base, head);
  const parents = method === 'merge' ? ['-p', base, '-p', head] : ['-p', base];
  const text =
    method === 'rebase' ? bare.git('log', '-1', '--format=%B', head) : (message ?? ownWords(request, method));
  return bare.git('commit-tree', tree, ...parents, '-m', text);
}

/** What forges write by themselves (https://docs.github.com/en/pull-requests): the trailers of the commit are not in it. */
function ownWords({ title, number, headBranch }: Stored, method: MergeMethod): string {
  return method === 'merge'
    ? `Merge pull request #${number} from acme/${headBranch}\n\n${title}`
    : `${title} (#${number})`;
}

function never(): never {
  throw new Error('this cannot be');
}
