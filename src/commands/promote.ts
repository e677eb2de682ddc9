import { type Promotion, readPromotion } from '../editing/promotion.ts';
import { ToolError } from '../errors.ts';
import type { Forge, Head, Snapshot } from '../forges/forge-client.ts';
import { printImageName } from '../image/image-ref.ts';
import type { InputValues } from '../inputs/definitions.ts';
import type { Outcome } from '../outcome.ts';
import { outcomeOfBump } from './bump.ts';
import { mayWrite, publishWishes, refused, type Wished, wantedFiles } from './bumping.ts';
import { withLinkedRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { parseImageNames } from './image-names.ts';
import { openPreview, withPreview } from './preview.ts';
import { settle } from './requesting.ts';
import { count } from './words.ts';

type PromoteInputs = InputValues<'promote'>;

/** Copies the image references that one environment has into another, as a bump. */
export async function promote(inputs: PromoteInputs, context: CommandContext): Promise<Outcome> {
  const images = parseImageNames(inputs.images);
  const [from, to] = [wantedIn(inputs.from), wantedIn(inputs.to)];
  const target = (path: string) => to(path) && !from(path);
  return withLinkedRepository(inputs, context, async (forge) => {
    let promotion: Promotion | undefined;
    const preview = await openPreview(forge, inputs, context.host);
    const wishes = {
      wanted: (path: string) => from(path) || to(path),
      read: (snapshot: Snapshot, head: Head): Wished => {
        promotion = readPromotion(snapshot, { from, to: target, images });
        refuseUnclear(promotion, inputs, forge, head);
        return { images: wantedOf(promotion, inputs), within: target };
      },
    };
    const published = await publishWishes(forge, wishes, { ...inputs, files: [] }, context.host, preview);
    const settled = await settle(forge, published, inputs, context.host);
    const outcome = outcomeOfBump(settled, forge.location, mayWrite(inputs));
    const whole = { ...outcome, notes: [...outcome.notes, ...notesOn(promotion, inputs)] };
    return withPreview(whole, preview, published.change !== undefined);
  });
}

/** Globs as everywhere, and only files that can hold images. */
function wantedIn(globs: readonly string[]): (path: string) => boolean {
  const [named, manifests] = [wantedFiles(globs), wantedFiles([])];
  return (path) => named(path) && manifests(path);
}

/** @throws ToolError data (two values of one image), missing (an image that was asked for, or all of them) */
function refuseUnclear(promotion: Promotion, inputs: PromoteInputs, forge: Forge, head: Head): void {
  const { problems, images, onlyInSource, notInSource } = promotion;
  if (problems.length > 0) throw refused({ problems }, [], forge, head);
  if (notInSource.length > 0 && inputs.onNoMatch === 'error') {
    const names = notInSource.map(printImageName).join(', ');
    throw new ToolError('missing', `${count(notInSource.length, 'image')} not found in the files of from: ${names}`, {
      hint: 'Check the names and the globs in from; on-no-match: warn goes on without them.',
    });
  }
  if (images.length + onlyInSource.length + notInSource.length > 0) return;
  throw new ToolError('missing', `No file of from on ${head.branch} of ${forge.location} names an image with a tag`, {
    hint: 'Check the globs in from.',
  });
}

/** An image that was asked for has to be used by the target as well; of all others, those that it uses are meant. */
function wantedOf({ images, onlyInSource }: Promotion, inputs: PromoteInputs): Wished['images'] {
  const isAsked = inputs.images.length > 0 || images.length === 0;
  return isAsked ? [...images, ...onlyInSource] : images;
}

function notesOn(promotion: Promotion | undefined, { images }: PromoteInputs): readonly string[] {
  if (promotion === undefined) return [];
  const { onlyInSource, notInSource, skipped } = promotion;
  const others = images.length > 0 ? [] : onlyInSource;
  return [
    ...(others.length === 0 ? [] : [`Not used by the files of to: ${others.map(({ text }) => text).join(', ')}`]),
    ...(notInSource.length === 0 ? [] : [`Not in the files of from: ${notInSource.map(printImageName).join(', ')}`]),
    ...skipped.map(({ path, reason }) => `Not read: ${path} ${reason}`),
  ];
}
