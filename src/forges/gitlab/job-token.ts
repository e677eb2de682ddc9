import { ToolError } from '../../errors.ts';
import type { Author, RepositoryRole, RequestsRole } from '../forge-client.ts';
import type { Place } from './place.ts';
import { WANTED_TOKEN } from './refusal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const HINT = `Give ${WANTED_TOKEN} in DRAWBRIDGE_TOKEN, as a masked variable.`;

/** True for the token of a CI job; a long one with dots since GitLab 19.0, so that only the prefix or the job itself tells. */
export function isJobToken(token: string | undefined, env: Environment): boolean {
  return token !== undefined && (token.startsWith('glcbt-') || token === env.CI_JOB_TOKEN);
}

/** Commits made by a job carry the name of whoever started it, as that is whose rights its token has. */
export function jobAuthor({ GITLAB_USER_NAME: name, GITLAB_USER_EMAIL: email }: Environment): Author | undefined {
  return name !== undefined && name !== '' && email !== undefined && email !== '' ? { name, email } : undefined;
}

/**
 * A job token can push to the project of its job only, where that is allowed, and nothing else can be written with it
 * (https://docs.gitlab.com/ci/jobs/ci_job_token/). GitLab answers most of that with "404 Not Found", so it is told
 * before anything is sent.
 */
export function jobTokenRepository(repository: RepositoryRole, place: Place, env: Environment): RepositoryRole {
  const isOwn = isOwnProject(place, env);
  const write = <Args extends readonly unknown[], T>(action: (...args: Args) => Promise<T>) =>
    isOwn ? explained(action, place) : async (): Promise<T> => Promise.reject(foreignProject(place, env));
  const read = <Args extends readonly unknown[], T>(action: (...args: Args) => Promise<T>) =>
    isOwn ? action : explained(action, place);
  return {
    ...repository,
    head: read(repository.head),
    readFiles: read(repository.readFiles),
    commit: write(repository.commit),
    deleteBranch: write(repository.deleteBranch),
  };
}

/** Every call fails at once. */
export function jobTokenRequests({ project }: Place): RequestsRole {
  const refuse = async () => {
    throw new ToolError(
      'denied',
      `The token of a CI job (CI_JOB_TOKEN) cannot write merge requests, also not those of ${project}`,
      { hint: HINT },
    );
  };
  return {
    find: refuse,
    listOpen: refuse,
    read: refuse,
    open: refuse,
    update: refuse,
    close: refuse,
    merge: refuse,
  };
}

function isOwnProject({ web, project }: Place, env: Environment): boolean {
  const server = env.CI_SERVER_URL?.replace(/\/+$/, '');
  return project.toLowerCase() === env.CI_PROJECT_PATH?.toLowerCase() && (server === undefined || server === web);
}

function foreignProject({ project }: Place, env: Environment): ToolError {
  const own = env.CI_PROJECT_PATH ?? 'the project of its job';
  return new ToolError('denied', `The token of a CI job (CI_JOB_TOKEN) can push to ${own} only, not to ${project}`, {
    hint: HINT,
  });
}

/** Adds the next step to a denial; a branch that is not there is no matter of the token. */
function explained<Args extends readonly unknown[], T>(
  action: (...args: Args) => Promise<T>,
  { project }: Place,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    try {
      return await action(...args);
    } catch (error) {
      if (!(error instanceof ToolError) || !isAboutAccess(error)) throw error;
      const hint = `A job token needs a setting of ${project} (Settings, CI/CD, Job token permissions): "Allow Git push requests to the repository" to push, or this job's project on the list to read. Else: ${HINT}`;
      throw new ToolError('denied', error.message, { hint, cause: error });
    }
  };
}

function isAboutAccess({ code, message }: ToolError): boolean {
  return code === 'denied' || (code === 'missing' && /may not be seen/.test(message));
}
