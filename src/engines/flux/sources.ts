import { record, text } from '../api/json.ts';
import type { Target, TargetSource } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { readFluxObject } from './flux-object.ts';
import { needsOf } from './needs.ts';
import { readAround } from './read-around.ts';
import { cleanPath } from './repository-paths.ts';
import { readSource, referenced, type Source } from './source.ts';
import { objectOf } from './target-ref.ts';
import { find } from './world.ts';

/** See `DeliveryEngine.sources`: that of a HelmRelease's chart, and that of the Kustomization which applies it. */
export async function sourcesOf(
  cluster: Cluster,
  target: Target,
  signal: AbortSignal,
): Promise<readonly TargetSource[]> {
  const name = objectOf(target);
  const world = await readAround(cluster, name, signal);
  const { origin } = needsOf(name, world);
  const sources = origin.flatMap((one) => {
    const source = readSource(world, one);
    return source?.kind === 'GitRepository' ? [source] : [];
  });
  const users = origin
    .map((one) => find(world, one))
    .filter((json) => json !== undefined)
    .map(readFluxObject);
  return sources.map((source) => ({
    repository: source.url,
    revision: followedBy(source),
    path: pathIn(source, users),
  }));
}

/** What the source follows, as a target of another engine would write it. */
export function followedBy({ fixed, branch = '' }: Source): string {
  return fixed ?? branch;
}

/** The folder that is taken from the source. */
function pathIn(source: Source, users: readonly ReturnType<typeof readFluxObject>[]): string {
  for (const { kind, namespace, spec } of users) {
    const chart = record(record(spec.chart).spec);
    const isFrom = (ref: unknown) => {
      const name = referenced(ref, namespace);
      return name?.kind === source.kind && name.name === source.name && name.namespace === source.namespace;
    };
    if (kind === 'Kustomization' && isFrom(spec.sourceRef)) return cleanPath(text(spec.path) ?? '');
    if (kind === 'HelmRelease' && isFrom(chart.sourceRef)) return cleanPath(text(chart.chart) ?? '');
  }
  return '';
}
