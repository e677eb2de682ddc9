import type { DeploymentDraft, Revision } from '../forges/forge-client.ts';
import type { Host } from '../host.ts';

/** Something that the forge was told to be under way, and that nobody has told the end of yet. */
export type OpenWord = OpenDeployment | OpenStatus;

interface Told {
  /** Of the registry. */
  readonly forge: string;
  /** Its address, without credentials. */
  readonly repository: string;
  readonly revision: Revision;
}

export interface OpenDeployment extends Told {
  readonly kind: 'deployment';
  readonly id: string;
  readonly draft: DeploymentDraft;
}

export interface OpenStatus extends Told {
  readonly kind: 'status';
  readonly context: string;
  /** The page of the run. */
  readonly url?: string;
}

const KINDS = ['deployment', 'status'] as const;

/**
 * Hands over to the `post` step of the Action what is open, or that nothing is any more: the runner ends a job that does not
 * stop in time, and runs that step all the same
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#sending-values-to-the-pre-and-post-actions).
 * Elsewhere nothing is done.
 */
export async function keepOpen({ env, files, log }: Host, kind: OpenWord['kind'], word?: OpenWord): Promise<void> {
  const path = env.GITHUB_STATE;
  if (path === undefined || path === '') return;
  try {
    await files.append(path, `${nameOf(kind)}=${word === undefined ? '' : JSON.stringify(word)}\n`);
  } catch (error) {
    log.debug(`The state for the post step could not be written: ${String(error)}`);
  }
}

/** What the main step left open, from the variables of the `post` step. */
export function readOpen(env: Host['env']): readonly OpenWord[] {
  return KINDS.flatMap((kind) => {
    const text = env[`STATE_${nameOf(kind)}`] ?? '';
    const word = text === '' ? undefined : parse(text);
    return word?.kind === kind ? [word] : [];
  });
}

function nameOf(kind: OpenWord['kind']): string {
  return `open_${kind}`;
}

/** Written by `keepOpen` of the same program, in the same job. */
function parse(text: string): OpenWord | undefined {
  try {
    return JSON.parse(text) as OpenWord;
  } catch {
    return undefined;
  }
}
