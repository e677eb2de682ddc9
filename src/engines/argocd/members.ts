import type { Target, TargetParent, Wanted } from '../delivery-engine.ts';
import type { Application, ApplicationResource, Source } from './application.ts';
import { followsBranch, isCommit, isGitSource, type Matched } from './sources.ts';

/** A tag or a range of versions: no branch, so that no push moves it. */
const VERSION_LIKE = /^(?:refs\/tags\/|[v~^<>=]*\d+(?:\.|$))/;

/**
 * The Applications that an Application deploys, as an "app of apps" does. It is Healthy whatever becomes of them: Argo CD does
 * not look at the health of Applications (https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app).
 */
export function childrenOf(application: Application, target: Target, matched: Matched): readonly Target[] {
  const parent = parentOf(application, target, matched);
  return application.resources
    .filter((resource) => isApplication(resource) && !resource.requiresPruning)
    .map(({ name, namespace }) => memberOf(parent, target, application.namespace, { name, namespace }))
    .filter(({ name }) => name !== target.name);
}

export function isApplication({ group, kind }: Pick<ApplicationResource, 'group' | 'kind'>): boolean {
  return group === 'argoproj.io' && kind === 'Application';
}

function parentOf({ sources }: Application, { name }: Target, matched: Matched): TargetParent {
  const [position] = matched.kind === 'matched' ? matched.positions : [];
  const branch = position === undefined ? '' : (sources[position]?.targetRevision ?? '');
  return { name, ...(branch === '' || branch === 'HEAD' ? {} : { branch }) };
}

/** Called by its name alone where it lives next to its parent. The project is its own, and not known yet. */
export function memberOf(
  parent: TargetParent,
  { namespace: given }: Target,
  ownNamespace: string | undefined,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): Target {
  const home = given ?? ownNamespace;
  const isElsewhere = namespace !== undefined && home !== undefined && namespace !== home;
  return {
    name: isElsewhere ? `${namespace}/${name}` : name,
    kind: 'Application',
    ...(namespace === undefined ? {} : { namespace }),
    parent,
  };
}

/**
 * Which source of a member can show the wanted commit. None: what it shows is a chart version, a tag, or a commit of another
 * repository, and only its own spec says which. In doubt it can, so that nothing is called live that only looks so.
 */
export function matchMember(
  application: Application,
  wanted: Wanted,
  parent: TargetParent,
  normalise: (url: string) => string,
): Matched {
  const positions = application.sources.flatMap((source, position) =>
    isOfRepository(source, wanted, normalise) && mayFollow(source, wanted.branch ?? parent.branch) ? [position] : [],
  );
  if (positions.length > 0) return { kind: 'matched', positions };
  return { kind: 'none', reason: 'it follows what its parent says, not the config repository' };
}

function isOfRepository(source: Source, { revision, repository }: Wanted, normalise: (url: string) => string): boolean {
  if (!isGitSource(source) || !isCommit(revision)) return false;
  return repository === undefined || normalise(source.repoURL) === repository;
}

function mayFollow({ targetRevision }: Source, branch: string | undefined): boolean {
  if (branch !== undefined) return followsBranch(targetRevision, branch);
  return !isCommit(targetRevision) && !VERSION_LIKE.test(targetRevision);
}
