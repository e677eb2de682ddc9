import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { renderCodeQuality } from '../../src/reporting/codequality.ts';
import type { ReportInput } from '../../src/reporting/registry.ts';
import { violations } from '../support/json-schema.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';
import { ALL, hostileRun, input, withFindings } from './report-inputs.ts';
import { CODE_QUALITY } from './report-shapes.ts';

function issues(report: ReportInput): readonly Readonly<Record<string, unknown>>[] {
  return JSON.parse(renderCodeQuality(report)) as readonly Readonly<Record<string, unknown>>[];
}

describe('Code Quality', () => {
  it.each(ALL)('of $name has the required structure', (run) => {
    expect(violations(CODE_QUALITY, JSON.parse(renderCodeQuality(run)))).toEqual([]);
  });

  it('has the structure and one fingerprint per finding, whatever the texts are', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const found = issues(run);
        expect(violations(CODE_QUALITY, found)).toEqual([]);
        expect(new Set(found.map((issue) => issue.fingerprint)).size).toBe(found.length);
        expect(found).toHaveLength(run.outcome instanceof Error ? 1 : run.outcome.findings.length);
        expect(runnerCommands(renderCodeQuality(run), ANY_COMMAND)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it('names the path from the root of the repository, as it is', () => {
    const report = { ...withFindings({ path: 'a b/ü.yaml' }), directory: 'config' };
    expect(issues(report)[0]?.location).toEqual({ path: 'config/a b/ü.yaml', lines: { begin: 7 } });
  });

  it('does not call everything solved when the check could not run', () => {
    const outcome = new ToolError('missing', 'No such file.');
    expect(issues({ ...input(), outcome })).toEqual([
      expect.objectContaining({ severity: 'blocker', description: expect.stringContaining('No such file.') }),
    ]);
    expect(issues(input())).toEqual([]);
  });
});
