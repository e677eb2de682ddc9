import { type ErrorCode, ToolError } from '../../errors.ts';
import type { Head } from '../forge-client.ts';
import type { GithubClient } from './client.ts';
import type { Place } from './place.ts';

const BRANCH =
  'query ($owner: String!, $name: String!, $reference: String!) { repository(owner: $owner, name: $name) { ref(qualifiedName: $reference) { name target { oid } } } }';
const DEFAULT =
  'query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ref: defaultBranchRef { name target { oid } } } }';

/** Git may do better: it tries again, and knows what to say. */
const LEFT_TO_GIT: ReadonlySet<ErrorCode> = new Set(['temporary', 'denied', 'missing', 'protocol']);

/** The tip of a branch (not given: of the default one) in one request; undefined where GitHub does not give it. */
export async function readHead(client: GithubClient, place: Place, branch?: string): Promise<Head | undefined> {
  const { owner, name } = place;
  const isDefault = branch === undefined || branch === '';
  const variables = { owner, name, ...(isDefault ? {} : { reference: `refs/heads/${branch}` }) };
  try {
    const { data } = await client.graphql('read the branch', isDefault ? DEFAULT : BRANCH, variables);
    return headOf(data.repository);
  } catch (error) {
    if (error instanceof ToolError && LEFT_TO_GIT.has(error.code)) return undefined;
    throw error;
  }
}

function headOf(repository: unknown): Head | undefined {
  const { ref } = Object(repository) as { readonly ref?: unknown };
  const { name, target } = Object(ref) as { readonly name?: unknown; readonly target?: unknown };
  const { oid } = Object(target) as { readonly oid?: unknown };
  const isHead = typeof name === 'string' && typeof oid === 'string' && /^[0-9a-f]{40,64}$/.test(oid);
  return isHead ? { branch: name, revision: oid } : undefined;
}
