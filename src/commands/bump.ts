import type { Published } from '../forges/publish.ts';
import { parseWantedImages } from '../image/wanted-image.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { mayWrite, publishBump, writeOutputs } from './bumping.ts';
import { withConfigRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { count, short } from './words.ts';

/** Writes new image references into the config repository: at most one commit, however often it is run. */
export async function bump(inputs: InputValues<'bump'>, context: CommandContext): Promise<Outcome> {
  const images = parseWantedImages(inputs.images);
  return withConfigRepository(inputs, context, async (forge) => {
    const published = await publishBump(forge, images, inputs, context.host);
    return {
      result: 'ok',
      exitCode: EXIT_CODE.ok,
      outputs: writeOutputs(published),
      findings: [],
      edits: published.change?.edits ?? [],
      targets: [],
      headline: headlineOf(published, forge.location, mayWrite(inputs)),
      notes:
        published.changed && mayWrite(inputs) ? [`Wait for it: drawbridge wait --revision ${published.revision}`] : [],
    };
  });
}

function headlineOf(published: Published, location: string, write: boolean): string {
  const { branch, revision, change } = published;
  const where = `${branch} of ${location}`;
  if (change === undefined) return `Nothing to change: ${where} has these images at ${short(revision)}`;
  const places = count(change.edits.length, 'place');
  return write
    ? `${places} changed on ${where} by commit ${short(revision)}`
    : `Dry run: ${places} would change on ${where}, read at ${short(revision)}`;
}
