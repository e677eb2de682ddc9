import { describe, expect, it } from '@jest/globals';
import { checkFiles, placesOf } from '../support/manifests.ts';

const THING = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n';
const NUMBER = 'JSON has no number for this, so that kubectl and kustomize refuse the document.';
const KEY = 'A key must be a text, and this is null: kubectl and kustomize refuse the document.';
const SLASH = 'kubectl and kustomize know no escape \\/ in quotes.';
const HALF = 'kubectl and kustomize refuse an escape that stands for one half of a character.';

function found(text: string, path = 'a.yaml'): readonly string[] {
  return checkFiles({ [path]: text }, { missingSchema: 'skip' }).findings.map(
    ({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`,
  );
}

describe('YAML that kubectl refuses', () => {
  it.each(['  v: .inf', '  null: c', '  v: "a\\/b"'])(
    'is told of in each of many documents that are alike: %s',
    (field) => {
      const files = Array.from({ length: 40 }, (_, index) => [
        `${index}.yaml`,
        `apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a-${index}\nspec:\n${field}\n`,
      ]);
      expect(checkFiles(Object.fromEntries(files), { missingSchema: 'skip' }).findings).toHaveLength(40);
    },
  );

  it.each<[string, readonly string[]]>([
    ['v: .inf', [`4:4 yaml/syntax ${NUMBER}`]],
    ['v: [1, -.Inf, {w: .NAN}]', [`4:8 yaml/syntax ${NUMBER}`, `4:19 yaml/syntax ${NUMBER}`]],
    ['v: {null: c}', [`4:5 yaml/syntax ${KEY}`]],
    ['v:\n  - w: {"null": d}\n    x:\n      ~ : c', [`7:7 yaml/syntax ${KEY}`]],
    ['v: "a\\/b"', [`4:6 yaml/syntax ${SLASH}`]],
    ['v: "\\ud83d\\ude00"', [`4:5 yaml/syntax ${HALF}`, `4:11 yaml/syntax ${HALF}`]],
    ['"\\U0000dfff": ä', [`4:2 yaml/syntax ${HALF}`]],
    ['ä: |\n  "a\\/b"\nv: &x "\\/"', [`6:8 yaml/syntax ${SLASH}`]],
  ])('%s', (field, problems) => {
    expect(found(`${THING}${field}\n`)).toEqual(problems);
    expect(found(`${THING}---\n${THING}${field}\n`)).toHaveLength(problems.length);
  });

  it.each([
    'v: ".inf"',
    'v: a.info',
    'v: {"null": c, nullable: d}',
    "v:\n  'null': c",
    'v: "a null: b"',
    "v: 'a\\/b'",
    'v: a\\/b',
    'v: "a\\\\/b"',
    'v: "\\ue000"',
    'v: "\\U0001F600"',
    'v: |\n  "a\\/b"',
    'v: >-\n  "\\ud800"',
    '# "\\/"',
  ])('is not %s', (field) => {
    expect(found(`${THING}${field}\n`)).toEqual([]);
  });

  it('is not what is JSON, nor what no cluster reads', () => {
    const json =
      '{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "v": "\\/ \\ud83d\\ude00"}';
    expect([found(json), found(json, 'a.json')]).toEqual([[], []]);
    expect(found(`---\n${json}`)).toHaveLength(3);
    expect(found('v: .inf\nw: "\\/"\n', 'values.yaml')).toEqual([]);
  });

  it('has the hint that fits', () => {
    const hint = (text: string) =>
      checkFiles({ 'a.yaml': `${THING}${text}\n` }).findings.map((finding) => finding.hint);
    expect(hint('v:\n  <<: 5')).toEqual([undefined]);
    expect(hint('v:\n\tw: 5')).toEqual(['Indent with spaces.']);
  });
});

describe('the end of a document', () => {
  it.each(['...', '...\n...', '... \n# a\n\n...\r\n...', '...\n...\n---\n'])(
    'may be told more than once: %j',
    (end) => {
      expect(found(`${THING}v: 1\n${end}\n`)).toEqual([]);
      expect(checkFiles({ 'a.yaml': `${THING}v: 1\n${end}\n` }).skipped).toHaveLength(1);
    },
  );

  it('is the end', () => {
    expect(found(`${THING}v: 1\n...\nw: 1\n...\n...\n`).map((line) => line.split(' ')[1])).toEqual(['yaml/syntax']);
  });

  it('is found in time, however many there are', () => {
    const started = performance.now();
    expect(placesOf(checkFiles({ 'a.yaml': `${THING}${'...\n'.repeat(100_000)}x\n` }))).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
