import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderDotenv, variableName } from '../../src/reporting/dotenv.ts';
import { sectionEnd, sectionId, sectionStart } from '../../src/reporting/gitlab-sections.ts';
import { gitlabSections, readDotenvReport } from '../support/gitlab-log.ts';
import { HOSTILE_TEXT } from './outcomes.ts';

describe('sections of a GitLab log', () => {
  it('open and close with the same name, whatever the title is', () => {
    const now = 1_763_800_000_123;
    for (const title of ['Waiting for 2 targets', HOSTILE_TEXT, '']) {
      const id = sectionId(title, now);
      const log = `${sectionStart(id, title, now, true)}\nbody\n${sectionEnd(id, now + 65_000)}\n`;
      expect(gitlabSections(log)).toEqual([
        { action: 'start', time: 1_763_800_000, id, options: '[collapsed=true]' },
        { action: 'end', time: 1_763_800_065, id, options: '' },
      ]);
    }
  });

  it('are written byte for byte as GitLab reads them', () => {
    expect(sectionStart('wait_1', 'Waiting', 5_999)).toBe('section_start:5:wait_1\r\u001b[0KWaiting');
    expect(sectionEnd('wait_1', 6_000)).toBe('section_end:6:wait_1\r\u001b[0K');
  });

  it('have names of their own even when titles repeat', () => {
    expect(sectionId('Waiting', 1)).not.toBe(sectionId('Waiting', 2));
  });
});

describe('renderDotenv', () => {
  it('writes one-line values under names that are no input of a later job', () => {
    const report = renderDotenv({
      result: 'ok',
      'changed-files': '2',
      branch: 'drawbridge/my-app#1',
      'pull-request-url': 'https://git.example.com/acme/config/-/merge_requests/12?a=b&c=d',
      merged: '',
    });
    expect(report).toBe(
      [
        'DRAWBRIDGE_OUT_RESULT=ok',
        'DRAWBRIDGE_OUT_CHANGED_FILES=2',
        'DRAWBRIDGE_OUT_BRANCH=drawbridge/my-app#1',
        'DRAWBRIDGE_OUT_PULL_REQUEST_URL=https://git.example.com/acme/config/-/merge_requests/12?a=b&c=d',
        'DRAWBRIDGE_OUT_MERGED=',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['JSON', '[{"file":"a"}]'],
    ['an object', '{}'],
    ['several lines', 'a\nOTHER=b'],
    ['a carriage return', 'a\rb'],
    ['a variable that the runner would expand', 'feature/$CI_JOB_TOKEN'],
    ['quotes', '"a"'],
    ['an apostrophe', "it's"],
    ['a back-quote', 'a`id`'],
    ['a backslash', 'a\\nb'],
    ['white space at its end', 'a '],
    ['a line separator', 'a\u2028b'],
  ])('leaves out %s', (_what, value) => {
    expect(renderDotenv({ a: value, b: '1' })).toBe('DRAWBRIDGE_OUT_B=1\n');
  });

  it('is read by GitLab as it was meant, whatever the values are', () => {
    const values = fc.dictionary(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ unit: 'binary', maxLength: 30 }));
    fc.assert(
      fc.property(values, (outputs) => {
        const expected = Object.fromEntries(
          Object.entries(outputs).map(([name, value]) => [variableName(name), value]),
        );
        for (const [name, value] of Object.entries(readDotenvReport(renderDotenv(outputs)))) {
          expect(value).toBe(expected[name]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([400, 3])('keeps below what GitLab accepts with values of %i characters', (length) => {
    const outputs = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`n${index}`, 'x'.repeat(length)]));
    const read = readDotenvReport(renderDotenv(outputs));
    expect(Object.keys(read).length).toBeGreaterThan(10);
    expect(Object.keys(read).length).toBeLessThanOrEqual(20);
  });
});
