import { ToolError } from '../errors.ts';
import { type ImageRef, isImageProblem, normaliseImageName, parseImageRef, printImageRef } from './image-ref.ts';

/** An image as someone asks for it. */
export interface WantedImage {
  /** As it was written. */
  readonly text: string;
  /** Has a tag, a digest or both. */
  readonly ref: ImageRef;
  /**
   * Of `name=repository:tag`: whatever stands for `name` (the `name` of a kustomization entry, or an image of that name)
   * becomes `ref`, its repository included. Without it, uses of `ref`'s own repository are looked for.
   */
  readonly name?: ImageRef;
}

/**
 * Reads `repository:tag`, `repository@sha256:…`, `repository:tag@sha256:…` and `name=repository:tag`, one a line; blank
 * lines are passed over. The same line twice counts once.
 * @throws ToolError input with every problem at once
 */
export function parseWantedImages(lines: readonly string[]): readonly WantedImage[] {
  const wanted = new Map<string, WantedImage>();
  const problems: string[] = [];
  for (const text of lines.map((line) => line.trim()).filter((line) => line !== '')) {
    const image = parseWantedImage(text);
    if ('problem' in image) {
      problems.push(image.problem);
      continue;
    }
    const key = normaliseImageName(image.name ?? image.ref);
    const earlier = wanted.get(key);
    if (earlier !== undefined && !sameWish(earlier, image))
      problems.push(`"${earlier.text}" and "${text}" contradict each other`);
    wanted.set(key, earlier ?? image);
  }
  if (problems.length === 0) return [...wanted.values()];
  throw new ToolError(
    'input',
    problems.length === 1 ? `images: ${problems[0]}` : `images: ${problems.length} problems`,
    {
      hint: 'Write one image a line: repository:tag, repository@sha256:…, repository:tag@sha256:… or name=repository:tag.',
      problems,
    },
  );
}

function parseWantedImage(text: string): WantedImage | { readonly problem: string } {
  const shown = JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text).replace(
    /[^\x20-\x7e…]/gu,
    escapeCharacter,
  );
  const equals = text.indexOf('=');
  const ref = parseImageRef(text.slice(equals + 1));
  if (isImageProblem(ref)) return { problem: `${shown} ${ref.problem}` };
  if (ref.tag === undefined && ref.digest === undefined) return { problem: `${shown} has neither a tag nor a digest` };
  if (equals < 0) return { text, ref };
  const name = parseImageRef(text.slice(0, equals));
  if (isImageProblem(name)) return { problem: `${shown}: the name before "=" ${name.problem}` };
  if (name.tag !== undefined || name.digest !== undefined)
    return { problem: `${shown}: the name before "=" has a tag or digest` };
  return { text, ref, name };
}

function sameWish(a: WantedImage, b: WantedImage): boolean {
  return printImageRef(a.ref) === printImageRef(b.ref);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
