import { ToolError } from '../errors.ts';
import { isImageProblem, normaliseImageName, parseImageRef } from './image-ref.ts';
import { compilePattern, type LinearPattern } from './linear-pattern.ts';
import { parseVersion } from './tag-order.ts';
import { inRange, parseVersionRange, type VersionRange } from './version-range.ts';
import type { WantedImage } from './wanted-image.ts';

/** What the new tag of an image has to be. */
export interface TagPolicy {
  /** The rule as it was written, without the image. */
  readonly text: string;
  /** Normalised; absent where it holds for all images. */
  readonly image?: string;
  readonly rule:
    | { readonly kind: 'range'; readonly range: VersionRange }
    | { readonly kind: 'pattern'; readonly pattern: LinearPattern };
}

const PATTERN = 'regex:';

/**
 * Reads a semantic version range or `regex:` and a pattern for the whole tag, one a line; `repository=` before it makes it the
 * policy of one image.
 * @throws ToolError input with every problem at once
 */
export function parseTagPolicies(lines: readonly string[]): readonly TagPolicy[] {
  const policies: TagPolicy[] = [];
  const problems: string[] = [];
  for (const line of lines.map((text) => text.trim()).filter((text) => text !== '')) {
    const policy = parsePolicy(line);
    if ('problem' in policy) problems.push(`${JSON.stringify(line)} ${policy.problem}`);
    else policies.push(policy);
  }
  if (problems.length === 0) return policies;
  const summary = problems.length === 1 ? `tag-policy: ${problems[0]}` : `tag-policy: ${problems.length} problems`;
  const hint = 'Write a range such as ">=1.2 <2" or "1.x", or regex: and a pattern such as regex:main-[0-9a-f]{7}.';
  throw new ToolError('input', summary, { hint, problems });
}

/** One sentence for each image whose new tag is not what a policy says. */
export function tagPolicyProblems(images: readonly WantedImage[], policies: readonly TagPolicy[]): readonly string[] {
  return images.flatMap((wanted) => {
    const name = normaliseImageName(wanted.ref);
    return policies
      .filter(({ image }) => image === undefined || image === name)
      .flatMap((policy) => {
        const problem = problemOf(wanted.ref.tag, policy);
        return problem === undefined ? [] : [`${wanted.text} ${problem}`];
      });
  });
}

function parsePolicy(line: string): TagPolicy | { readonly problem: string } {
  const equals = line.indexOf('=');
  const image = line.startsWith(PATTERN) || equals < 1 ? undefined : imageNameOf(line.slice(0, equals));
  const text = image === undefined ? line : line.slice(equals + 1).trim();
  const own = { text, ...(image !== undefined && { image }) };
  if (text === '') return { problem: 'names an image and no policy' };
  if (text.startsWith(PATTERN)) {
    const pattern = compilePattern(text.slice(PATTERN.length));
    return 'problem' in pattern ? pattern : { ...own, rule: { kind: 'pattern', pattern } };
  }
  const range = parseVersionRange(text);
  return 'problem' in range ? range : { ...own, rule: { kind: 'range', range } };
}

function imageNameOf(text: string): string | undefined {
  const ref = parseImageRef(text.trim());
  return isImageProblem(ref) || ref.tag !== undefined ? undefined : normaliseImageName(ref);
}

function problemOf(tag: string | undefined, { text, rule }: TagPolicy): string | undefined {
  if (tag === undefined) return `has no tag that tag-policy ${text} could be asked about`;
  if (rule.kind === 'pattern') return rule.pattern.matches(tag) ? undefined : `has a tag that ${text} does not match`;
  const version = parseVersion(tag);
  if (version === undefined) return `has a tag that is no version, so it is not in ${text}`;
  if (inRange(version, rule.range)) return undefined;
  const isPrerelease = inRange({ ...version, prerelease: [] }, rule.range) && version.prerelease.length > 0;
  return isPrerelease
    ? `is the pre-release ${version.prerelease.join('.')} of a version in ${text}, which names no such pre-release`
    : `has a tag that is not in ${text}`;
}
