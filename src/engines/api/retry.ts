import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Answer } from './answer.ts';

export type Success = Extract<Answer, { kind: 'ok' }>;
export type Refusal = Extract<Answer, { kind: 'refused' }>;

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Default 6. */
  readonly tries?: number | undefined;
  readonly server: ServerWords;
  /** Told why before each further try. */
  readonly onAgain?: (message: string) => void;
}

/** How errors speak of the server that was asked. */
export interface ServerWords {
  /** As the subject of a sentence: `The Argo CD server`. */
  readonly name: string;
  /** What to check when its answers make no sense. */
  readonly check: string;
}

const TRIES = 6;
/** Milliseconds of the first wait at most; each next one may be twice as long. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** Milliseconds that one read waits between its tries altogether; a server that asks for more is not waited for. */
const WAITING_BUDGET = 120_000;

/**
 * Asks until there is an answer, with full jitter, so that many pipelines do not return all at once, or after as long as the
 * server wishes. For reads only.
 * @throws ToolError temporary, protocol (nonsense to the end), and whatever `ask` throws that is not temporary
 */
export async function retried(
  host: Pick<Host, 'clock' | 'random'>,
  { signal, tries = TRIES, server, onAgain }: RetryOptions,
  ask: () => Promise<Answer>,
): Promise<Success | Refusal> {
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    const answer = await ask().catch((error: unknown) => passing(error, signal));
    if (!(answer instanceof ToolError) && (answer.kind === 'ok' || answer.kind === 'refused')) return answer;
    const asked = 'after' in answer ? answer.after : undefined;
    const wait = asked ?? host.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
    if (attempt >= tries || waited + wait > WAITING_BUDGET) throw givenUp(server, answer, asked);
    onAgain?.(answer instanceof ToolError ? answer.message : givenUp(server, answer, asked).message);
    waited += wait;
    await host.clock.sleep(wait, signal);
  }
}

/** Lets a failed connection through to the next try, and nothing else. */
function passing(error: unknown, signal: AbortSignal): ToolError {
  signal.throwIfAborted();
  if (error instanceof ToolError && error.code === 'temporary') return error;
  throw error;
}

function givenUp(
  server: ServerWords,
  answer: ToolError | Exclude<Answer, Success | Refusal>,
  after: number | undefined,
): ToolError {
  if (answer instanceof ToolError) return answer;
  if (answer.kind === 'unknown') {
    return new ToolError('protocol', `${server.name} does not answer as one: ${answer.message}`, {
      hint: server.check,
    });
  }
  const wish = after === undefined ? '' : `, and asks to be left alone for ${Math.round(after / 1000)} s`;
  return new ToolError('temporary', `${server.name} is overloaded or down: ${answer.message}${wish}`, {
    hint: 'Nothing was lost: run again later.',
  });
}
