import { describe, expect, it } from '@jest/globals';
import { plan } from '../../src/editing/plan.ts';
import type { Plan } from '../../src/editing/plan-types.ts';
import { parseSelection, SELECT_ALL } from '../../src/editing/selection.ts';
import { parseWantedImages } from '../../src/image/wanted-image.ts';

const IMAGE = 'image: acme/api:1\n';

function planBytes(bytes: Uint8Array, path = 'values.yaml'): Plan {
  const images = parseWantedImages(['acme/api:2']);
  return plan(
    { files: [{ path, mode: '100644', bytes }], paths: [path] },
    { images, select: SELECT_ALL, allowDowngrade: false },
  );
}

function planText(text: string, path?: string): Plan {
  return planBytes(new TextEncoder().encode(text), path);
}

function refusalOf(planned: Plan): string {
  return planned.kind === 'refused'
    ? planned.problems.map(({ code, line, reason }) => `${code} ${line}: ${reason}`).join('\n')
    : planned.kind;
}

/** Milliseconds that this process has computed: unlike the clock it says the same on a busy machine. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

describe('hostile and broken files', () => {
  it.each<[string, string, string]>([
    ['brackets that never close', `${IMAGE}x: ${'['.repeat(50_000)}`, 'unreadable'],
    ['deep flow maps', `${IMAGE}x: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`, 'unreadable'],
    [
      'deep block maps',
      `${IMAGE}${Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}`,
      'nested deeper than 128',
    ],
    ['a stream of closing braces', `${IMAGE}x: ${'}'.repeat(20_000)}`, 'unreadable'],
    ['commas', `${IMAGE}x: [${','.repeat(20_000)}]`, 'unreadable'],
    ['too many documents', `${IMAGE}${'---\na\n'.repeat(10_001)}`, 'more than 10000 documents'],
    ['a larger file than is read', `${IMAGE}# ${'x'.repeat(4 * 1024 * 1024)}`, 'larger than 4 MiB'],
    ['an alias inside its own anchor', `${IMAGE}a: &a {self: *b}\n`, 'alias *b has no anchor'],
    ['tabs as indentation', `a:\n\timage: acme/api:1\n`, 'Tabs are not allowed'],
    ['a second BOM', `${IMAGE}---\n\uFEFFb: [\n`, 'unreadable'],
  ])('refuses %s soon', (_title, text, expected) => {
    const start = cpuTime();
    expect(refusalOf(planText(text))).toContain(expected);
    expect(cpuTime() - start).toBeLessThan(3000);
  });

  it.each<[string, string]>([
    [
      'an alias bomb',
      `a0: &a0 [x]\n${Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]\n`).join('')}`,
    ],
    [
      'a merge bomb',
      `m0: &m0 {k: v}\n${Array.from({ length: 20 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: [*m${n}, *m${n}]}\n`).join('')}z: {<<: *m20, image: {<<: *m20, repository: x/y, tag: 1}}\n`,
    ],
    ['5,000 anchors and aliases', Array.from({ length: 5_000 }, (_, n) => `a${n}: &a${n} x\nb${n}: *a${n}\n`).join('')],
    ['15,000 keys', Array.from({ length: 15_000 }, (_, n) => `k${n}: v\n`).join('')],
    ['an alias within its anchor', 'a: &a {self: *a}\n'],
    ['names of the prototype', '__proto__: {image: evil}\nconstructor: 1\ntoString: {hasOwnProperty: x}\n'],
    ['one line of a megabyte', `text: "${'x'.repeat(1_000_000)}"\n`],
    ['unknown tags', 'f: !!js/function "x"\ng: !Ref y\nh: !!binary aGk=\n'],
  ])('edits beside %s in linear time', (_title, text) => {
    const start = cpuTime();
    const planned = planText(`${IMAGE}${text}`);
    expect(cpuTime() - start).toBeLessThan(5000);
    expect(refusalOf(planned)).toBe('change');
    if (planned.kind === 'change')
      expect(Buffer.from(planned.files[0]?.bytes ?? []).toString()).toBe(`image: acme/api:2\n${text}`);
    expect(Object.prototype).not.toHaveProperty('image');
  });

  it.each<[string, Uint8Array]>([
    ['UTF-16', Buffer.from(`\uFEFF${IMAGE}`, 'utf16le')],
    ['Latin-1', Buffer.from(`# caf\u00e9\n${IMAGE}`, 'latin1')],
    ['a NUL byte', Buffer.from(`${IMAGE}\0`)],
  ])('skips %s by name, and touches nothing', (_title, bytes) => {
    expect(planBytes(bytes)).toMatchObject({
      kind: 'no-match',
      skipped: [{ path: 'values.yaml', reason: expect.stringContaining('cannot be read') }],
    });
  });

  it.each<[string, string]>([
    ['a literal block', 'image: |\n  acme/api:1\n'],
    ['two lines in a block', 'image: >-\n  acme/api:1\n  more\n'],
    ['a longer name', 'image: acme/api-worker:1\nother: {image: "x/acme/api:1"}\nport: {image: "acme/api:5000/x"}\n'],
    ['a comment', '# image: acme/api:1\nx: 1\n'],
    ['text', 'note: "image: acme/api:1"\n'],
    ['YAML in a block', 'values: |\n  image: acme/api:1\n'],
    ['an expression', 'image: "{{ .Values.x }}acme/api:1"\n'],
  ])('takes no %s for the image', (_title, text) => expect(planText(text).kind).toBe('no-match'));

  it('refuses JSON that only YAML could read after the edit', () => {
    expect(refusalOf(planText('{"image": "acme/api:1", # note\n "x": 1}', 'config.json'))).toContain(
      'would not be JSON',
    );
    expect(refusalOf(planText('{"image": "acme/api:1", x: 1}', 'config.json'))).toContain('would not be JSON');
  });
});

describe('parseSelection', () => {
  it('reads the three forms and names every problem at once', () => {
    expect(parseSelection(['Deployment/api', ' container=app ', '', 'marker=flux-system:api'])).toEqual({
      resources: [{ kind: 'Deployment', name: 'api' }],
      containers: ['app'],
      markers: ['flux-system:api'],
    });
    expect(() => parseSelection(['api', 'container=', 'x=y/z'])).toThrow(
      expect.objectContaining({
        code: 'input',
        problems: [
          expect.stringContaining('"api"'),
          expect.stringContaining('"container="'),
          expect.stringContaining('"x=y/z"'),
        ],
      }),
    );
  });
});
