import { ToolError } from '../../errors.ts';
import { list, record } from '../api/json.ts';
import type { DiscoverQuery, Target, TargetSource } from '../delivery-engine.ts';
import type { ArgocdApi } from './api.ts';
import { type Application, readApplication } from './application.ts';
import { applicationName, type Defaults } from './application-ref.ts';
import { covers, isFrom } from './covers.ts';
import { isGitSource } from './sources.ts';

/** Candidates that are named when nothing matches. */
const NAMED = 8;

/** See `DeliveryEngine.discover`. Applications that the token may not read are not in the list at all. */
export async function discover(
  api: ArgocdApi,
  query: DiscoverQuery,
  defaults: Defaults,
  normalise: (url: string) => string,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const applications = await listApplications(api, defaults, signal);
  const covering = applications.filter((application) => covers(application, query, normalise));
  if (covering.length > 0) return covering.map((application) => targetOf(application, applications));
  throw noMatch(applications, query, normalise, api.hints.nothing);
}

/** Every Application that the token may read. @throws ToolError denied, temporary, protocol */
async function listApplications(api: ArgocdApi, which: Defaults, signal: AbortSignal): Promise<readonly Application[]> {
  const answer = await api.applications(which, { signal });
  if (answer.kind === 'refused') {
    throw new ToolError('denied', `${api.location} does not list applications: ${answer.message}`, {
      hint: api.hints.list,
    });
  }
  // Without any that may be read, the list is null.
  return list(record(answer.value).items).flatMap((item) => readApplication(item) ?? []);
}

/** The namespace is part of the name only where two applications share one. */
function targetOf({ name, namespace, project }: Application, all: readonly Application[]): Target {
  const isAmbiguous = all.filter((other) => other.name === name).length > 1;
  return {
    name: isAmbiguous && namespace !== undefined ? `${namespace}/${name}` : name,
    kind: 'Application',
    project,
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function noMatch(
  applications: readonly Application[],
  query: DiscoverQuery,
  normalise: (url: string) => string,
  nothing: string,
): ToolError {
  const onBranch = applications.filter(({ sources }) => sources.some((source) => isFrom(source, query, normalise)));
  const { branch: _, ...anyBranch } = query;
  const onRepository = applications.filter(({ sources }) =>
    sources.some((source) => isFrom(source, anyBranch, normalise)),
  );
  const [nearest, why] =
    onBranch.length > 0
      ? [onBranch, 'follow it, and use none of the changed files']
      : onRepository.length > 0
        ? [onRepository, 'use that repository, and follow another branch']
        : [applications, 'can be read, and use other repositories'];
  const place = query.branch === undefined ? query.repository : `${query.repository}, branch ${query.branch}`;
  const names = nearest.slice(0, NAMED).map(({ name }) => name);
  const rest = nearest.length > NAMED ? ` and ${nearest.length - NAMED} more` : '';
  return new ToolError('missing', `No application was found for ${place}`, {
    hint: nearest.length === 0 ? nothing : `Name the targets. These ${why}: ${names.join(', ')}${rest}.`,
  });
}

/** See `DeliveryEngine.sources`. */
export async function sourcesOf(api: ArgocdApi, target: Target, signal: AbortSignal): Promise<readonly TargetSource[]> {
  const applications = await applicationsOf(api, target, signal);
  return applications
    .flatMap(({ sources }) => sources)
    .filter(isGitSource)
    .map(({ repoURL, targetRevision, path }) => ({ repository: repoURL, revision: targetRevision, path }));
}

/** The Application itself, or those that a set has generated. */
async function applicationsOf(api: ArgocdApi, target: Target, signal: AbortSignal): Promise<readonly Application[]> {
  if (target.kind === 'ApplicationSet') return applicationsOfSet(api, target, signal);
  const answer = await api.application(target, { signal });
  return answer.kind === 'ok' ? [readApplication(answer.value) ?? []].flat() : [];
}

/** Those that a set has generated and the token may read. @throws ToolError denied, temporary, protocol */
export async function applicationsOfSet(
  api: ArgocdApi,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Application[]> {
  const { namespace, project } = target;
  const which = {
    ...(namespace === undefined ? {} : { applicationNamespace: namespace }),
    ...(project === undefined ? {} : { project }),
  };
  const all = await listApplications(api, which, signal);
  return all.filter(({ generatedBy }) => generatedBy === applicationName(target));
}
