import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkFiles } from '../support/manifests.ts';

const FOLDER = resolve(import.meta.dirname, 'fixtures/crds');
const names = readdirSync(FOLDER).sort();

/** Each file holds a good object and a bad one; a comment at the end of a line names the rule that it breaks. */
function objects(name: string): { good: string; bad: string } {
  const [good = '', bad = ''] = readFileSync(resolve(FOLDER, name), 'utf8').split('---\n');
  return { good, bad };
}

function marked(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const rule = / # (schema\/[\w-]+)$/.exec(line)?.[1];
    return rule === undefined ? [] : [`${index + 1} ${rule}`];
  });
}

describe.each(names)('%s', (name) => {
  const { good, bad } = objects(name);

  it('has a good object without findings', () => {
    const report = checkFiles({ 'good.yaml': good });
    expect(report.findings).toEqual([]);
    expect(report.documents).toBe(1);
  });

  it('has a bad object with each mistake on its line, and no other finding', () => {
    const { findings } = checkFiles({ 'bad.yaml': bad });
    const places = new Set(findings.map(({ line, ruleId }) => `${line} ${ruleId}`));
    expect([...places].sort()).toEqual([...marked(bad)].sort());
    expect(places.size).toBeGreaterThan(0);
  });
});

it('covers at least 20 kinds', () => {
  expect(names.length).toBeGreaterThanOrEqual(20);
});
