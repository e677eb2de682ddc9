import { list, record, text, time } from '../api/json.ts';
import { type FluxObject, nameOf, readFluxObject, words } from './flux-object.ts';
import { fluxKind } from './kinds.ts';
import type { Artifact } from './revision.ts';
import type { ObjectName } from './target-ref.ts';
import { find, type World } from './world.ts';

/** An object that brings artifacts into the cluster. */
export interface Source extends FluxObject {
  readonly url: string;
  readonly artifact?: Artifact & { readonly updatedAt?: number };
  /** Of a GitRepository; Flux follows `master` where nothing is given. */
  readonly branch?: string;
  /** A commit, a tag or a range that it is fixed to. */
  readonly fixed?: string;
}

const ORIGIN = 'org.opencontainers.image.revision';

export function readSource(world: World, name: ObjectName): Source | undefined {
  const json = find(world, name);
  if (json === undefined) return undefined;
  const object = readFluxObject(json);
  const ref = record(object.spec.ref);
  const fixed = text(ref.commit) ?? text(ref.semver) ?? text(ref.tag) ?? text(ref.name);
  const isGit = object.kind === 'GitRepository';
  return {
    ...object,
    url: text(object.spec.url) ?? text(object.spec.endpoint) ?? '',
    ...artifactOf(object),
    ...(isGit ? { branch: text(ref.branch) ?? 'master', ...(fixed === undefined ? {} : { fixed }) } : {}),
  };
}

function artifactOf({ status }: FluxObject): Pick<Source, 'artifact'> {
  const artifact = record(status.artifact);
  const revision = text(artifact.revision);
  if (revision === undefined) return {};
  const origin = text(record(artifact.metadata)[ORIGIN]);
  const updatedAt = time(artifact.lastUpdateTime);
  return {
    artifact: {
      revision,
      ...(origin === undefined ? {} : { origin }),
      ...(updatedAt === undefined ? {} : { updatedAt }),
    },
  };
}

/** Where a `sourceRef`, a `chartRef` or a dependency points to. */
export function referenced(ref: unknown, namespace: string, kind?: string): ObjectName | undefined {
  const { kind: own, name, namespace: elsewhere } = record(ref);
  const known = fluxKind(kind ?? text(own) ?? '');
  const called = text(name);
  if (known === undefined || called === undefined) return undefined;
  return { ...known, namespace: text(elsewhere) ?? namespace, name: called };
}

/** What keeps it from bringing anything new, in words. */
export function sourceTrouble(source: Source): string | undefined {
  const failed = source.conditions.find(({ type, status }) => type === 'FetchFailed' && status === 'True');
  const trouble = source.stalled ?? failed ?? (source.ready?.status === 'False' ? source.ready : undefined);
  return trouble === undefined ? undefined : `${nameOf(source)}: ${words(trouble)}`;
}

/** No later try can do better until somebody changes something: such a branch is not there, or it wants a password. */
export function isLasting(trouble: string): boolean {
  return /couldn't find remote ref|reference not found|authentication required|repository not found|MANIFEST_UNKNOWN/i.test(
    trouble,
  );
}

/** https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies */
export function dependenciesOf(object: FluxObject): readonly ObjectName[] {
  return list(object.spec.dependsOn).flatMap((ref) => referenced(ref, object.namespace, object.kind) ?? []);
}
