import type { Path } from '../../manifests/locate.ts';
import { type Problem, printPath, type Rule } from './rule.ts';

export const duplicateItem: Rule = {
  id: 'schema/list-map-duplicate',
  title: 'Two items of a list that must differ',
  severity: 'warning',
};

/**
 * `path` is that of the later item, `keys` the fields that tell items apart (none: the items themselves), `isCustom` whether
 * the object is a custom resource: the server refuses those, while for its own kinds it keeps both, and only server-side
 * apply, which Flux uses, fails.
 */
export function duplicateItemProblem(path: Path, keys: readonly string[], isCustom: boolean): Problem {
  const list = printPath(path.slice(0, -1));
  const same = keys.length === 0 ? 'the same value' : `the same ${keys.join(' and ')}`;
  return {
    rule: duplicateItem,
    path,
    at: 'value',
    message: `${printPath(path)} has ${same} as an earlier item of ${list}.`,
    hint: isCustom
      ? 'Take one of the two away.'
      : 'The server keeps both or fails, depending on how it is applied: take one away.',
    severity: isCustom ? 'error' : 'warning',
  };
}

/** Lists of Kubernetes' own kinds whose duplicates the server refuses, and that have a rule of their own. */
const CHECKED_ELSEWHERE: ReadonlySet<string> = new Set([
  'containers',
  'ephemeralContainers',
  'initContainers',
  'topologySpreadConstraints',
  'values',
  'volumeMounts',
  'volumes',
  'webhooks',
]);

export function isCheckedElsewhere(path: Path): boolean {
  return CHECKED_ELSEWHERE.has(String(path.at(-1))) || (path.length === 2 && path[0] === 'spec' && path[1] === 'ports');
}
