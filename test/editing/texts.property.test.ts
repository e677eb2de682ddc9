import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load, loadAll } from 'js-yaml';
import { invert } from '../../src/editing/invert.ts';
import { describeChange } from '../../src/editing/message.ts';
import { plan } from '../../src/editing/plan.ts';
import { SELECT_ALL } from '../../src/editing/selection.ts';
import { parseTrailers } from '../../src/editing/trailers.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';

/** Values of a chart as people write them into an Application, with the image somewhere in the middle. */
const values = fc
  .record({
    before: fc.subarray([
      '# a comment',
      '',
      'mode: 0755',
      "quoted: 'it''s'",
      'ünï: "\\u263a 😀"',
      'list:\n  - a\n\n  - b',
    ]),
    after: fc.subarray(['after: 1', '# the end', 'deep:\n    more: |\n      text\n      tag: 9', '']),
    image: fc.constantFrom(
      'image:\n  repository: acme/api\n  tag: 1.0.0 # note',
      'image: {repository: acme/api, tag: 1.0.0}',
      'image: "acme/api:1.0.0"',
      'image:\n  repository: acme/api',
      'image:\n    repository: acme/api\n    tag:',
    ),
  })
  .map(({ before, image, after }) => [...before, image, ...after].join('\n'));

/** Ways to hold the text in a scalar of the outer file. */
const holder = fc.constantFrom<(text: string) => string>(
  (text) => `|\n${indented(text, 8)}\n`,
  (text) => `|-\n${indented(text, 8)}\n`,
  (text) => `|+ # kept\n${indented(text, 12)}\n\n\n`,
  (text) => `|2\n${indented(text, 8)}\n`,
  (text) => `${JSON.stringify(`${text}\n`)}\n`,
);

function indented(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${' '.repeat(width)}${line}`))
    .join('\n');
}

const sample = fc
  .record({ values, holder, lineEnd: fc.constantFrom('\n', '\r\n'), final: fc.boolean(), second: fc.boolean() })
  .map(({ values: text, holder: hold, lineEnd, final, second }) => {
    const head =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: api}\nspec:\n  source:\n    helm:\n      values: ';
    const tail = second ? '      releaseName: api\n---\nother: document\n' : '';
    const whole = `${head}${hold(text)}${tail}`;
    return (final || tail !== '' ? whole : whole.replace(/\n+$/, '')).replaceAll('\n', lineEnd);
  });

const tag = fc.constantFrom('2.0.0', '1.10', '1e3', 'on', '2026-08-21', 'v2', '0x10');

function source(text: string): SourceFile {
  return { path: 'app.yaml', mode: '100644', bytes: new TextEncoder().encode(text) };
}

function planFor(file: SourceFile, wanted: string) {
  const images = [{ text: '', ref: { repository: 'acme/api', tag: wanted } }];
  return plan({ files: [file], paths: [file.path] }, { images, select: SELECT_ALL, allowDowngrade: true });
}

describe('any edit inside of a string that holds YAML', () => {
  it('changes the chosen scalar only, reads back as wanted, is idempotent, and can be undone byte for byte', () => {
    let changed = 0;
    fc.assert(
      fc.property(sample, tag, (text, wanted) => {
        const file = source(text);
        const planned = planFor(file, wanted);
        if (planned.kind !== 'change') throw new Error(`${JSON.stringify(planned)}\n${text}`);
        changed++;
        const [next, ...otherFiles] = planned.files;
        const [edit, ...otherEdits] = planned.edits;
        if (next === undefined || edit === undefined) throw new Error('nothing edited');
        expect([otherFiles.length, otherEdits.length]).toEqual([0, 0]);
        const bytes = Buffer.from(file.bytes);
        const spliced = [bytes.subarray(0, edit.start), Buffer.from(edit.replacement), bytes.subarray(edit.end)];
        expect(Buffer.from(next.bytes).equals(Buffer.concat(spliced))).toBe(true);
        expect(imageIn(next)).toBe(`acme/api:${wanted}`);
        expect(planFor(next, wanted).kind).toBe('nothing');
        const trailers = parseTrailers(describeChange(planned.edits, planned.files, {}).message);
        const inverse = invert({ parent: [file], commit: [next], head: [next], trailers });
        expect(inverse).toMatchObject({ kind: 'change', files: [file] });
      }),
      { numRuns: 400 },
    );
    expect(changed).toBe(400);
  });
});

/** Read by another library, twice: the file, and the text in it. */
function imageIn({ bytes }: SourceFile): string {
  const [document] = loadAll(new TextDecoder().decode(bytes)) as { spec: { source: { helm: { values: string } } } }[];
  const { image } = load(document?.spec.source.helm.values ?? '') as {
    image: string | { repository: string; tag: string };
  };
  return typeof image === 'string' ? image : `${image.repository}:${image.tag}`;
}
