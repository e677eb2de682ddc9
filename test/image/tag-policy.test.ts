import { describe, expect, it } from '@jest/globals';
import { parseVersion } from '../../src/image/tag-order.ts';
import { parseTagPolicies, tagPolicyProblems } from '../../src/image/tag-policy.ts';
import { inRange, parseVersionRange } from '../../src/image/version-range.ts';
import { parseWantedImages } from '../../src/image/wanted-image.ts';

function isIn(tag: string, range: string): boolean | string {
  const parsed = parseVersionRange(range);
  const version = parseVersion(tag);
  if (version === undefined) return 'no version';
  return 'problem' in parsed ? parsed.problem : inRange(version, parsed);
}

describe('a range of versions', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['>=1.2 <2', ['1.2.0', 'v1.9.9', '1.10'], ['1.1.9', '2.0.0', '2.0.0-rc.1', '1.5.0-rc.1']],
    ['>=1.2, <2', ['1.2.0'], ['2.0.0']],
    ['^1.2.3', ['1.2.3', '1.9.0'], ['1.2.2', '2.0.0']],
    ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2']],
    ['^0.0.3', ['0.0.3'], ['0.0.4']],
    ['^0', ['0.9.0'], ['1.0.0']],
    ['^0.0', ['0.0.9'], ['0.1.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0']],
    ['~1', ['1.9.0'], ['2.0.0']],
    ['~> 1.2', ['1.2.9'], ['1.3.0']],
    ['1.x', ['1.0.0', '1.9.9'], ['2.0.0', '0.9.0']],
    ['1.2.*', ['1.2.3'], ['1.3.0']],
    ['1', ['1.5.0'], ['2.0.0']],
    ['*', ['0.0.1', '99.0.0'], ['1.0.0-rc.1']],
    ['', ['1.0.0'], []],
    ['=1.2.3', ['1.2.3', 'v1.2.3', '1.2.3_build'], ['1.2.4']],
    ['1.2 - 1.4', ['1.2.0', '1.4.9'], ['1.5.0', '1.1.0']],
    ['<1 || >=3', ['0.9.0', '3.0.0'], ['1.0.0', '2.9.9']],
    ['>1', ['2.0.0'], ['1.9.9']],
    ['>1.2', ['1.3.0'], ['1.2.9']],
    ['<=1.2', ['1.2.9'], ['1.3.0']],
    ['<=1', ['1.9.0'], ['2.0.0']],
    ['>*', [], ['1.0.0']],
    ['>=1 !=1.3.0', ['1.2.0'], ['1.3.0']],
    ['>=1.2.0-rc.1', ['1.2.0-rc.2', '1.2.0', '1.3.0'], ['1.2.0-beta', '1.3.0-rc.1']],
  ])('%s', (range, inside, outside) => {
    expect(inside.filter((tag) => isIn(tag, range) !== true)).toEqual([]);
    expect(outside.filter((tag) => isIn(tag, range) !== false)).toEqual([]);
  });

  it.each(['latest', '>=', '1.2.3.4', '>>1', '>=01.2', '1.2 -', '!=1.x', '^', '1 & 2', `>=${'9'.repeat(600)}`])(
    'refuses %s',
    (range) => expect(typeof isIn('1.0.0', range)).toBe('string'),
  );
});

function problems(images: readonly string[], policies: readonly string[]): readonly string[] {
  return tagPolicyProblems(parseWantedImages(images), parseTagPolicies(policies));
}

describe('tag-policy', () => {
  it('judges every image by every policy that is its own', () => {
    expect(
      problems(['a/b:1.0.0', 'c:2.0.0'], ['>=1', 'docker.io/a/b=<1', 'index.docker.io/library/c=regex:2.*']),
    ).toEqual(['a/b:1.0.0 has a tag that is not in <1']);
  });

  it('says what is wrong with the tag', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(
      problems(['a:main', `b@${digest}`, 'c:2.0.0-rc.1', 'd:1.0.0'], ['>=2']).map((text) => text.replace(digest, '…')),
    ).toEqual([
      'a:main has a tag that is no version, so it is not in >=2',
      'b@… has no tag that tag-policy >=2 could be asked about',
      'c:2.0.0-rc.1 is the pre-release rc.1 of a version in >=2, which names no such pre-release',
      'd:1.0.0 has a tag that is not in >=2',
    ]);
    expect(problems(['a:xmain-1'], ['regex:main-\\d+'])).toEqual([
      'a:xmain-1 has a tag that regex:main-\\d+ does not match',
    ]);
  });

  it('is content without policies', () => expect(problems(['a:main'], [])).toEqual([]));

  it('names everything that it cannot read', () => {
    expect(() => parseTagPolicies(['', 'latest', 'regex:(', 'a/b=', 'a/b=soon'])).toThrow(
      expect.objectContaining({ code: 'input', problems: Array(4).fill(expect.any(String)) }),
    );
  });
});
