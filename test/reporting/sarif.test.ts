import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import type { ReportInput } from '../../src/reporting/registry.ts';
import { renderSarif } from '../../src/reporting/sarif.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { RULES } from '../../src/validation/rules/registry.ts';
import { violations } from '../support/json-schema.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';
import { ALL, FINDING, hostileRun, input, withFindings } from './report-inputs.ts';
import { SARIF } from './report-shapes.ts';

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly Readonly<Record<string, unknown>>[] } };
  readonly invocations: readonly unknown[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly { readonly physicalLocation: Readonly<Record<string, unknown>> }[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
  }[];
}

function sarifRun(report: ReportInput): SarifRun {
  const [run] = (JSON.parse(renderSarif(report)) as { runs: readonly SarifRun[] }).runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

describe('SARIF', () => {
  it.each(ALL)('of $name has the required structure', (run) => {
    expect(violations(SARIF, JSON.parse(renderSarif(run)))).toEqual([]);
  });

  it('has the structure, and is inert in a log, whatever the texts are', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const report = renderSarif(run);
        expect(violations(SARIF, JSON.parse(report))).toEqual([]);
        expect(runnerCommands(report, ANY_COMMAND)).toEqual([]);
        const { results } = sarifRun(run);
        expect(new Set(results.map((result) => result.partialFingerprints['drawbridge/v1'])).size).toBe(results.length);
        for (const { message } of results) expect(message.text).not.toContain('](');
      }),
      { numRuns: 120 },
    );
  });

  it('points at a region, and at the rule with its page', () => {
    const { results, tool } = sarifRun(withFindings({}));
    const [result] = results;
    expect(result).toMatchObject({ ruleId: 'schema/type', level: 'error', message: { text: 'It is wrong.' } });
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'apps/api.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 7, startColumn: 3, endLine: 7, endColumn: 9 },
    });
    const rule = tool.driver.rules[result?.ruleIndex ?? -1];
    const title = RULES.find(({ id }) => id === 'schema/type')?.title;
    expect(rule).toMatchObject({ id: 'schema/type', name: 'SchemaType', shortDescription: { text: `${title}.` } });
    expect(rule?.helpUri).toMatch(/^https:\/\/.*\/docs\/rules\/schema-type\.md$/);
  });

  it.each([
    ['a b/ü#?%.yaml', { uri: 'a%20b/%C3%BC%23%3F%25.yaml', uriBaseId: '%SRCROOT%' }],
    ['c:x.yaml', { uri: 'c%3Ax.yaml', uriBaseId: '%SRCROOT%' }],
    ['a@b+c=d,e&f$.yaml', { uri: 'a@b+c=d,e&f$.yaml', uriBaseId: '%SRCROOT%' }],
    ['/srv/a.yaml', { uri: 'file:///srv/a.yaml' }],
    ['../other/a.yaml', { uri: '../other/a.yaml' }],
    ['./a//b/../c.yaml', { uri: 'a/c.yaml', uriBaseId: '%SRCROOT%' }],
  ])('writes %s as an address', (path, location) => {
    expect(sarifRun(withFindings({ path })).results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual(
      location,
    );
  });

  it('maps severities to levels', () => {
    const { results } = sarifRun(withFindings({}, { severity: 'warning', line: 8 }, { severity: 'info', line: 9 }));
    expect(results.map(({ level }) => level)).toEqual(['error', 'warning', 'note']);
  });

  it('says of a run without a result that it was not successful, and why', () => {
    const outcome = new ToolError('missing', 'No such file.', { problems: ['a.yaml'], hint: 'Look.' });
    expect(sarifRun({ ...input(), outcome }).invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ level: 'error', message: { text: 'No such file. a.yaml Next: Look.' } }],
      },
    ]);
  });

  it('keeps to the number of results that GitHub takes, the most severe ones, and says so', () => {
    const findings = Array.from(
      { length: 25_010 },
      (_, index): Finding => ({
        ...FINDING,
        line: index + 1,
        pointer: `/${index}`,
        severity: index < 20 ? 'info' : 'error',
      }),
    );
    const { results, invocations } = sarifRun(input({ findings }));
    expect(results).toHaveLength(25_000);
    expect(results.filter(({ level }) => level === 'note')).toHaveLength(10);
    expect(JSON.stringify(invocations)).toContain('10 less severe findings are left out here.');
  });
});
