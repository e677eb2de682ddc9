import type { PublishedByRequest } from '../forges/request-types.ts';
import { parseWantedImages } from '../image/wanted-image.ts';
import { verifyImages } from '../image-registry/verify.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { mayWrite, publishBump, writeOutputs } from './bumping.ts';
import { withLinkedRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { openPreview, withPreview } from './preview.ts';
import { openHeadline, type Settled, settle } from './requesting.ts';
import { count, short } from './words.ts';

/** Writes new image references into the config repository: at most one commit or request, however often it is run. */
export async function bump(inputs: InputValues<'bump'>, context: CommandContext): Promise<Outcome> {
  const wanted = parseWantedImages(inputs.images);
  const images = await verifyImages(context.host, wanted, { verify: inputs.verifyImage, pin: inputs.pinDigest });
  return withLinkedRepository(inputs, context, async (forge) => {
    const preview = await openPreview(forge, inputs, context.host);
    const published = await publishBump(forge, images, inputs, context.host, preview);
    const settled = await settle(forge, published, inputs, context.host);
    return withPreview(
      outcomeOfBump(settled, forge.location, mayWrite(inputs)),
      preview,
      published.change !== undefined,
    );
  });
}

/** What a bump came to, however far it was followed. */
export function outcomeOfBump(settled: Settled, location: string, write: boolean): Outcome {
  const { published } = settled;
  return {
    result: settled.kind === 'ended' ? settled.result : 'ok',
    exitCode: settled.kind === 'ended' ? settled.exitCode : EXIT_CODE.ok,
    outputs: writeOutputs(published),
    findings: [],
    edits: published.change?.edits ?? [],
    targets: [],
    headline: headlineOf(settled, location, write),
    notes: [...(published.notes ?? []), ...nextStep(settled, write)],
  };
}

function headlineOf(settled: Settled, location: string, write: boolean): string {
  if (settled.kind === 'ended') return settled.headline;
  const { branch, revision, change, request } = settled.published;
  const places = count(change?.edits.length ?? 0, 'place');
  if (settled.kind === 'open') return openHeadline(settled.request, places);
  const where = `${branch} of ${location}`;
  if (request !== undefined) return `${request.request.url} is merged into ${where} as ${short(revision)}`;
  if (change === undefined) return `Nothing to change: ${where} has these images at ${short(revision)}`;
  return write
    ? `${places} changed on ${where} by commit ${short(revision)}`
    : `Dry run: ${places} would change on ${where}, read at ${short(revision)}`;
}

function nextStep({ kind, published }: Settled, write: boolean): readonly string[] {
  const isNew = write && kind === 'on-base' && isOnBaseByThis(published);
  return isNew ? [`Wait for it: drawbridge wait --revision ${published.revision}`] : [];
}

function isOnBaseByThis({ changed, request }: PublishedByRequest): boolean {
  return changed || request !== undefined;
}
