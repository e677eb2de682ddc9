import { list, record, sameJson, text } from '../api/json.ts';
import { isApplication } from './members.ts';
import { placeOf } from './settled.ts';

/**
 * The Applications among managed resources whose live spec says what the source says, but for what is false or empty: the
 * controller takes `prune: false` and the like out of an Application, which its parent then shows as OutOfSync for ever.
 */
export function readEqualChildren(value: unknown): ReadonlySet<string> {
  return new Set(list(record(value).items).flatMap((item) => equalChild(item)));
}

function equalChild(value: unknown): readonly string[] {
  const { group, kind, namespace, name, targetState, liveState } = record(value);
  if (!isApplication({ group: text(group) ?? '', kind: text(kind) ?? '' })) return [];
  const [target, live] = [parse(targetState), parse(liveState)];
  if (target === undefined || live === undefined || !sameJson(saying(target), saying(live))) return [];
  return [placeOf({ name: text(name) ?? '', ...(text(namespace) && { namespace: text(namespace) ?? '' }) })];
}

/** The spec; undefined where the object does not exist on that side. */
function parse(state: unknown): unknown {
  try {
    return record(JSON.parse(text(state) ?? 'null')).spec;
  } catch {
    return undefined;
  }
}

function saying(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(saying);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== false && inner !== null && inner !== '');
  return Object.fromEntries(entries.map(([key, inner]) => [key, saying(inner)]));
}
