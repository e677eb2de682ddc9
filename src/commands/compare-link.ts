import type { Edit } from '../editing/edit.ts';
import { isImageProblem, parseImageRef } from '../image/image-ref.ts';
import type { Provenance } from './provenance.ts';

/**
 * What changed in the source between two images, where both tags carry a commit and the new one is the commit that this
 * pipeline runs for: only then is it certain that the tags are about that repository.
 * @returns Markdown, at most one paragraph
 */
export function compareLinks(edits: readonly Edit[], { sourceCommit, compareUrl }: Provenance): readonly string[] {
  if (sourceCommit === undefined || compareUrl === undefined) return [];
  const links = edits.flatMap(({ imageBefore = '', imageAfter = '' }) => {
    const pair = commitsOf(imageBefore, imageAfter, sourceCommit);
    return pair === undefined ? [] : [`[${pair.old}...${pair.new}](${compareUrl}${pair.old}...${pair.new})`];
  });
  const unique = [...new Set(links)];
  return unique.length === 0 ? [] : [`Changes in the source: ${unique.join(', ')}`];
}

function commitsOf(before: string, after: string, sourceCommit: string) {
  const newer = commitsIn(after).find((commit) => sourceCommit.startsWith(commit));
  const older = newer === undefined ? undefined : commitsIn(before).find(({ length }) => length === newer.length);
  return newer === undefined || older === undefined || older === newer ? undefined : { old: older, new: newer };
}

/** Runs of 7 to 40 hexadecimal digits in the tag that stand alone, such as in `main-4f2a9c0-17`. */
function commitsIn(reference: string): readonly string[] {
  const ref = parseImageRef(reference);
  const tag = isImageProblem(ref) ? undefined : ref.tag;
  return (tag ?? '').split(/[^0-9a-z]+/).filter((part) => /^[0-9a-f]{7,40}$/.test(part));
}
