import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readConfiguration } from '../../src/validation/read-configuration.ts';
import { commentSuppressions } from '../../src/validation/suppress-comment.ts';
import { placesOf } from '../support/manifests.ts';
import { checkExample } from '../support/rule-example.ts';

const config = (fields: string, metadata = 'name: c') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\n${fields}`;
const check = (text: string, options: Parameters<typeof checkExample>[1] = {}) => {
  const report = checkExample({ 'c.yaml': text }, options);
  return { places: placesOf(report), suppressed: report.suppressed, findings: report.findings };
};

describe('a comment', () => {
  it.each([
    ['behind the line', 'a: 1 # drawbridge-ignore: schema/unknown-field why not\nb: 2\n', 'c.yaml:5:1'],
    ['above the line', '# drawbridge-ignore: schema\na: 1\nb: 2\n', 'c.yaml:6:1'],
    ['above another comment', '# drawbridge-ignore: schema/*\n# more\n\na: 1\nb: 2\n', 'c.yaml:8:1'],
    [
      'with several rules',
      'a: 1 #  drawbridge-ignore:  yaml/syntax ,schema/unknown-field  reason, with commas\nb: 2\n',
      'c.yaml:5:1',
    ],
  ])('%s leaves out the finding there and no other', (_title, fields, place) => {
    const { places, suppressed } = check(config(fields));
    expect(places).toEqual([`${place} schema/unknown-field`]);
    expect(suppressed).toEqual({ comment: 1, annotation: 0, configuration: 0, baseline: 0 });
  });

  it.each([
    [
      'of another rule',
      'a: 1 # drawbridge-ignore: schema/type\n',
      ['c.yaml:4:1 schema/unknown-field', 'c.yaml:4:6 suppress/unused'],
    ],
    ['without a rule', 'data: {} # drawbridge-ignore: \n', ['c.yaml:4:10 suppress/unused']],
    ['of an unknown rule', 'data: {} # drawbridge-ignore: schema/tpye\n', ['c.yaml:4:10 suppress/unused']],
    ['of a rule that is off', 'data: {} # drawbridge-ignore: practice/root\n', []],
  ])('%s is told when it does nothing', (_title, fields, places) => {
    expect(check(config(fields)).places).toEqual(places);
  });

  it.each([
    ['a block scalar', 'data:\n  a: |\n    # drawbridge-ignore: schema/unknown-field\nz: 1\n', 'c.yaml:7:1'],
    ['quotes', 'data: {a: "\n  # drawbridge-ignore: schema/unknown-field"}\nz: 1\n', 'c.yaml:6:1'],
    ['quotes on the same line', 'data: {a: "x # drawbridge-ignore: schema/unknown-field"}\nz: 1\n', 'c.yaml:5:1'],
    ['a plain text', 'data: {a: x#drawbridge-ignore:y}\nz: 1\n', 'c.yaml:5:1'],
  ])('inside %s is text', (_title, fields, place) => {
    const { places, suppressed } = check(config(fields));
    expect(places.filter((found) => !found.endsWith('schema/type'))).toEqual([`${place} schema/unknown-field`]);
    expect(suppressed.comment).toBe(0);
  });

  it.each([
    ['behind the header of a block scalar', 'a: | # drawbridge-ignore: schema\n  x\n'],
    ['with CRLF', '# drawbridge-ignore: schema\r\na: 1\r\n'],
  ])('is one %s', (_title, fields) => {
    const { places, suppressed } = check(config(fields));
    expect([places, suppressed.comment]).toEqual([[], 1]);
  });

  it('about one line stands for others of the same rules there, so that none of them is unused', () => {
    const twice = '# drawbridge-ignore: schema\n# drawbridge-ignore: schema, yaml/syntax\na: 1\n';
    const { places, suppressed } = check(config(twice));
    expect([places, suppressed.comment]).toEqual([[], 1]);
  });

  it('is told of no more than 20 names that it has wrong, each once', () => {
    const names = Array.from({ length: 50 }, (_, n) => `a${n % 30}`).join(',');
    expect(check(`# drawbridge-ignore: ${names}\n${config('')}`).places).toHaveLength(20);
    expect(check(`# drawbridge-ignore: a,a,a\n${config('')}`).places).toHaveLength(1);
  });

  it('says what is wrong with it', () => {
    const [finding] = check(config('data: {} # drawbridge-ignore: schema/tpye\n')).findings;
    expect(finding).toMatchObject({
      severity: 'info',
      message: 'This comment names schema/tpye, which is no rule.',
      hint: 'Did you mean schema/type?',
    });
  });

  it('about a rule that is disabled, or that sees only a part of the files, is not judged', () => {
    const unused = config('data: {} # drawbridge-ignore: schema/unknown-field\n');
    expect(check(unused, { disableRules: ['schema'] }).places).toEqual([]);
    expect(check(unused, { disableRules: ['suppress'] }).places).toEqual([]);
    const reference = config('data: {} # drawbridge-ignore: reference/flux-source\n');
    expect(check(reference, { whole: false }).places).toEqual([]);
    expect(check(reference).places).toEqual(['c.yaml:4:10 suppress/unused']);
  });

  it('works in kustomizations, for rules over several files', () => {
    const files = (comment: string) => ({ 'kustomization.yaml': `resources:\n  - none.yaml ${comment}\n` });
    expect(checkExample(files('')).findings).toHaveLength(1);
    const report = checkExample(files('# drawbridge-ignore: reference/kustomize made by CI'));
    expect([report.findings, report.suppressed.comment]).toEqual([[], 1]);
  });

  it('is read from any text without trouble', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('#', ' ', 'drawbridge-ignore:', 'a/b', ',', '\n', '"', '\r')), (parts) => {
        const text = parts.join('');
        for (const { place, covers } of commentSuppressions('x', text)) {
          expect(text.split(/\r\n|\n|\r/)[place.line - 1]?.[place.column - 1]).toBe('#');
          expect(covers.kind === 'line' && covers.line >= place.line).toBe(true);
        }
      }),
    );
  });
});

describe('an annotation', () => {
  const annotated = (rules: string) => `name: c, annotations: {drawbridge.dev/ignore: "${rules}"}`;

  it('leaves out the findings of its own object', () => {
    const two = `${config('a: 1\nb: 2\n', annotated('schema/unknown-field for old times'))}---\n${config('a: 1\n', 'name: d')}`;
    const { places, suppressed } = check(two);
    expect(places).toEqual(['c.yaml:10:1 schema/unknown-field']);
    expect(suppressed.annotation).toBe(2);
  });

  it('is told when it does nothing, where it stands', () => {
    expect(check(config('', annotated('schema/type'))).places).toEqual(['c.yaml:3:35 suppress/unused']);
  });

  it('works in items of a list, and for rules over several files', () => {
    const item =
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: c, annotations: {drawbridge.dev/ignore: duplicate}}}';
    const files = {
      'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      'a.yaml': config(''),
      'b.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${item}\n`,
    };
    const report = checkExample(files);
    expect([placesOf(report), report.suppressed.annotation]).toEqual([[], 1]);
  });
});

describe('the configuration file', () => {
  const ignore = (text: string) => ({ ignore: readConfiguration('.drawbridge.yaml', text).ignore });
  const bad = config('a: 1\n', 'name: legacy-1, namespace: team-a');

  it.each([
    ['a rule', 'rule: schema/unknown-field'],
    ['a group and a path', 'rules: [yaml, schema]\n    path: "*.yaml"'],
    ['an object', 'rule: schema\n    kind: ConfigMap\n    namespace: team-*\n    name: "*-1"\n    reason: because'],
  ])('leaves out what an entry with %s is about', (_title, entry) => {
    const { places, suppressed } = check(bad, ignore(`ignore:\n  - ${entry}\n`));
    expect([places, suppressed.configuration]).toEqual([[], 1]);
  });

  it.each([
    ['another path', 'rule: schema\n    path: apps/**'],
    ['another kind', 'rule: schema\n    kind: Config'],
    ['another name', 'rule: schema\n    name: legacy'],
    ['a pattern that is no expression', 'rule: schema\n    name: legacy.1'],
  ])('does nothing with %s, and tells', (_title, entry) => {
    const report = check(bad, ignore(`ignore:\n  - ${entry}\n`));
    expect(report.places).toEqual(['.drawbridge.yaml:2:5 suppress/unused', 'c.yaml:4:1 schema/unknown-field']);
  });

  it('is not judged by a run over some of the files', () => {
    const entries = ignore('ignore:\n  - rule: schema\n    path: apps/**\n  - rule: schema\n    kind: X\n');
    expect(check(config(''), { ...entries, whole: false }).places).toEqual([]);
    expect(check(config(''), { ...entries, changed: new Set(['c.yaml']) }).places).toEqual([]);
  });

  it('is refused with every place that is wrong', () => {
    const text = 'ignores: []\nignore:\n  - rule: schema/tpye\n  - rule: [a]\n    knd: x\n  - text\n';
    expect(() => readConfiguration('.drawbridge.yaml', text)).toThrow(
      expect.objectContaining({
        code: 'input',
        problems: [
          '.drawbridge.yaml:1: ignores is not known',
          '.drawbridge.yaml:3: schema/tpye is no rule. Did you mean schema/type?',
          '.drawbridge.yaml:5: knd is not known; did you mean kind?',
          '.drawbridge.yaml:4: rule must be a text',
          '.drawbridge.yaml:4: an entry needs rule: the id of a rule, or a group',
          '.drawbridge.yaml:6: an entry of ignore must be a map',
        ],
      }),
    );
  });

  it.each(['a: [', '- x', 'ignore: 5', 'ignore:\n  - rule: schema\n    path: 5\n'])('is refused: %j', (text) => {
    expect(() => readConfiguration('.drawbridge.yaml', text)).toThrow(expect.objectContaining({ code: 'input' }));
  });

  it('may be empty', () => {
    expect(readConfiguration('.drawbridge.yaml', '# nothing\n')).toEqual({ ignore: [] });
  });
});
