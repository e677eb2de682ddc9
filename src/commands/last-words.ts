import { ToolError } from '../errors.ts';
import type { Forge } from '../forges/forge-client.ts';
import { openForge, type RepositoryInputs } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import type { OpenWord } from './open-words.ts';

const WORDS = 'ended before there was a verdict: cancelled, or killed';

/**
 * Ends what a run has left open on the forge: a deployment becomes inactive, a status an error. What cannot be told is a
 * warning.
 */
export async function endOpenWords(
  open: readonly OpenWord[],
  inputs: RepositoryInputs,
  context: CommandContext,
): Promise<void> {
  const forges = new Map<string, Promise<Forge>>();
  const forgeOf = ({ forge, repository: url }: OpenWord): Promise<Forge> => {
    const opened = forges.get(url) ?? openForge({ ...inputs, forge }, { kind: 'url', url }, context);
    forges.set(url, opened);
    return opened;
  };
  await Promise.all(open.map((word) => endOne(word, forgeOf, context)));
  for (const forge of forges.values()) await (await forge.catch(() => undefined))?.close();
}

async function endOne(
  word: OpenWord,
  forgeOf: (word: OpenWord) => Promise<Forge>,
  { host }: CommandContext,
): Promise<void> {
  try {
    const { statuses } = await forgeOf(word);
    if (word.kind === 'deployment') {
      await statuses?.deployment?.update(word.id, 'inactive', { ...word.draft, description: WORDS });
      host.log.info(`The deployment to ${word.draft.environment} was left open, and is inactive now.`);
    } else {
      const page = word.url === undefined ? {} : { url: word.url };
      await statuses?.post(word.revision, { context: word.context, state: 'error', description: WORDS, ...page });
      host.log.info(`The status ${word.context} was left open, and is an error now.`);
    }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    host.log.warning(
      `${word.repository} could not be told of the end: ${error.message}. ${error.hint ?? ''}`.trimEnd(),
    );
  }
}
