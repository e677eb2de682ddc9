import type { Wanted } from '../delivery-engine.ts';
import type { Application, Source } from './application.ts';

/** Which of an Application's sources the wanted revision belongs to, as positions; or why none of them can ever hold it. */
export type Matched =
  | { readonly kind: 'matched'; readonly positions: readonly number[] }
  | { readonly kind: 'none'; readonly reason: string };

/** A commit, 40 or 64 hexadecimal digits; chart versions and OCI digests are something else. */
export function isCommit(revision: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}

/** Chart repositories and OCI registries resolve to a version or a digest, never to a commit. */
export function isGitSource(source: Source): boolean {
  return source.chart === undefined && !source.repoURL.startsWith('oci://');
}

export function matchSources(application: Application, wanted: Wanted, normalise: (url: string) => string): Matched {
  const byCommit = isCommit(wanted.revision);
  const candidates = application.sources
    .map((source, position) => ({ source, position }))
    .filter(({ source }) => isGitSource(source) === byCommit);
  if (candidates.length === 0) {
    const shown = application.sources.map(({ repoURL, chart }) => (chart ? `chart ${chart} of ${repoURL}` : repoURL));
    return none(
      byCommit
        ? `none of its sources is a Git repository (${shown.join(', ')}), so it never shows a commit`
        : `all of its sources are Git repositories (${shown.join(', ')}), so it never shows a version or a digest`,
    );
  }
  if (!application.multiSource) return { kind: 'matched', positions: [0] };
  return amongSeveral(candidates, wanted, normalise);
}

type Candidate = { readonly source: Source; readonly position: number };

/** Revisions pair with sources by position; those of other repositories, and fixed ones, say nothing about the wanted one. */
function amongSeveral(candidates: readonly Candidate[], wanted: Wanted, normalise: (url: string) => string): Matched {
  const repositories = new Set(candidates.map(({ source }) => normalise(source.repoURL)));
  const { repository = repositories.size === 1 ? [...repositories][0] : undefined } = wanted;
  if (repository === undefined) {
    return none(
      `it has sources in ${[...repositories].join(', ')}: give the config repository, to say which one is meant`,
    );
  }
  const ofRepository = candidates.filter(({ source }) => normalise(source.repoURL) === repository);
  if (ofRepository.length === 0) {
    return none(`none of its sources is ${repository}: they are ${[...repositories].join(', ')}`);
  }
  const following = ofRepository.filter(({ source }) => !isFixed(source.targetRevision, wanted));
  return {
    kind: 'matched',
    positions: (following.length > 0 ? following : ofRepository).map(({ position }) => position),
  };
}

function isFixed(targetRevision: string, { branch }: Wanted): boolean {
  if (isCommit(targetRevision)) return true;
  return branch !== undefined && !followsBranch(targetRevision, branch);
}

/** Nothing and `HEAD` follow the default branch, which may or may not be the one meant. */
export function followsBranch(targetRevision: string, branch: string): boolean {
  return ['', 'HEAD', branch, `refs/heads/${branch}`].includes(targetRevision);
}

function none(reason: string): Matched {
  return { kind: 'none', reason };
}
