import type { Host } from '../host.ts';

/** Where a bump comes from, as the CI system says; goes into the commit's trailers. */
export interface Provenance {
  readonly sourceRepository?: string;
  readonly sourceCommit?: string;
  readonly pipelineUrl?: string;
  /** What `<old>...<new>` is appended to, for a page with the commits between two. */
  readonly compareUrl?: string;
}

/**
 * Reads GitHub's default variables (https://docs.github.com/en/actions/reference/workflows-and-actions/variables) or
 * GitLab's predefined ones (https://docs.gitlab.com/ci/variables/predefined_variables/). Elsewhere: nothing.
 */
export function provenance(env: Host['env']): Provenance {
  if (env.GITHUB_ACTIONS === 'true' && env.GITHUB_REPOSITORY) {
    const repository = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}`;
    return present({
      sourceRepository: repository,
      sourceCommit: env.GITHUB_SHA,
      pipelineUrl: env.GITHUB_RUN_ID && `${repository}/actions/runs/${env.GITHUB_RUN_ID}`,
      compareUrl: `${repository}/compare/`,
    });
  }
  return present({
    sourceRepository: env.CI_PROJECT_URL,
    sourceCommit: env.CI_COMMIT_SHA,
    pipelineUrl: env.CI_PIPELINE_URL,
    compareUrl: env.CI_PROJECT_URL && `${env.CI_PROJECT_URL}/-/compare/`,
  });
}

function present(values: Readonly<Record<keyof Provenance, string | undefined>>): Provenance {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Provenance;
}
