import { describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { parseWantedImages } from '../../src/image/wanted-image.ts';

const SHA = `sha256:${'0f'.repeat(32)}`;

function problemsOf(lines: readonly string[]): ToolError {
  try {
    parseWantedImages(lines);
  } catch (error) {
    if (error instanceof ToolError) return error;
  }
  throw new Error('it was accepted');
}

describe('parseWantedImages', () => {
  it('reads the four forms, and passes over blank lines and repetitions', () => {
    const wanted = parseWantedImages([
      'nginx:1.27',
      '',
      `ghcr.io/a/b@${SHA}`,
      ` reg:5000/c:v1@${SHA} `,
      'api=ghcr.io/acme/api:2',
      'nginx:1.27',
    ]);
    expect(wanted).toEqual([
      { text: 'nginx:1.27', ref: { repository: 'nginx', tag: '1.27' } },
      { text: `ghcr.io/a/b@${SHA}`, ref: { registry: 'ghcr.io', repository: 'a/b', digest: SHA } },
      { text: `reg:5000/c:v1@${SHA}`, ref: { registry: 'reg:5000', repository: 'c', tag: 'v1', digest: SHA } },
      {
        text: 'api=ghcr.io/acme/api:2',
        ref: { registry: 'ghcr.io', repository: 'acme/api', tag: '2' },
        name: { repository: 'api' },
      },
    ]);
  });

  it('names every problem at once', () => {
    const error = problemsOf([
      'nginx',
      'a b:1',
      'x:1=y:2',
      'A=y:2',
      'nginx:1',
      'docker.io/library/nginx:2',
      'a:v1\u202e',
      `z@${SHA.slice(0, -1)}`,
    ]);
    expect(error.code).toBe('input');
    expect(error.problems).toEqual([
      '"nginx" has neither a tag nor a digest',
      '"a b:1" holds the character U+0020',
      '"x:1=y:2": the name before "=" has a tag or digest',
      '"A=y:2": the name before "=" has upper-case letters in "A": repositories are lower case',
      '"nginx:1" and "docker.io/library/nginx:2" contradict each other',
      '"a:v1\\u{202e}" holds the character U+202E',
      `"z@${SHA.slice(0, -1)}" has a sha256 digest of 63 characters (it needs 64)`,
    ]);
  });
});
