import type { RuleContext } from '../rules/rule.ts';

/** Whether all chosen Kubernetes minors are at least this one. A rule that was loosened asks it. */
export function isAtLeast({ schemas }: RuleContext, minor: number): boolean {
  return oldestMinor(schemas.versions) >= minor;
}

const OLDEST = new WeakMap<readonly string[], number>();

function oldestMinor(versions: readonly string[]): number {
  const known = OLDEST.get(versions);
  if (known !== undefined) return known;
  const oldest = Math.min(...versions.map((version) => Number(version.split('.')[1])));
  OLDEST.set(versions, oldest);
  return oldest;
}
