import { describe, expect, it } from '@jest/globals';
import { historyTable } from '../../src/commands/history-table.ts';
import type { AuditEntry } from '../../src/editing/audit.ts';
import { renderText } from '../../src/reporting/text.ts';
import { EMPTY } from '../reporting/outcomes.ts';

const ENTRY: AuditEntry = {
  revision: '0123456789abcdef0123456789abcdef01234567',
  author: 'Release Bot <bot@example.com>',
  committedAt: Date.parse('2026-11-24T08:30:00Z'),
  title: 'chore: bump',
  changes: [
    { file: 'a.yaml', place: 'image', image: 'acme/api', old: 'acme/api:1', new: 'acme/api:2' },
    { file: 'b.yaml', place: 'image', image: 'acme/api', old: 'acme/api:1', new: 'acme/api:2' },
    { file: 'b.yaml', place: 'webImage', image: 'acme/web', old: 'old/web:1', new: 'acme/web:2' },
    { file: 'b.yaml', place: 'replicas', old: '', new: '3' },
  ],
  sourceCommit: 'fedcba9876543210fedcba9876543210fedcba98',
  pipelineUrl: 'https://ci.example.com/1',
};

function printed(entries: readonly AuditEntry[], width: number): string {
  return renderText({ ...EMPTY, tables: [historyTable(entries)] }, { width });
}

describe('the table of history', () => {
  it('has a row for each image or value that moved', () => {
    expect(printed([ENTRY], 200)).toBe(
      [
        'Bumps',
        '  WHEN               COMMIT        CHANGE                   WHERE    WHO          SOURCE        PIPELINE',
        '  2026-11-24 08:30Z  0123456789ab  acme/api 1 -> 2          2 files  Release Bot  fedcba987654  https://ci.example.com/1',
        '                                   acme/web old/web:1 -> 2  b.yaml',
        '                                   replicas: (none) -> 3    b.yaml',
        '',
        '✓ Done.',
        '',
      ].join('\n'),
    );
  });

  it('leaves out the last columns where they do not fit', () => {
    expect(printed([ENTRY], 75)).toContain('WHERE');
    expect(printed([ENTRY], 75)).not.toContain('WHO');
    expect(printed([ENTRY], 40).split('\n')[1]).toBe('  WHEN               COMMIT');
  });

  it('says why a commit is no bump, and what a rollback undoes', () => {
    const text = printed(
      [
        { ...ENTRY, changes: [], doubt: 'it adds x' },
        { ...ENTRY, changes: ENTRY.changes.slice(0, 1), rollsBack: 'f'.repeat(40) },
      ],
      200,
    );
    expect(text).toContain('not a bump: it adds x');
    expect(text).toContain('acme/api 1 -> 2 (rolls back ffffffffffff)');
  });

  it('prints nothing that a terminal or a CI log would act on', () => {
    const place = '\u001b[31mred ##[error]x \u202e';
    const text = printed([{ ...ENTRY, changes: [{ file: 'a', place, old: '1', new: '2' }] }], 200);
    expect(text).not.toMatch(/\u001b|\u202e|##\[error\]/);
  });

  it('is not there without rows', () => expect(printed([], 100)).toBe('✓ Done.\n'));
});
