import picomatch from 'picomatch';
import type { TreeError } from './run.ts';

/** `test data` stands for what a server refuses as it stands, and what is there to be so: data of tests, and excerpts in documentation. */
export type Verdict = 'real' | 'test data' | 'false' | 'not judged';

/** One row of the table: errors of one rule, or of all, in some files of one repository. */
export interface Judgement {
  readonly repository: string;
  isAbout(error: TreeError): boolean;
  readonly verdict: Verdict;
}

/** The rows between `<!-- judged -->` and `<!-- /judged -->` of a page: repository, files as a glob, rule, verdict, why. */
export function judgementsOf(page: string): readonly Judgement[] {
  const section = page.split('<!-- judged -->')[1]?.split('<!-- /judged -->')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.includes('`'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, repository = '', files = '', rule = '', verdict = '']) => {
      const isIn = picomatch(files, { dot: true });
      const isAbout = (error: TreeError) => isIn(error.path) && (rule === 'all' || rule === error.rule);
      return { repository, isAbout, verdict: verdict as Verdict };
    });
}

/** The first row that is about the error decides. */
export function verdictOf(repository: string, error: TreeError, judgements: readonly Judgement[]): Verdict {
  const judgement = judgements.find((row) => row.repository === repository && row.isAbout(error));
  return judgement?.verdict ?? 'not judged';
}
