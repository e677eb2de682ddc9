import { isReady, presentPods } from '../stand-in/cluster.ts';
import type { Live } from '../stand-in/types.ts';

/** What one look at everything that was applied comes to. */
export type Look =
  | { readonly kind: 'current' }
  /** Some object cannot get there any more. */
  | { readonly kind: 'stalled'; readonly names: readonly string[] }
  | { readonly kind: 'waiting'; readonly names: readonly string[] };

/** https://github.com/fluxcd/cli-utils/tree/main/pkg/kstatus */
export function lookAt(live: readonly Live[], now: number): Look {
  const failed = live.filter((object) => isStalled(object, now));
  if (failed.length > 0) return { kind: 'stalled', names: failed.map(nameOf) };
  const waiting = live.filter((object) => !isRolledOut(object, now));
  return waiting.length > 0 ? { kind: 'waiting', names: waiting.map(nameOf) } : { kind: 'current' };
}

/** The words of a check that did not pass. */
export function sentence({ kind, names }: Exclude<Look, { kind: 'current' }>): string {
  const list = (status: string) => names.map((name) => `${name} status: '${status}'`).join(', ');
  return kind === 'stalled'
    ? `failed early due to stalled resources: [${list('Failed')}]`
    : `timeout waiting for: [${list('InProgress')}]`;
}

/** Nothing but ready pods of the newest template is there; what runs no pods is so at once. */
export function isRolledOut(object: Live, now: number): boolean {
  const newest = object.podSets.at(-1);
  return newest === undefined || (isReady(newest, now) && presentPods(object, now).length === 1);
}

export function isStalled(object: Live, now: number): boolean {
  return object.podSets.length > 0 && !isReady(object.podSets.at(-1), now) && now >= object.deadline;
}

function nameOf({ manifest: { kind, namespace = '', name } }: Live): string {
  return `${kind}/${namespace}/${name}`;
}
