import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { parseDocument } from 'yaml';
import { invert } from '../../src/editing/invert.ts';
import { describeChange } from '../../src/editing/message.ts';
import { plan } from '../../src/editing/plan.ts';
import { SELECT_ALL } from '../../src/editing/selection.ts';
import { parseTrailers } from '../../src/editing/trailers.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';

/** Tags as people and pipelines make them, the treacherous ones above all. */
const tag = fc.oneof(
  fc.constantFrom(
    '1.10',
    '1e3',
    '012',
    '0x10',
    'null',
    'true',
    'on',
    'y',
    'n',
    '2024-01-01',
    '1_000',
    '1234567e8',
    '0o7',
    '0b1',
    '1e5_0',
    '_1',
    'v1',
    'latest',
    'NaN',
    'e1234567',
    '1.',
    '12e03',
  ),
  fc.stringMatching(/^[0-9a-fxob_.e-]{1,12}$/).filter((text) => /^\w/.test(text)),
  fc.stringMatching(/^\w[\w.-]{0,20}$/),
);

/** Ways to write a value. */
const quote = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `"${text}"`,
  (text) => `'${text}'`,
  (text) => `!!str ${text}`,
  (text) => `&anchor "${text}"`,
);
const comment = fc.constantFrom('', ' # note', '   # {"$imagepolicy": "a:b:tag"}', ' # ünïcödé 😀 tag: x');
const lineEnd = fc.constantFrom('\n', '\r\n');
const noise = fc.constantFrom(
  '',
  '# comment\n',
  '\n\n',
  'mode: 0755\n',
  "text: 'it''s'\n",
  'list: [1, 2,   {a: b}]\n',
  'multi: |\n  tag: 1\n   image: acme/api:9\n',
  '"quoted key": &other yes\n',
  'emoji: "😀"\n',
  'folded: >-\n  some\n\n  text\n',
);

/** Shapes that hold `acme/api`; the value is spliced in as source. */
const shape = fc.constantFrom<(value: string, note: string, tagText: string) => string>(
  (value, note) => `app:\n  image:\n    repository: acme/api\n    tag: ${value}${note}\n`,
  (value, note) => `app:\n    image:\n        tag: ${value}${note}\n        repository: docker.io/acme/api\n`,
  (value) => `app: {image: {repository: acme/api, tag: ${value} , x: 1}}\n`,
  (_value, note, tagText) => `app:\n- image: acme/api:${tagText}${note}\n  name: x\n`,
  (_value, note, tagText) => `appImage:   "acme/api:${tagText}"${note}\n`,
  (_value, note) => `image: acme/api${note}\nimageTag:${note === '' ? '' : note}\n`,
  (_value, note) => `image:\n  repository: acme/api${note}\n  pullPolicy: Always\n`,
  () => 'image: {"repository": acme/api}\n',
);

interface Sample {
  readonly text: string;
  readonly bom: boolean;
}

const sample: fc.Arbitrary<Sample> = fc
  .record({
    before: fc.array(noise, { maxLength: 3 }),
    after: noise,
    shape,
    quote,
    tag,
    comment,
    lineEnd,
    final: fc.boolean(),
    bom: fc.boolean(),
    second: fc.boolean(),
  })
  .map((part) => {
    const body = part.shape(part.quote(part.tag), part.comment, part.tag);
    const text = `${part.second ? 'first: document\n---\n' : ''}${[...new Set(part.before)].join('')}${body}${part.before.includes(part.after) ? '' : part.after}`;
    const ended = part.final ? text : text.replace(/\n+$/, '');
    return { text: ended.replaceAll('\n', part.lineEnd), bom: part.bom };
  });

function sourceOf({ text, bom }: Sample): SourceFile {
  return { path: 'values.yaml', mode: '100644', bytes: new TextEncoder().encode(bom ? `\uFEFF${text}` : text) };
}

function planFor(files: readonly SourceFile[], wantedTag: string) {
  const images = [{ text: `acme/api:${wantedTag}`, ref: { repository: 'acme/api', tag: wantedTag } }];
  return plan({ files, paths: ['values.yaml'] }, { images, select: SELECT_ALL, allowDowngrade: true });
}

describe('any edit of any document', () => {
  it('changes the chosen scalar only, reads back as wanted by every reader, is idempotent, and can be undone byte for byte', () => {
    let changed = 0;
    fc.assert(
      fc.property(sample, tag, (document, wantedTag) => {
        const source = sourceOf(document);
        const planned = planFor([source], wantedTag);
        if (planned.kind === 'nothing') return;
        if (planned.kind !== 'change') throw new Error(`${JSON.stringify(planned)}\n${document.text}`);
        changed++;
        const [file] = planned.files;
        if (file === undefined) throw new Error('no file');
        const [edit] = planned.edits;
        expect(planned.edits).toHaveLength(1);
        expectOnlySplice(source.bytes, file.bytes, edit ?? { start: 0, end: 0, replacement: '' });
        expectReads(file.bytes, wantedTag);
        expect(planFor([file], wantedTag).kind).toBe('nothing');
        const trailers = parseTrailers(describeChange(planned.edits, planned.files, {}).message);
        expect(invert({ parent: [source], commit: [file], head: [file], trailers })).toMatchObject({
          kind: 'change',
          files: [source],
        });
      }),
      { numRuns: 700 },
    );
    expect(changed).toBeGreaterThan(500);
  });
});

function expectOnlySplice(
  before: Uint8Array,
  after: Uint8Array,
  edit: { start: number; end: number; replacement: string },
): void {
  const expected = Buffer.concat([
    before.subarray(0, edit.start),
    Buffer.from(edit.replacement),
    before.subarray(edit.end),
  ]);
  expect(Buffer.from(after).equals(expected)).toBe(true);
}

/** Three independent readers: `yaml` as 1.1 and as 1.2, and js-yaml. */
function expectReads(bytes: Uint8Array, wantedTag: string): void {
  const text = new TextDecoder().decode(bytes);
  const last = text.split(/^---\r?\n/m).at(-1) ?? '';
  const readers = [parseDocument(last, { version: '1.1' }).toJS(), parseDocument(last).toJS(), load(last)];
  for (const value of readers) expect(imageIn(value)).toBe(`acme/api:${wantedTag}`);
}

function imageIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const map = value as Record<string, unknown>;
  if (typeof map.repository === 'string' && typeof map.tag === 'string') return `acme/api:${map.tag}`;
  if (typeof map.imageTag === 'string') return `acme/api:${map.imageTag}`;
  for (const key of ['image', 'appImage']) if (typeof map[key] === 'string') return map[key];
  return Object.entries(map)
    .filter(([key]) => key !== 'list')
    .map(([, inner]) => imageIn(inner))
    .find((found) => found !== undefined);
}
