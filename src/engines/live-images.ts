import { type ImageRef, isImageProblem, normaliseImageName, parseImageRef } from '../image/image-ref.ts';

/**
 * What speaks against the wanted images being live, a sentence each. From the start of a rollout the new image stands next to
 * the old one, even when it never starts, so that the proof is both: the new one there, and no other of its repository left.
 */
export function imageProblems(wanted: readonly string[], live: readonly string[]): readonly string[] {
  const present = live.flatMap(parsed);
  return wanted.flatMap(parsed).flatMap((image) => problemsOf(image, present));
}

/** The normalised repositories of images. */
export function repositoriesOf(images: readonly string[]): readonly string[] {
  return images.flatMap(parsed).map(({ name }) => name);
}

/**
 * The wanted images that one of many targets has to show: those whose repository it has shown, in whatever version, and
 * those that no target has shown at all. One commit may move the images of many applications, and none of them runs all.
 * @param own repositories that this target has shown
 * @param others repositories that some other target has shown
 */
export function imagesToShow(
  wanted: readonly string[],
  own: Pick<ReadonlySet<string>, 'has'>,
  others: Pick<ReadonlySet<string>, 'has'>,
): readonly string[] {
  return wanted.filter((text) => repositoriesOf([text]).every((name) => own.has(name) || !others.has(name)));
}

interface NamedImage {
  readonly text: string;
  readonly name: string;
  readonly ref: ImageRef;
}

function parsed(text: string): readonly NamedImage[] {
  const ref = parseImageRef(text);
  return isImageProblem(ref) ? [] : [{ text, name: normaliseImageName(ref), ref }];
}

function problemsOf(wanted: NamedImage, present: readonly NamedImage[]): readonly string[] {
  const ofRepository = present.filter((image) => image.name === wanted.name);
  const others = ofRepository.filter((image) => !satisfies(image.ref, wanted.ref));
  const missing = others.length === ofRepository.length ? [`the image ${wanted.text} is not live yet`] : [];
  return [...missing, ...others.map((image) => `the image ${image.text} is still live beside ${wanted.text}`)];
}

/** A digest is exact, so that the tag beside it plays no part. */
function satisfies(live: ImageRef, wanted: ImageRef): boolean {
  if (wanted.digest !== undefined) return live.digest === wanted.digest;
  return (live.tag ?? 'latest') === (wanted.tag ?? 'latest');
}
