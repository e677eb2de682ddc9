import { type Json, list, record, text, time } from '../api/json.ts';
import type { Condition } from '../kubernetes-api/objects.ts';

/**
 * Whether a condition was last written before the object's spec was, both by the server's own clock, as far as
 * `metadata.managedFields` tells, where the status is a field manager of its own.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function isOlderThanSpec(object: Json, { type }: Condition): boolean {
  const writes = list(record(object.metadata).managedFields).map(record);
  const times = writes
    .filter(({ subresource }) => text(subresource) === undefined)
    .flatMap((write) => time(write.time) ?? []);
  const condition = list(record(object.status).conditions)
    .map(record)
    .find((item) => item.type === type);
  const updated = time(condition?.lastUpdateTime);
  return updated !== undefined && times.some((written) => written > updated);
}
