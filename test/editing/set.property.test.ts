import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { stringify } from 'yaml';
import { invert } from '../../src/editing/invert.ts';
import { describeChange } from '../../src/editing/message.ts';
import { plan } from '../../src/editing/plan.ts';
import { SELECT_ALL } from '../../src/editing/selection.ts';
import { parseSet, parseSets, type SetWish } from '../../src/editing/set-wish.ts';
import { parseTrailers } from '../../src/editing/trailers.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'image',
    'with.dot',
    'app.kubernetes.io/name',
    'b[0]',
    'x=y',
    'back\\slash',
    '__proto__',
    'constructor',
  ),
  fc.stringMatching(/^[a-z][a-z0-9.=[\]\\/-]{0,8}$/),
);
const leaf = fc.oneof(
  fc.constantFrom('v1', '1.10', 'yes', '', '# no comment', "it's", 'a: b'),
  fc.stringMatching(/^[ -~]{0,12}$/),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  ),
}));
const document = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 });

/** The path of every string, as a user writes it, and the same as steps. */
function placesIn(
  value: unknown,
  place = '',
  steps: readonly (string | number)[] = [],
): readonly [string, readonly (string | number)[]][] {
  if (typeof value === 'string') return [[place, steps]];
  if (Array.isArray(value))
    return value.flatMap((item, index) => placesIn(item, `${place}[${index}]`, [...steps, index]));
  return Object.entries(value as object).flatMap(([name, inner]) => {
    const escaped = name.replace(/[\\.[\]=]/g, (sign) => `\\${sign}`);
    return placesIn(inner, place === '' ? escaped : `${place}.${escaped}`, [...steps, name]);
  });
}

function at(value: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce((inner, step) => Object.getOwnPropertyDescriptor(Object(inner), step)?.value, value);
}

function source(text: string): SourceFile {
  return { path: 'dir/a#b.yaml'.replace('#', '-'), mode: '100644', bytes: new TextEncoder().encode(text) };
}

function planSets(file: SourceFile, sets: readonly SetWish[]) {
  return plan({ files: [file], paths: [file.path] }, { images: [], sets, select: SELECT_ALL, allowDowngrade: false });
}

describe('set', () => {
  it('reaches every string of any document, changes that one alone, and can be undone byte for byte', () => {
    let changed = 0;
    fc.assert(
      fc.property(document, fc.nat(), leaf, fc.boolean(), (tree, pick, value, flow) => {
        const file = source(
          stringify(tree, { collectionStyle: flow ? 'flow' : 'block', lineWidth: 0, blockQuote: false }),
        );
        const places = placesIn(tree);
        const [place, steps] = places[pick % Math.max(1, places.length)] ?? ['', []];
        if (places.length === 0) return;
        const set = parseSet(`${file.path}#${place}=${value}`);
        if ('problem' in set) throw new Error(`${place} ${set.problem}`);
        expect(set.value).toBe(value);
        const planned = planSets(file, [set]);
        if (planned.kind === 'nothing') return expect(at(tree, steps)).toBe(value);
        if (planned.kind !== 'change') throw new Error(`${place} ${JSON.stringify(planned)}`);
        changed++;
        const next = planned.files[0] ?? file;
        const after = load(Buffer.from(next.bytes).toString());
        expect(at(after, steps)).toBe(value);
        const rest = placesIn(tree).filter(([other]) => other !== place);
        for (const [, other] of rest) expect(at(after, other)).toBe(at(tree, other));
        const trailers = parseTrailers(describeChange(planned.edits, planned.files, {}).message);
        const inverse = invert({ parent: [file], commit: [next], head: [next], trailers });
        if (isPlainLine(`${place}${value}`)) expect(inverse).toMatchObject({ kind: 'change', files: [file] });
      }),
      { numRuns: 300 },
    );
    expect(changed).toBeGreaterThan(150);
  });

  it('never throws for any text, and reads back what it was made of', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const set = parseSet(text);
        if ('problem' in set) return;
        expect(
          `${text.startsWith('./') ? './' : ''}${set.path}#${set.place}=${set.value}`.replace(/^(\.\/)+/, ''),
        ).toBe(text.replace(/^(\.\/)+/, ''));
        expect(set.steps.map(({ source: own }) => own).join('')).toBe(set.place);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, string]>([
    ['a.yaml', 'names no file'],
    ['#a=1', 'does not begin with the path'],
    ['/etc/a.yaml#a=1', 'does not begin with the path'],
    ['../a.yaml#a=1', 'does not begin with the path'],
    ['a.yaml#a', 'has no ='],
    ['a.yaml#=1', 'has no path'],
    ['a.yaml#a..b=1', 'from "..b" on'],
    ['a.yaml#.a=1', 'from ".a" on'],
    ['a.yaml#a[]=1', 'from "[]" on'],
    ['a.yaml#a[b]=1', 'from "[b]" on'],
    ['a.yaml#a[b=1', 'has no ='],
    ['a.yaml#a[b=c]d=1', 'from "d" on'],
    ['a.yaml#a]=1', 'from "]" on'],
    ['a.yaml#a.=1', 'from "." on'],
    ['a.yaml#a[b[0]=c]=1', 'from "[b[0]=c]" on'],
  ])('%s %s', (text, problem) => expect(parseSet(text)).toEqual({ problem: expect.stringContaining(problem) }));

  it.each<[string, string, string]>([
    ['a.yaml#b=c=d', 'b', 'c=d'],
    ['./x/a.yaml#spec.list[name=a=b].image=v', 'spec.list[name=a=b].image', 'v'],
    ['a.yaml#a\\=b=', 'a\\=b', ''],
    [
      'a.yaml#[kind=Deployment][metadata.name=x].spec.replicas=3',
      '[kind=Deployment][metadata.name=x].spec.replicas',
      '3',
    ],
    ['a.yaml#a#b=c#d', 'a#b', 'c#d'],
  ])('%s leads to %s', (text, place, value) => expect(parseSet(text)).toMatchObject({ place, value }));

  it('is refused with every problem at once', () => {
    expect(() => parseSets(['a', '', 'b#=', 'ok.yaml#a=1'])).toThrow(
      expect.objectContaining({ code: 'input', problems: [expect.any(String), expect.any(String)] }),
    );
  });
});

/** Trailers keep one blank between words, and nothing at the ends. */
function isPlainLine(text: string): boolean {
  return !/ {2}|^ | $/.test(text);
}
