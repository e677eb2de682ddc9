import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderJUnit } from '../../src/reporting/junit.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { readXml, type XmlElement } from '../support/xml.ts';
import { ALL, API, CHECKED, FINDING, hostileRun, input } from './report-inputs.ts';

function all(root: XmlElement, name: string): readonly XmlElement[] {
  return [
    ...root.children.filter((child) => child.name === name),
    ...root.children.flatMap((child) => all(child, name)),
  ];
}

describe('JUnit', () => {
  it('is well-formed, and its counts are right, whatever the texts are', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        for (const suite of readXml(renderJUnit(run)).children) {
          const cases = all(suite, 'testcase');
          const failed = cases.filter(({ children }) => children[0]?.name === 'failure');
          expect(suite.attributes).toMatchObject({
            tests: String(cases.length),
            failures: String(failed.length),
            errors: '0',
          });
          expect(new Set(cases.map(({ attributes }) => attributes.name)).size).toBe(cases.length);
        }
      }),
      { numRuns: 120 },
    );
  });

  it.each(ALL)('of $name has what the schema of Ant requires, in its order', (run) => {
    const root = readXml(renderJUnit({ ...run, startedAt: 0 }));
    expect([root.name, root.attributes]).toEqual(['testsuites', {}]);
    root.children.forEach((suite, index) => {
      expect(Object.keys(suite.attributes)).toEqual(
        'name package id timestamp hostname tests failures errors skipped time'.split(' '),
      );
      expect(suite.attributes).toMatchObject({ id: String(index), timestamp: '1970-01-01T00:00:00' });
      const names = suite.children.map(({ name }) => name);
      expect([names[0], ...names.slice(-2)]).toEqual(['properties', 'system-out', 'system-err']);
      for (const entry of suite.children.slice(1, -2)) {
        expect([entry.name, Object.keys(entry.attributes)]).toEqual(['testcase', ['name', 'classname', 'time']]);
        expect(entry.children.length).toBeLessThanOrEqual(1);
      }
    });
  });

  it('has a case for each object: passed, failed with its places, or skipped with the reason', () => {
    const findings = [FINDING, { ...FINDING, line: 9, pointer: '/x', message: 'Worse.', hint: 'Mend it.' }];
    const root = readXml(renderJUnit(input({ findings, checked: CHECKED })));
    const cases = all(root, 'testcase').map(({ attributes, children: [result] }) => [
      attributes.classname,
      attributes.name,
      result?.name,
      result?.text.split('\n'),
    ]);
    expect(cases).toEqual([
      [
        'apps/api.yaml',
        'Deployment shop/api',
        'failure',
        [
          'apps/api.yaml:7:3: It is wrong. [schema/type] (error)',
          'apps/api.yaml:9:3: Worse. [schema/type] (error) Mend it.',
        ],
      ],
      ['apps/api.yaml', 'Service shop/api', undefined, undefined],
      ['apps/kustomization.yaml', 'document 1', 'skipped', ['kustomization']],
      ['apps/rollout.yaml', 'Rollout shop/api', 'skipped', ['no schema']],
    ]);
  });

  it('fails a skipped object that has an error, and by a warning only where warnings fail', () => {
    const rollout = { path: 'apps/rollout.yaml', resource: { ...API, kind: 'Rollout' } };
    const findings: Finding[] = [
      { ...FINDING, ...rollout },
      { ...FINDING, severity: 'warning' },
    ];
    const results = (failOn: 'error' | 'warning') =>
      all(readXml(renderJUnit(input({ findings, checked: CHECKED }, { failOn }))), 'testcase').map(
        ({ children: [result] }) => result?.name,
      );
    expect(results('error')).toEqual([undefined, undefined, 'skipped', 'failure']);
    expect(results('warning')).toEqual(['failure', undefined, 'skipped', 'failure']);
  });

  it('gives a finding to the last object of its name that begins before it, and tells equal names apart', () => {
    const twins = [1, 20].map((line) => ({ path: 'apps/api.yaml', line, resource: API }));
    const root = readXml(renderJUnit(input({ findings: [{ ...FINDING, line: 25 }], checked: twins })));
    expect(all(root, 'testcase').map(({ attributes, children }) => [attributes.name, children.length])).toEqual([
      ['Deployment shop/api', 0],
      ['Deployment shop/api #2', 1],
    ]);
  });

  it('gives a finding about no object to the text of its file', () => {
    const { resource: _, ...finding } = FINDING;
    const [entry] = all(readXml(renderJUnit(input({ findings: [finding], checked: [] }))), 'testcase');
    expect(entry?.attributes).toMatchObject({ name: 'the text of the file', classname: 'apps/api.yaml' });
  });
});
