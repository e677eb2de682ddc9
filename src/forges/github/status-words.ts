import type { CommitStatus, StatusState } from '../forge-client.ts';

interface StatusJson {
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly target_url: string | null;
}

interface CheckJson {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly html_url: string | null;
  readonly output: { readonly title: string | null };
}

interface DeployedJson {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environment_url?: string;
  readonly log_url?: string;
}

const STATES: Readonly<Record<string, StatusState>> = { success: 'success', failure: 'failure', error: 'error' };

export function statusOf({ context, state, description, target_url: url }: StatusJson): CommitStatus {
  return {
    kind: 'status',
    context,
    state: STATES[state] ?? 'pending',
    description: description ?? '',
    ...(url ? { url } : {}),
  };
}

/** https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks */
const CONCLUSIONS: Readonly<Record<string, StatusState>> = {
  success: 'success',
  failure: 'failure',
  timed_out: 'failure',
  neutral: 'inactive',
  skipped: 'inactive',
};

export function checkOf({ name, status, conclusion, html_url: url, output }: CheckJson): CommitStatus {
  return {
    kind: 'check',
    context: name,
    state: status === 'completed' ? (CONCLUSIONS[conclusion ?? ''] ?? 'error') : 'pending',
    description: output.title ?? conclusion ?? status,
    ...(url ? { url } : {}),
  };
}

/** What the newest status of a deployment says; one without any has only been asked for. */
export function deployedOf(environment: string, statuses: readonly DeployedJson[]): CommitStatus {
  const newest = statuses.toSorted((a, b) => b.id - a.id)[0];
  const state = newest?.state ?? 'queued';
  const url = newest?.environment_url || newest?.log_url;
  return {
    kind: 'deployment',
    context: environment,
    state: STATES[state] ?? (state === 'inactive' ? 'inactive' : 'pending'),
    description: newest?.description || state.replaceAll('_', ' '),
    ...(url ? { url } : {}),
  };
}
