/**
 * Counts what the built program calls an error on checkouts of public repositories, and how much of that is a false alarm.
 * Without any configuration: `drawbridge validate .` in each checkout.
 *
 *     BENCH_TREES=folder-of-checkouts node scripts/false-alarms.ts [--write]
 *
 * Each folder of BENCH_TREES is a checkout with its `.git`, named `owner+name`. Which errors are mistakes was read and decided
 * by hand, in the table of docs/validation-coverage.md; an error that stands in none of its rows is counted as not judged.
 * `--write` puts the table into docs/performance.md. BENCH_DIST: another build than dist/.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeSection } from './bench/write-section.ts';
import { type Judgement, judgementsOf, type Verdict, verdictOf } from './false-alarms/judgements.ts';
import { runOn, type TreeRun } from './false-alarms/run.ts';

const ROOT = resolve(import.meta.dirname, '..');
const CLI = join(process.env.BENCH_DIST ?? join(ROOT, 'dist'), 'cli.js');
const VERDICTS: readonly Verdict[] = ['real', 'test data', 'false', 'not judged'];

/** Objects with an error, by verdict. The worst of its errors decides: a false one counts, whatever else is wrong. */
function countVerdicts(
  { repository, errors }: TreeRun,
  judgements: readonly Judgement[],
): Readonly<Record<Verdict, number>> {
  const order: readonly Verdict[] = ['test data', 'real', 'not judged', 'false'];
  const ofObjects = new Map<string, Verdict>();
  for (const error of errors) {
    const verdict = verdictOf(repository, error, judgements);
    const known = ofObjects.get(error.object) ?? 'test data';
    ofObjects.set(error.object, order.indexOf(verdict) > order.indexOf(known) ? verdict : known);
  }
  const counts: Record<Verdict, number> = { real: 0, 'test data': 0, false: 0, 'not judged': 0 };
  for (const verdict of ofObjects.values()) counts[verdict] += 1;
  return counts;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(2)} %`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index < 2 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

function repositoryTable(runs: readonly TreeRun[], judgements: readonly Judgement[]): string {
  const rows = runs.map((run) => {
    const counts = countVerdicts(run, judgements);
    const wrong = counts.false + counts['not judged'];
    const errors = VERDICTS.map((verdict) => counts[verdict]);
    return { run, wrong, cells: [run.files, run.documents, run.checked, ...errors, percent(wrong, run.checked)] };
  });
  const sums = [0, 1, 2, 3, 4, 5, 6].map((column) => rows.reduce((sum, { cells }) => sum + Number(cells[column]), 0));
  const wrong = rows.reduce((sum, row) => sum + row.wrong, 0);
  return table(
    ['repository', 'commit', 'files', 'documents', 'checked', ...VERDICTS, 'false of checked'],
    [
      ...rows.map(({ run, cells }) => [run.repository, `\`${run.commit}\``, ...cells]),
      ['**all**', '', ...sums.map((sum) => `**${sum.toLocaleString('en')}**`), `**${percent(wrong, sums[2] ?? 0)}**`],
    ],
  );
}

function skippedTable(runs: readonly TreeRun[]): string {
  const counts = new Map<string, number>();
  for (const { skipped } of runs) for (const reason of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const rows = [...counts].sort(([, one], [, other]) => other - one);
  return table(
    ['skipped as', '', 'documents'],
    rows.map(([reason, count]) => [reason, '', count.toLocaleString('en')]),
  );
}

/** What nobody has looked at yet. */
function printOpen(runs: readonly TreeRun[], judgements: readonly Judgement[]): void {
  for (const { repository, errors } of runs) {
    for (const error of errors) {
      if (verdictOf(repository, error, judgements) !== 'not judged') continue;
      console.error(`not judged: ${repository} ${error.path} ${error.rule}: ${error.message}`);
    }
  }
}

const trees = process.env.BENCH_TREES;
if (trees === undefined) throw new Error('BENCH_TREES names no folder of checkouts');
const judgements = judgementsOf(readFileSync(join(ROOT, 'docs/validation-coverage.md'), 'utf8'));
const runs = readdirSync(trees)
  .sort()
  .map((name) => runOn(CLI, join(trees, name), name.replace('+', '/')))
  .filter(({ checked }) => checked > 0);
const text = `${repositoryTable(runs, judgements)}\n\n${skippedTable(runs)}`;
console.log(text);
printOpen(runs, judgements);
if (process.argv.includes('--write')) writeSection(join(ROOT, 'docs/performance.md'), 'bench:false-alarms', text);
