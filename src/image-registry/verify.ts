import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { type ImageRef, printImageRef } from '../image/image-ref.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import { type FoundManifest, findManifest } from './registry.ts';

export interface VerifyOptions {
  /** `tag`: what is written exists. `digest`: and a digest that is given is what the tag points at. */
  readonly verify: 'off' | 'tag' | 'digest';
  /** Adds the digest that the tag points at now. */
  readonly pin: boolean;
}

/**
 * Asks the registries for the wanted images, so that nothing is written that the cluster cannot pull, and adds digests where
 * they are to be pinned.
 * @throws ToolError missing with every image that does not exist, data where a digest is not the tag's, denied, temporary
 */
export async function verifyImages(
  host: Host,
  images: readonly WantedImage[],
  options: VerifyOptions,
): Promise<readonly WantedImage[]> {
  if (options.verify === 'off' && !options.pin) return images;
  const looked = await Promise.all(images.map((image) => lookUp(host, image, options)));
  const absent = looked
    .filter(({ found }) => found === undefined)
    .map(({ image }) => `${printImageRef(image.ref)} is not in its registry`);
  if (absent.length > 0) {
    throw new ToolError(
      'missing',
      absent.length === 1 ? `${absent[0]}` : `${absent.length} images are not in their registries`,
      {
        problems: absent,
        hint: 'Nothing was written. Check the name and the tag, and that the push has ended; verify-image: off skips this.',
      },
    );
  }
  const moved = looked.filter(({ image, found }) => options.verify === 'digest' && isOther(image.ref, found));
  if (moved.length > 0) {
    throw new ToolError('data', 'A digest is not what its tag points at', {
      problems: moved.map(({ image, found }) => `${printImageRef(image.ref)}: the tag points at ${found?.digest}`),
      hint: 'Nothing was written. Give the digest that the registry shows, or leave it out and set pin-digest: true.',
    });
  }
  return options.pin ? looked.map(({ image, found }) => pinned(image, found)) : looked.map(({ image }) => image);
}

interface Looked {
  readonly image: WantedImage;
  readonly found: FoundManifest | undefined;
}

/** A tag is looked up where there is one; the digest alone says nothing about where the tag points. */
async function lookUp(host: Host, image: WantedImage, { verify, pin }: VerifyOptions): Promise<Looked> {
  const { tag, digest } = image.ref;
  const reference = tag !== undefined && (digest === undefined || verify === 'digest' || pin) ? tag : digest;
  return { image, found: reference === undefined ? undefined : await findManifest(host, image.ref, reference) };
}

function isOther({ tag, digest }: ImageRef, found: FoundManifest | undefined): boolean {
  return tag !== undefined && digest !== undefined && found?.digest !== digest;
}

function pinned(image: WantedImage, found: FoundManifest | undefined): WantedImage {
  if (image.ref.digest !== undefined || found === undefined) return image;
  const ref = { ...image.ref, digest: found.digest };
  return { ...image, ref, text: printImageRef(ref) };
}
