import type { Diagnosis, Target } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { collect, type Found, type NamedObject } from './collect.ts';
import { hintsOf } from './hints.ts';
import { lastLogLines } from './logs.ts';
import { conditionLines, podLines, warningLines } from './words.ts';

/** Objects that are looked at, so that a diagnosis stays one screen and a few reads. */
const OBJECTS = 6;

/**
 * Why objects are as they are: their conditions, their pods, the warning events of both, and the last words of containers
 * that crash. Never throws: what may not be read is left out, and a hint names each missing right once.
 */
export async function diagnoseObjects(
  cluster: Cluster,
  target: Target,
  objects: readonly NamedObject[],
  signal: AbortSignal,
): Promise<Diagnosis> {
  const found: readonly Found[] = await Promise.all(
    objects.slice(0, OBJECTS).map((object) => collect(cluster, object, signal)),
  );
  const { sections: logs, refused } = await lastLogLines(cluster, found, signal);
  const sections = [
    { title: 'Conditions', lines: found.flatMap(conditionLines) },
    { title: 'Unhealthy pods', lines: found.flatMap(podLines) },
    { title: 'Warning events', lines: warningLines(found) },
    ...logs,
  ];
  return {
    target,
    sections: sections.filter(({ lines }) => lines.length > 0),
    hints: hintsOf(found, refused),
  };
}
