import { ToolError } from '../../errors.ts';

/** As `permissions:` of a workflow names them. */
export type Right = 'statuses' | 'checks' | 'deployments';

const HINTS: Readonly<Record<Right, { readonly name: string; readonly scope: string }>> = {
  statuses: { name: 'Commit statuses', scope: 'repo:status' },
  checks: { name: 'Checks', scope: 'repo' },
  deployments: { name: 'Deployments', scope: 'repo_deployment' },
};

/** An error about access, with the permission that is missing; whatever is wrong otherwise is thrown. */
export function denied(error: unknown, right: Right, access: 'read' | 'write' = 'read'): ToolError {
  if (!(error instanceof ToolError) || (error.code !== 'denied' && error.code !== 'missing')) throw error;
  const { name, scope } = HINTS[right];
  const hint = `The token needs the permission ${name}: ${access} for this repository (in a workflow: permissions: ${right}: ${access}; of a classic token: the scope ${scope}).`;
  return new ToolError(error.code, error.message, { hint, cause: error });
}

export async function withRight<T>(right: Right, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw denied(error, right, 'write');
  }
}
