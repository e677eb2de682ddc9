import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { commentMarker, renderComment } from '../../src/reporting/comment.ts';
import type { ReportInput } from '../../src/reporting/registry.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { EMPTY, HOSTILE_TEXT } from './outcomes.ts';
import { hostileRun, input, withFindings } from './report-inputs.ts';

describe('the comment', () => {
  function manyFiles(files: number, perFile: number, parts: Partial<Finding> = {}): ReportInput {
    const findings = Array.from({ length: files * perFile }, (_, index) => ({
      path: `apps/team-${Math.floor(index / perFile)}/deployment.yaml`,
      line: index + 1,
      pointer: `/spec/${index}`,
      ...parts,
    }));
    return withFindings(...findings);
  }

  it('begins with a marker of its own per command and directory', () => {
    expect(renderComment(input()).split('\n')[0]).toBe('<!-- drawbridge validate -->');
    expect(commentMarker('validate', 'config/prod')).toBe('<!-- drawbridge validate config/prod -->');
    expect(commentMarker('validate', 'a--> <b')).toBe('<!-- drawbridge validate a--%3E%20%3Cb -->');
    const outcome = new ToolError('io', 'It broke.');
    expect(renderComment({ ...input(), outcome })).toMatch(/^<!-- drawbridge validate -->\n## ❌/);
  });

  it('shows few findings at once, and many below totals and an index, folded', () => {
    expect(renderComment(manyFiles(1, 3))).toMatch(/<details open>/);
    expect(renderComment(manyFiles(1, 3))).not.toContain('Findings by');
    const many = renderComment(manyFiles(3, 5));
    expect(many).toMatch(/Findings by rule[\s\S]*Findings by file[\s\S]*<details>/);
    expect(many).not.toContain('<details open>');
  });

  it.each([
    ['many files', manyFiles(3000, 2)],
    ['one file of many', manyFiles(1, 5000)],
    ['long words', manyFiles(40, 40, { message: '<&*_'.repeat(2000), hint: HOSTILE_TEXT })],
    [
      'long paths',
      withFindings(...Array.from({ length: 300 }, (_, index) => ({ path: `${'ü<'.repeat(1500)}${index}` }))),
    ],
    [
      'a long headline',
      {
        ...manyFiles(40, 40),
        outcome: { ...EMPTY, headline: '<'.repeat(9e5), notes: Array(99).fill('&'.repeat(9e5)) },
      },
    ],
    [
      'a long error',
      { ...input(), outcome: new ToolError('io', '<', { problems: Array(500).fill('&'.repeat(5000)) }) },
    ],
  ] as const)('stays within its size with %s, and says what is left out', (_what, report) => {
    const body = renderComment(report);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
    expect(body).toMatch(/left out here|do not fit into a comment|more in this file/);
    expect(body.match(/<details/g)?.length).toBe(body.match(/<\/details>/g)?.length);
  });

  it('uses its room: a file too long for all of its findings still shows the worst', () => {
    const report = manyFiles(1, 400);
    const findings = report.outcome instanceof Error ? [] : report.outcome.findings;
    const warnings = findings.map(
      (finding, index): Finding => ({ ...finding, severity: index === 399 ? 'error' : 'warning' }),
    );
    const body = renderComment(input({ findings: warnings }));
    expect(body).toContain('`400:3`');
    expect(body).toContain('_… and 350 more in this file._');
  });

  it('holds no markup but its own, whatever the texts are', () => {
    const own = /<!-- drawbridge [^ ]+ -->|<\/?details>|<details open>|<\/?summary>|<\/?code>/g;
    fc.assert(
      fc.property(hostileRun, (run) => {
        const body = renderComment(run);
        const rest = body.replace(/`[^`\n]*`/g, 'x').replace(own, '');
        expect(rest).not.toMatch(/<|(?<!\\)\]\(|@[\w"]/);
        for (const table of body.split(/\n\n+/).filter((part) => part.startsWith('|'))) {
          const cells = (line: string) => line.replace(/\\./g, '').split('|').length;
          expect(new Set(table.trimEnd().split('\n').map(cells)).size).toBe(1);
        }
      }),
      { numRuns: 120 },
    );
  });
});
