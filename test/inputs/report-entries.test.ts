import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { renderComponent } from '../../src/inputs/render-component.ts';
import { readReportEntries, reportProblems } from '../../src/inputs/report-entries.ts';
import { REPORTS } from '../../src/reporting/registry.ts';
import { interpolate, readComponent } from '../support/component.ts';

describe('entries of reports', () => {
  it('are a kind and a file, each of every kind there is', () => {
    const texts = Object.keys(REPORTS).map((kind) => `${kind}=out/${kind}=1.txt`);
    expect(reportProblems(texts)).toEqual([]);
    expect(readReportEntries(texts)).toEqual(Object.keys(REPORTS).map((kind) => ({ kind, file: `out/${kind}=1.txt` })));
  });

  it('may be given twice, and of one kind for several files', () => {
    const texts = ['json=a.json', 'json=a.json', 'json=b.json', ' tap = a b.tap '];
    expect(reportProblems(texts)).toEqual([]);
    expect(readReportEntries(texts).map(({ kind, file }) => [kind, file])).toEqual([
      ['json', 'a.json'],
      ['json', 'b.json'],
      ['tap', 'a b.tap'],
    ]);
  });

  it.each([
    ['sarif', /^"sarif" names no file; write it as KIND=FILE, for example /],
    ['sarif=', /^"sarif=" names no file/],
    ['srif=a', /^"srif=a" begins with no kind of report, which is sarif, .* or comment\. Did you mean sarif\?$/],
    ['=a', /^"=a" begins with no kind/],
    ['SARIF=a', /begins with no kind/],
    ['json=-', /^"json=-" names no file; what goes to standard output is chosen with format$/],
    ['json=out/', /^"json=out\/" names a folder, not a file$/],
    ['toString=a', /begins with no kind/],
  ])('refuse %j', (text, problem) => {
    expect(reportProblems([text])).toEqual([expect.stringMatching(problem)]);
  });

  it('refuse two reports in one file, however it is written', () => {
    expect(reportProblems(['json=a.json', 'sarif=./a.json'])).toEqual([
      '"sarif=./a.json" would overwrite what "json=a.json" writes',
    ]);
  });

  it('are told together with everything else that is wrong', () => {
    const flags = { reports: ['jnit=a', 'tap', 'json=ok.json'], 'fail-on': 'never' };
    try {
      parseInputs('validate', { flags, positionals: ['.'], env: {} });
      throw new Error('nothing was refused');
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      expect(error.code).toBe('input');
      expect(error.problems).toEqual([
        expect.stringMatching(/^--fail-on: /),
        expect.stringMatching(/^--reports: "jnit=a" .* Did you mean junit\?$/),
        expect.stringMatching(/^--reports: "tap" names no file/),
      ]);
    }
  });

  it('either have a problem or can be read, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.string().map((text) => `json=${text}`),
          ),
        ),
        (texts) => {
          if (reportProblems(texts).length > 0) return;
          for (const { kind, file } of readReportEntries(texts)) {
            expect(Object.hasOwn(REPORTS, kind)).toBe(true);
            expect(file).not.toBe('');
          }
        },
      ),
    );
  });

  it('of the component validate come before those of its user', () => {
    const component = readComponent(renderComponent('validate', '1.2.3'));
    const [job] = Object.values(interpolate(component, { paths: '.', reports: 'sarif=a.sarif\ntap=b.tap' }));
    const { reports } = parseInputs('validate', { flags: {}, env: job?.variables ?? {} });
    expect(reports).toEqual([
      'codequality=drawbridge-codequality.json',
      'junit=drawbridge-junit.xml',
      'sarif=a.sarif',
      'tap=b.tap',
    ]);
  });
});
