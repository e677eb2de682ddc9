import { ToolError } from '../errors.ts';
import { type ImageRef, isImageProblem, parseImageRef } from '../image/image-ref.ts';

/**
 * Reads repositories; a tag or digest is passed over.
 * @throws ToolError input with every problem at once
 */
export function parseImageNames(lines: readonly string[]): readonly ImageRef[] {
  const parsed = lines.map((text) => ({ text, ref: parseImageRef(text) }));
  const problems = parsed.flatMap(({ text, ref }) =>
    isImageProblem(ref) ? [`images: ${JSON.stringify(text)} ${ref.problem}`] : [],
  );
  if (problems.length > 0) {
    throw new ToolError('input', problems.join('; '), {
      hint: 'Write repositories, such as ghcr.io/acme/shop-api.',
      problems,
    });
  }
  return parsed.flatMap(({ ref }) => (isImageProblem(ref) ? [] : [ref]));
}
