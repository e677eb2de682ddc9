import { describe, expect, it } from '@jest/globals';
import { parseBaseline, renderBaseline } from '../../src/validation/baseline.ts';
import { placesOf } from '../support/manifests.ts';
import { checkExample } from '../support/rule-example.ts';

const pod = (containers: readonly string[], more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n${more}  containers:\n${containers.map((fields) => `    - {image: a:1, ${fields}}\n`).join('')}`;
const baselineOf = (text: string) => parseBaseline('b.json', renderBaseline(checkExample({ 'p.yaml': text }).baseline));
const BAD = pod(['name: a, tyqe: 1']);

describe('a baseline', () => {
  it.each([
    ['nothing changed', BAD],
    ['lines moved', `# a comment\n\n${pod(['name: a, tyqe: 1'], '  hostNetwork: true\n')}`],
    ['the value changed', pod(['name: a, tyqe: 2'])],
    ['an item came before', pod(['name: b', 'name: a, tyqe: 1'])],
  ])('knows a finding where %s', (_title, text) => {
    const report = checkExample({ 'p.yaml': text }, { baseline: baselineOf(BAD) });
    expect([placesOf(report), report.suppressed.baseline]).toEqual([[], 1]);
  });

  it.each([
    ['another field', pod(['name: a, tyqe: 1, tipe: 1']), ['p.yaml:6:38 schema/unknown-field']],
    ['the same field once more', pod(['name: a, tyqe: 1', 'name: b, tyqe: 1']), ['p.yaml:7:29 schema/unknown-field']],
  ])('does not know %s', (_title, text, places) => {
    expect(placesOf(checkExample({ 'p.yaml': text }, { baseline: baselineOf(BAD) }))).toEqual(places);
  });

  it('tells when it counts more than there is, but not of a part of the files', () => {
    const baseline = baselineOf(BAD);
    const good = { 'p.yaml': pod(['name: a']) };
    expect(checkExample(good, { baseline }).findings).toMatchObject([
      {
        ruleId: 'suppress/unused',
        severity: 'info',
        path: 'b.json',
        message: 'The baseline counts 1 more finding than there is.',
      },
    ]);
    expect(checkExample(good, { baseline, whole: false }).findings).toEqual([]);
  });

  it('holds one line for each finding, without its content, and nothing that is suppressed otherwise', () => {
    const text = pod([
      'name: a, tyqe: sekrit',
      'name: b, tyqe: sekrit',
      'name: c, tipe: 1}  # drawbridge-ignore: schema\n    - {image: a:1, name: d',
    ]);
    const rendered = renderBaseline(checkExample({ 'p.yaml': text }).baseline);
    expect(rendered).not.toContain('sekrit');
    expect(rendered.split('\n').filter((line) => line.includes('fingerprint'))).toHaveLength(1);
    expect(JSON.parse(rendered)).toMatchObject({
      tool: 'drawbridge',
      baseline: 1,
      findings: [{ rule: 'schema/unknown-field', path: 'p.yaml', object: 'Pod web', count: 2 }],
    });
  });

  it('may be empty', () => {
    const empty = renderBaseline([]);
    expect(JSON.parse(empty)).toEqual({ tool: 'drawbridge', baseline: 1, findings: [] });
    expect(parseBaseline('b.json', empty).apply([])).toEqual({ kept: [], dropped: 0, unused: 0 });
  });

  it.each([
    ['no JSON', '{', 'b.json: it is not JSON'],
    ['another version', '{"baseline": 2, "findings": []}', 'b.json: it has no list "findings" below "baseline": 1'],
    [
      'a bad count',
      '{"baseline": 1, "findings": [{"fingerprint": "a", "count": 0}]}',
      'b.json: findings[0] has no fingerprint, or a count that is no positive number',
    ],
  ])('is refused: %s', (_title, text, problem) => {
    expect(() => parseBaseline('b.json', text)).toThrow(
      expect.objectContaining({ code: 'input', problems: [problem] }),
    );
  });
});
