import { describe, expect, it } from '@jest/globals';
import { withPages } from '../../src/commands/pages.ts';
import type { Outcome } from '../../src/outcome.ts';
import { EMPTY, NEW, OLD, OUTCOMES } from '../reporting/outcomes.ts';

const LINKS = {
  commit: (revision: string) => `https://git.example.com/commit/${revision}`,
  file: (path: string, revision: string, line?: number) => `https://git.example.com/${revision}/${path}#L${line}`,
};
const BUMP = OUTCOMES.find(({ name }) => name === 'bump-changed')?.outcome ?? EMPTY;

function pagesOf(outcome: Outcome) {
  return withPages(outcome, { links: LINKS }).pages;
}

describe('withPages', () => {
  it('names the page of each place as the commit left it', () => {
    const pages = pagesOf({ ...BUMP, outputs: { ...BUMP.outputs, revision: NEW } });
    expect(Object.keys(pages?.commits ?? {})).toEqual([NEW]);
    expect(pages?.places).toEqual(
      Object.fromEntries(
        BUMP.edits.map(({ path, line }) => [`${path}:${line}`, `https://git.example.com/${NEW}/${path}#L${line}`]),
      ),
    );
  });

  it('takes the head of an open request, which has no commit on the base branch yet', () => {
    const pages = pagesOf({ ...BUMP, outputs: { revision: '', 'head-revision': OLD } });
    expect(Object.values(pages?.places ?? {})[0]).toContain(OLD);
  });

  it('knows the commits of tables and of targets, and no page for what is no commit', () => {
    const table = { title: 'Bumps', columns: ['COMMIT'], rows: [[OLD.slice(0, 12)]], revisions: [OLD] };
    expect(pagesOf({ ...EMPTY, tables: [table], outputs: { revision: '1.4.2' } })?.commits).toEqual({
      [OLD]: LINKS.commit(OLD),
    });
    const landed = OUTCOMES.find(({ name }) => name === 'deliver-landed')?.outcome ?? EMPTY;
    expect(Object.keys(pagesOf({ ...landed, outputs: {} })?.commits ?? {})).toEqual([NEW]);
  });

  it('changes nothing where the forge has no pages', () => {
    expect(withPages(BUMP, {})).toBe(BUMP);
  });
});
