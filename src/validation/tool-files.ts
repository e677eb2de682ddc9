import { nearest } from './nearest.ts';
import { servedBy } from './rules/api-unknown-kind.ts';
import { groupOf, type Schemas } from './schemas.ts';

/** Letters in which a misspelt kind may differ from one that Kubernetes has. */
const LETTERS = 2;

/**
 * True for what has `apiVersion` and `kind` as objects have them, and can be none: no cluster can have a CRD in a group
 * without a dot, no object is without metadata, and the kind resembles none of Kubernetes' own.
 */
export function isToolFile(value: Readonly<Record<string, unknown>>, schemas: Schemas): boolean {
  const { apiVersion, kind } = value;
  if (Object.hasOwn(value, 'metadata') || typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  if (groupOf(apiVersion).includes('.') || kind.endsWith('List')) return false;
  const own = servedBy(schemas).filter((served) => schemas.isBuiltInGroup(groupOf(served.apiVersion)));
  return (
    schemas.servedIn(apiVersion, kind).length === 0 &&
    nearest(
      kind,
      own.map((served) => served.kind),
      LETTERS,
    ) === undefined
  );
}
