import { ToolError } from '../../errors.ts';
import { list, record } from '../api/json.ts';
import type { DiscoverQuery, Target, TargetSource } from '../delivery-engine.ts';
import { type Application, readApplication } from './application.ts';
import { applicationName, applicationPath, applicationQuery, type Defaults } from './application-ref.ts';
import type { ArgocdClient } from './client.ts';
import { covers, isFrom } from './covers.ts';
import { isGitSource } from './sources.ts';

/** Candidates that are named when nothing matches. */
const NAMED = 8;

/** See `DeliveryEngine.discover`. Applications that the token may not read are not in the list at all. */
export async function discover(
  client: ArgocdClient,
  query: DiscoverQuery,
  defaults: Defaults,
  normalise: (url: string) => string,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const applications = await listApplications(client, defaults, signal);
  const covering = applications.filter((application) => covers(application, query, normalise));
  if (covering.length > 0) return covering.map((application) => targetOf(application, applications));
  throw noMatch(applications, query, normalise);
}

/** Every Application that the token may read. @throws ToolError denied, temporary, protocol */
export async function listApplications(
  client: ArgocdClient,
  { project, applicationNamespace }: Defaults,
  signal: AbortSignal,
): Promise<readonly Application[]> {
  const query = { projects: project, appNamespace: applicationNamespace };
  const answer = await client.read('/api/v1/applications', { query, signal });
  if (answer.kind === 'refused') {
    throw new ToolError('denied', `${client.location} does not list applications: ${answer.message}`, {
      hint: 'Name the targets, or give a token with the right "applications, get".',
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
    hint:
      nearest.length === 0
        ? 'The token can read no application at all: it needs "applications, get" on the project.'
        : `Name the targets. These ${why}: ${names.join(', ')}${rest}.`,
  });
}

/** See `DeliveryEngine.sources`. */
export async function sourcesOf(
  client: ArgocdClient,
  target: Target,
  signal: AbortSignal,
): Promise<readonly TargetSource[]> {
  const applications = await applicationsOf(client, target, signal);
  return applications
    .flatMap(({ sources }) => sources)
    .filter(isGitSource)
    .map(({ repoURL, targetRevision, path }) => ({ repository: repoURL, revision: targetRevision, path }));
}

/** The Application itself, or those that a set has generated. */
async function applicationsOf(
  client: ArgocdClient,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Application[]> {
  if (target.kind === 'ApplicationSet') {
    const { namespace } = target;
    const all = await listApplications(
      client,
      namespace === undefined ? {} : { applicationNamespace: namespace },
      signal,
    );
    return all.filter(({ generatedBy }) => generatedBy === applicationName(target));
  }
  const answer = await client.read(applicationPath(target), { query: applicationQuery(target), signal });
  return answer.kind === 'ok' ? [readApplication(answer.value) ?? []].flat() : [];
}
