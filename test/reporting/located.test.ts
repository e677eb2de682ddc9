import { describe, expect, it } from '@jest/globals';
import { locate, pathFromRoot } from '../../src/reporting/located.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { API, FINDING } from './report-inputs.ts';

describe('fingerprints', () => {
  const print = (...findings: readonly Partial<Finding>[]) =>
    locate(findings.map((parts) => ({ ...FINDING, ...parts }))).map(({ fingerprint }) => fingerprint);

  it('stay while lines move and words change, and differ by rule, file, object and field', () => {
    const [first] = print({});
    expect(print({ line: 70, endLine: 70, column: 1, message: 'Other words.' })).toEqual([first]);
    for (const other of [
      { ruleId: 'schema/enum' },
      { path: 'b.yaml' },
      { resource: { ...API, name: 'b' } },
      { pointer: '/x' },
    ])
      expect(print(other)).not.toEqual([first]);
  });

  it('are those that equal findings had before, in their order', () => {
    const [first, second] = print({}, { line: 9 });
    expect(second).not.toBe(first);
    expect(print({ line: 20 }, { line: 30 }, { line: 40 }).slice(0, 2)).toEqual([first, second]);
  });

  it('tell apart two directories with the same files', () => {
    const [one] = locate([FINDING], 'one');
    const [two] = locate([FINDING], 'two');
    expect([one?.path, two?.path]).toEqual(['one/apps/api.yaml', 'two/apps/api.yaml']);
    expect(one?.fingerprint).not.toBe(two?.fingerprint);
  });
});

describe('pathFromRoot', () => {
  it.each([
    ['a.yaml', '', 'a.yaml'],
    ['./a/./b.yaml', '', 'a/b.yaml'],
    ['a.yaml', 'config/prod', 'config/prod/a.yaml'],
    ['../a.yaml', 'config/prod', 'config/a.yaml'],
    ['../../../a.yaml', 'config/prod', '../a.yaml'],
    ['/srv/a.yaml', 'config', '/srv/a.yaml'],
    ['C:/a.yaml', 'config', 'C:/a.yaml'],
    ['-', 'config', '-'],
  ])('%s of %j is %s', (path, directory, expected) => {
    expect(pathFromRoot(path, directory)).toBe(expected);
  });
});
