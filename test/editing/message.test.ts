import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Edit } from '../../src/editing/edit.ts';
import { type ChangeContext, describeChange } from '../../src/editing/message.ts';
import { oneLine, parseTrailers, trailerValues } from '../../src/editing/trailers.ts';

function edit(path: string, image: string, before: string, after: string, place = 'image.tag'): Edit {
  const [imageBefore, imageAfter] = [`${image}:${before}`, `${image}:${after}`];
  return { path, start: 0, end: 1, replacement: after, line: 3, before, after, image, imageBefore, imageAfter, place };
}

const API = edit('apps/api/values.yaml', 'ghcr.io/acme/api', '1.2.2', '1.2.3');
const CONTEXT: ChangeContext = {
  sourceRepository: 'https://github.com/acme/api',
  sourceCommit: 'c0ffee',
  pipelineUrl: 'https://ci.example.org/1',
};

describe('describeChange', () => {
  it('writes title, list and trailers', () => {
    const second = edit(
      'apps/api/prod.yaml',
      'ghcr.io/acme/api',
      '1.2.1',
      '1.2.3',
      'Deployment shop/api container app',
    );
    const change = describeChange([API, second], [], CONTEXT);
    expect(change.title).toBe('chore(apps/api): bump ghcr.io/acme/api to 1.2.3');
    expect(change.message).toBe(`chore(apps/api): bump ghcr.io/acme/api to 1.2.3

apps/api/values.yaml
  image.tag: 1.2.2 -> 1.2.3
apps/api/prod.yaml
  Deployment shop/api container app: 1.2.1 -> 1.2.3

Image: ghcr.io/acme/api:1.2.3
Previous-Image: ghcr.io/acme/api:1.2.2
Previous-Image: ghcr.io/acme/api:1.2.1
Source-Repository: https://github.com/acme/api
Source-Commit: c0ffee
Pipeline-Url: https://ci.example.org/1
`);
    expect(change.body).toBe(`| file | place | old | new |
| --- | --- | --- | --- |
| \`apps/api/values.yaml:3\` | \`image.tag\` | \`1.2.2\` | \`1.2.3\` |
| \`apps/api/prod.yaml:3\` | \`Deployment shop/api container app\` | \`1.2.1\` | \`1.2.3\` |

- Source: \`https://github.com/acme/api\`
- Source commit: \`c0ffee\`
- Pipeline: \`https://ci.example.org/1\`
`);
  });

  it.each<[string, readonly Edit[]]>([
    ['chore(apps): bump api, web', [API, edit('apps/web/v.yaml', 'ghcr.io/acme/web', '1', '2')]],
    ['chore: bump api, b and 1 more', [API, edit('b.yaml', 'b', '1', '2'), edit('c.yaml', 'c', '1', '2')]],
    ['chore: bump nginx to 1.27', [edit('values.yaml', 'nginx', '1.26', '1.27')]],
    [
      'chore: set a.b to x',
      [{ path: 'v.yaml', start: 0, end: 1, replacement: 'x', line: 1, before: 'a', after: 'x', place: 'a.b' }],
    ],
  ])('%s', (title, edits) => expect(describeChange(edits, [], {}).title).toBe(title));

  it('says what a digest without a tag moves to', () => {
    const digest = `sha256:${'0f'.repeat(32)}`;
    const pinned = { ...API, after: digest, imageAfter: `ghcr.io/acme/api@${digest}` };
    expect(describeChange([pinned], [], {}).title).toBe(
      'chore(apps/api): bump ghcr.io/acme/api to sha256:0f0f0f0f0f0f',
    );
  });

  it('keeps a given message and its own trailers, and none of those that only a bump may write', () => {
    const commitMessage =
      'Ship it\n\nImage: evil\n\nimage : evil too\nfine: yes\n\nSigned-off-by: A <a@example.org>\nPrevious-Image: forged:1\n';
    const { message } = describeChange([API], [], { commitMessage });
    expect(message).toBe(
      'Ship it\n\n> Image: evil\n\n> image : evil too\nfine: yes\n\nSigned-off-by: A <a@example.org>\nImage: ghcr.io/acme/api:1.2.3\nPrevious-Image: ghcr.io/acme/api:1.2.2\n',
    );
  });

  it('asks CI systems to start nothing in a paragraph of its own, which no rollback repeats', () => {
    const change = describeChange([API], [], { skipsCi: true });
    const [title, list, marker, trailers, ...rest] = change.message.split('\n\n');
    expect([title, marker, rest]).toEqual([change.title, '[skip ci]', []]);
    expect([list, trailers]).toEqual([expect.stringContaining(API.path), expect.stringMatching(/^Image: /)]);
    expect(trailerValues(parseTrailers(change.message), 'Image')).toEqual(['ghcr.io/acme/api:1.2.3']);
    for (const context of [{}, { skipsCi: false }])
      expect(describeChange([API], [], context).message).not.toContain('[skip ci]');
  });

  it('uses a title in place of its own', () => {
    const change = describeChange([API], [], { title: 'deploy: api\nImage: evil' });
    expect(change.title).toBe('deploy: api Image: evil');
    expect(trailerValues(parseTrailers(change.message), 'Image')).toEqual(['ghcr.io/acme/api:1.2.3']);
  });

  it('gives git the same trailers, whatever the foreign text is', () => {
    const context = {
      ...CONTEXT,
      sourceCommit: 'abc\nImage: evil:1\r\nImage: evil:2\u2028Image: evil:3',
      commitMessage: 'x\n\ny\n\nImage: evil:4',
    };
    const { message } = describeChange([API], [], context);
    const read = execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' });
    expect(read).toBe(`Image: ghcr.io/acme/api:1.2.3
Previous-Image: ghcr.io/acme/api:1.2.2
Source-Repository: https://github.com/acme/api
Source-Commit: abc Image: evil:1 Image: evil:2 Image: evil:3
Pipeline-Url: https://ci.example.org/1
`);
  });

  it('lets no foreign text forge a trailer, break a line, or leave its cell', () => {
    const foreign = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            'Image: evil:1',
            '\n',
            '\r',
            '\u2028',
            '\n\n',
            ' ',
            '`',
            '|',
            '@all',
            '<!--',
            'Image',
            ': ',
            '\0',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(foreign, foreign, foreign, foreign, (title, commitMessage, sourceCommit, path) => {
        const change = describeChange([{ ...API, path, place: sourceCommit }], [], {
          title,
          commitMessage,
          sourceCommit,
        });
        expect(change.title).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(trailerValues(parseTrailers(change.message), 'Image')).toEqual(['ghcr.io/acme/api:1.2.3']);
        expect(change.message.length).toBeLessThan(20_000);
        const rows = change.body.split('\n').filter((line) => line.startsWith('|'));
        expect(rows).toHaveLength(3);
        expect(rows[2]?.replaceAll('\\|', '').split('|')).toHaveLength(6);
      }),
    );
  });
});

describe('parseTrailers', () => {
  it('reads the last paragraph only, folded lines and CRLF included', () => {
    expect(parseTrailers('t\r\n\r\nImage: a:1\r\n  b\r\nX-Y: z\r\n')).toEqual([
      { name: 'Image', value: 'a:1 b' },
      { name: 'X-Y', value: 'z' },
    ]);
  });

  it.each(['', 'Image: a:1', 't\n\nImage: a:1\n\nmore text', 't\n\nImage: a:1\nnot a trailer', 't\n\n indented: x'])(
    'finds none in %j',
    (message) => {
      expect(parseTrailers(message)).toEqual([]);
    },
  );

  it('matches names without regard to case', () => {
    expect(trailerValues(parseTrailers('t\n\nimage: a:1'), 'Image')).toEqual(['a:1']);
  });
});

describe('oneLine', () => {
  it('caps by characters, never within one', () => {
    expect(oneLine('😀'.repeat(10), 5)).toBe('😀😀😀😀…');
    expect(oneLine('a\u202eb\u0000c\n\td', 50)).toBe('a b c d');
  });
});
