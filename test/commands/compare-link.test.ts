import { describe, expect, it } from '@jest/globals';
import { compareLinks } from '../../src/commands/compare-link.ts';
import { provenance } from '../../src/commands/provenance.ts';
import type { Edit } from '../../src/editing/edit.ts';

const SHA = 'beef123'.padEnd(40, '0');
const compareUrl = 'https://git.test/acme/api/compare/';

function edit(imageBefore: string, imageAfter: string): Edit {
  const place = { path: 'a.yaml', start: 0, end: 0, replacement: '', line: 1, before: '', after: '', place: '' };
  return { ...place, imageBefore, imageAfter };
}

const links = (before: string, after: string, sourceCommit = SHA) =>
  compareLinks([edit(before, after)], { sourceCommit, compareUrl });

describe('the link to what changed in the source', () => {
  it.each([
    ['acme/api:abc1234', 'acme/api:beef123'],
    ['acme/api:main-abc1234-17', 'acme/api:main-beef123-18'],
    ['reg:5000/acme/api:v1_abc1234', 'reg:5000/acme/api:v2_beef123'],
  ])('from %s to %s', (before, after) => {
    expect(links(before, after)).toEqual([
      `Changes in the source: [abc1234...beef123](${compareUrl}abc1234...beef123)`,
    ]);
  });

  it.each([
    ['the new tag carries another commit', 'acme/api:abc1234', 'acme/api:dead123'],
    ['the old tag carries none', 'acme/api:1.0.0', 'acme/api:beef123'],
    ['the new tag carries none', 'acme/api:abc1234', 'acme/api:1.0.0'],
    ['the lengths differ', 'acme/api:abc12345', 'acme/api:beef123'],
    ['nothing changed', 'acme/api:beef123', 'acme/api:x-beef123'],
    ['the digits are part of a word', 'acme/api:xabc1234', 'acme/api:beef123'],
  ])('is left out where %s', (_, before, after) => expect(links(before, after)).toEqual([]));

  it('is there once for many places, and not without knowing the source', () => {
    const edits = [edit('a/b:abc1234', 'a/b:beef123'), edit('a/b:abc1234', 'a/b:beef123')];
    expect(compareLinks(edits, { sourceCommit: SHA, compareUrl })[0]?.match(/\]\(/g)).toHaveLength(1);
    expect(compareLinks(edits, { compareUrl })).toEqual([]);
    expect(compareLinks(edits, { sourceCommit: SHA })).toEqual([]);
  });

  it('leads to the page of GitHub or GitLab', () => {
    const github = provenance({ GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/api', GITHUB_SHA: SHA });
    expect(github.compareUrl).toBe('https://github.com/acme/api/compare/');
    expect(provenance({ CI_PROJECT_URL: 'https://gitlab.test/acme/api' }).compareUrl).toBe(
      'https://gitlab.test/acme/api/-/compare/',
    );
    expect(provenance({})).toEqual({});
  });
});
