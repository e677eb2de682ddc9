import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLineIndex } from '../../src/manifests/lines.ts';
import { createLocator } from '../../src/manifests/locate.ts';

const TEXT = `# head
---
kind: Pod
"meta": {name: web}
spec:
  base: &base
    image: nginx
  merged:
    <<: *base
  containers:
    - name: web
      ports: [{containerPort: 80}]
    - *base
  yes: 1
  empty:
`;

describe('createLocator', () => {
  const locator = createLocator(TEXT, 'cluster');
  const at = (range: { start: number; end: number }) => TEXT.slice(range.start, range.end);

  it('finds keys and scalar values', () => {
    expect(at(locator.key(['meta']))).toBe('"meta"');
    expect(at(locator.value(['meta', 'name']))).toBe('web');
    expect(at(locator.value(['spec', 'containers', 0, 'ports', 0, 'containerPort']))).toBe('80');
    expect(at(locator.key(['spec', 'true']))).toBe('yes');
  });

  it('follows aliases and merges to where the text stands', () => {
    expect(at(locator.value(['spec', 'merged', 'image']))).toBe('nginx');
    expect(at(locator.value(['spec', 'containers', 1, 'image']))).toBe('nginx');
  });

  it('falls back to the nearest ancestor, and to the key of an empty value', () => {
    expect(at(locator.key(['spec', 'containers', 0, 'nothing', 'here']))).toBe('');
    expect(TEXT.slice(locator.key(['spec', 'containers', 0, 'nothing']).start)).toMatch(/^name: web/);
    expect(at(locator.value(['spec', 'empty']))).toBe('empty');
    expect(TEXT.slice(locator.value([]).start)).toMatch(/^kind: Pod/);
  });

  it('finds keys that stand twice with both places, keys that are no text, and ambiguous literals', () => {
    const repeated = createLocator('a:\n  - b: 1\n    c: yes\n    "b": 2\n? {x: 1}\n: no\nd: "on"\n', 'cluster');
    expect(repeated.repeatedKeys()).toEqual([
      { path: ['a', 0, 'b'], first: { start: 7, end: 8 }, again: { start: 27, end: 30 } },
    ]);
    expect(repeated.complexKeys()).toHaveLength(1);
    expect(repeated.ambiguousScalars().map(({ text }) => text)).toEqual(['yes', 'no']);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      '<<: ',
      '"',
      "'",
      '|',
      '? ',
      '!t ',
      '#',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const wild = createLocator(text, 'cluster');
        for (const range of [wild.key(['a', 0]), wild.value(['a', 'a'])]) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThanOrEqual(text.length + 1);
        }
        wild.repeatedKeys();
        wild.ambiguousScalars();
        wild.complexKeys();
      }),
      { numRuns: 400 },
    );
  });
});

describe('createLineIndex', () => {
  it('counts LF, CRLF and CR, columns from 1', () => {
    const place = createLineIndex('a\r\nbc\rd\n');
    expect([0, 1, 3, 4, 6, 8].map((offset) => place(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
    ]);
  });
});
