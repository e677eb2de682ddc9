import { ToolError } from '../errors.ts';
import type { DeploymentDraft, Forge, Revision, StatusesRole } from '../forges/forge-client.ts';
import type { Host } from '../host.ts';
import { keepOpen } from './open-words.ts';
import type { Ending } from './telling-words.ts';

/** Tells one thing in order. None of its functions throws; only `end` is to be waited for. */
export interface Teller {
  begin(words: string): void;
  progress(words: string): void;
  end(ending: Ending): Promise<void>;
}

export interface TellingScene {
  readonly forge: Pick<Forge, 'id' | 'location' | 'repository'> & { readonly statuses: StatusesRole };
  readonly revision: Revision;
  readonly host: Host;
  /** The page of this run. */
  readonly url?: string;
}

/** Milliseconds that the end of the wait is held up at most by telling it. */
const PATIENCE = 10_000;

interface Line {
  /** After everything that was said before; once something was refused, nothing more is said. A forge that is away is tried again. */
  say(action: () => Promise<void>): void;
  /** Until all is said, or for `PATIENCE`. */
  finished(): Promise<void>;
}

function openLine(what: string, { forge, host }: TellingScene): Line {
  let last: Promise<void> = Promise.resolve();
  let isRefused = false;
  let isWarned = false;
  const attempt = async (action: () => Promise<void>) => {
    if (isRefused) return;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ToolError) && !host.signal.aborted) throw error;
      isRefused = !(error instanceof ToolError && error.code === 'temporary');
      if (!isWarned) host.log.warning(warningOf(what, forge.location, error));
      isWarned = true;
    }
  };
  return {
    say(action) {
      last = last.then(() => attempt(action));
    },
    async finished() {
      const ended = new AbortController();
      const patience = host.clock.sleep(PATIENCE, ended.signal).then(
        () => host.log.warning(`${forge.location} was not told of ${what} in time.`),
        () => undefined,
      );
      await Promise.race([last, patience]);
      ended.abort();
    },
  };
}

function warningOf(what: string, location: string, error: unknown): string {
  const { message, hint } = error as { readonly message?: string; readonly hint?: string };
  return [`${location} could not be told of ${what}: ${message}.`, hint].filter(Boolean).join(' ');
}

/** Saying the same again does no harm, so that a lost answer is followed by one more try. */
async function twice(action: () => Promise<void>): Promise<void> {
  await action().catch((error: unknown) => {
    if (error instanceof ToolError && error.code === 'temporary') return action();
    throw error;
  });
}

interface Place {
  readonly environment: string;
  readonly environmentUrl?: string;
  readonly branch?: string;
}

/** A deployment that is under way while it is waited for. */
export function tellDeployment(scene: TellingScene, place: Place): Teller {
  const { forge, revision, host, url } = scene;
  const { deployment } = forge.statuses;
  const line = openLine(`the deployment to ${place.environment}`, scene);
  const { branch: named, ...environment } = place;
  let draft: DeploymentDraft | undefined;
  let id: string | undefined;
  const begin = async (description: string) => {
    if (deployment === undefined) throw new ToolError('input', 'it knows no deployments');
    const branch = named ?? (await forge.repository.head()).branch;
    draft = { ...environment, revision, branch, description, ...(url === undefined ? {} : { logUrl: url }) };
    id = await deployment.begin(draft);
    if (id !== undefined) await keepOpen(host, 'deployment', { ...told(scene), kind: 'deployment', id, draft });
  };
  return {
    begin: (words) => line.say(() => begin(`Drawbridge: ${words}`)),
    progress: () => undefined,
    async end({ deployment: state, words }) {
      line.say(async () => {
        if (deployment === undefined || draft === undefined || id === undefined) return;
        const last = { ...draft, description: words };
        await twice(() => deployment.update(id ?? '', state, last));
        await keepOpen(host, 'deployment');
      });
      await line.finished();
    },
  };
}

/** A status of the commit: pending with the phase, then how it ended. Phases that come faster than they are told are left out. */
export function tellStatus(scene: TellingScene, context: string): Teller {
  const { forge, revision, host, url } = scene;
  const line = openLine(`the status ${context}`, scene);
  const page = url === undefined ? {} : { url };
  let next: string | undefined;
  const pending = (words: string) => {
    next = words;
    line.say(async () => {
      const description = next;
      next = undefined;
      if (description === undefined) return;
      await keepOpen(host, 'status', { ...told(scene), kind: 'status', context, ...page });
      await forge.statuses.post(revision, { context, state: 'pending', description, ...page });
    });
  };
  return {
    begin: pending,
    progress: pending,
    async end({ status: state, words: description }) {
      next = undefined;
      line.say(async () => {
        await twice(() => forge.statuses.post(revision, { context, state, description, ...page }));
        await keepOpen(host, 'status');
      });
      await line.finished();
    },
  };
}

function told({ forge, revision }: TellingScene) {
  return { forge: forge.id, repository: forge.location, revision };
}
