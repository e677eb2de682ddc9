import type { Clock } from '../../host.ts';

/**
 * Times as Kubernetes writes them: whole seconds, cut and not rounded.
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#Time
 */
export function stamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The clock time that a message of a retry names: `10:23AM`. */
export function kitchenTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const hours = date.getUTCHours();
  const minutes = String(date.getUTCMinutes()).padStart(2, '0');
  return `${hours % 12 || 12}:${minutes}${hours < 12 ? 'AM' : 'PM'}`;
}

/** The wall clock as it was at the start, moved on by a clock that never jumps: good for durations and for stamps. */
export function steadyNow(clock: Clock): () => number {
  const offset = clock.now() - clock.monotonic();
  return () => offset + clock.monotonic();
}
