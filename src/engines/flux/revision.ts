import type { Revision } from '../../forges/forge-client.ts';

/** In what a wanted revision is given: a commit, the digest of an artifact, or a chart's version. */
export type Unit = 'commit' | 'digest' | 'version';

export function unitOf(wanted: Revision): Unit {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(wanted)) return 'commit';
  return /^sha256:[0-9a-f]{64}$/.test(wanted) ? 'digest' : 'version';
}

/** A revision as Flux writes it, and the one that its artifact was made of where it names one. */
export interface Artifact {
  readonly revision: string;
  /** `org.opencontainers.image.revision` of an OCI artifact. */
  readonly origin?: string;
}

/**
 * What a Flux revision is in the unit of the wanted one; undefined where it has no such thing.
 * `main@sha1:<commit>`, `sha1:<commit>`, `latest@sha256:<digest>`, before Flux 2.0 `main/<commit>`; of charts `1.2.3+<12 hex>`.
 * https://fluxcd.io/flux/components/source/gitrepositories/#artifact
 */
export function told({ revision, origin }: Artifact, wanted: Revision): Revision | undefined {
  const unit = unitOf(wanted);
  if (unit === 'version') return wanted.includes('+') ? revision : revision.replace(/[+@].*$/, '');
  if (unit === 'digest') return /sha256:[0-9a-f]{64}$/.exec(revision)?.[0];
  return commitOf(origin) ?? commitOf(revision);
}

function commitOf(revision: string | undefined): string | undefined {
  return /(?:^|[:/])([0-9a-f]{64}|[0-9a-f]{40})$/.exec(revision ?? '')?.[1];
}

/** For people: the commit, or whatever stands in its place, in short. */
export function shortRevision(revision: string | undefined): string {
  if (revision === undefined) return 'no revision';
  return revision.replace(/([0-9a-f]{12})[0-9a-f]{28,}/g, '$1');
}
