import type { Reply, Sink } from '../stand-in/answers.ts';
import { apiVersionOf, type ServedKind } from './kinds.ts';
import type { Selection } from './selection.ts';
import { type Api, refusal } from './status.ts';
import type { Change } from './store.ts';

/** Milliseconds between two bookmarks, about; a real server sends one a minute. */
const BOOKMARK_EVERY = 60_000;
/** Seconds after which a watch ends that did not say for how long it wants to be. */
const LONGEST = 1_800;

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export function watch(
  { store, surroundings }: Pick<Api, 'store' | 'surroundings'>,
  query: URLSearchParams,
  kind: ServedKind,
  isSelected: Selection,
): Reply {
  const version = query.get('resourceVersion') ?? '';
  // Without a version, or with 0: everything as it is now, and then what changes.
  const isFresh = version === '' || version === '0';
  const missed = isFresh
    ? store.all().map((object): Change => ({ type: 'ADDED', object }))
    : store.since(Number(version));
  if (missed === undefined) return refusal(410, 'Expired', `too old resource version: ${version} (${store.version()})`);
  const seconds = Number(query.get('timeoutSeconds') ?? LONGEST) || LONGEST;
  const withBookmarks = query.get('allowWatchBookmarks') === 'true';
  return {
    async stream(sink) {
      sink.open('application/json');
      const say = (change: unknown) => sink.write(new TextEncoder().encode(`${JSON.stringify(change)}\n`));
      const tell = (change: Change) => isSelected(change.object) && say(change);
      missed.forEach(tell);
      const stop = store.subscribe(tell);
      await remain(
        surroundings.host,
        sink,
        seconds * 1000,
        () => withBookmarks && say(bookmark(store.version(), kind)),
      );
      stop();
    },
  };
}

/** For so long, or until the client has gone. */
async function remain(
  { clock }: Api['surroundings']['host'],
  { signal }: Sink,
  milliseconds: number,
  mark: () => void,
): Promise<void> {
  try {
    for (let left = milliseconds; left > 0; left -= BOOKMARK_EVERY) {
      await clock.sleep(Math.min(left, BOOKMARK_EVERY), signal);
      mark();
    }
  } catch {
    // The client has gone.
  }
}

/** Its object is empty but for the version. */
function bookmark(version: number, kind: ServedKind) {
  return {
    type: 'BOOKMARK',
    object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { resourceVersion: String(version) } },
  };
}
