/**
 * How much of what an API server refuses is found, by this program and by others, on thousands of objects with one mistake
 * each. The server's answers are recorded (test/lab/mutation-sweep.test.ts records them). `npm run bench` runs it as well.
 *
 * BENCH_FLUX_SCHEMA: the program to run where none is on the PATH. BENCH_CACHE: where kubeconform is built.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readPack } from '../src/validation/pack.ts';
import { createSchemas, type Schemas } from '../src/validation/schemas.ts';
import { writeJsonSchemas } from './bench/json-schemas.ts';
import { writeSection } from './bench/write-section.ts';
import { type Judged, judgeAll, ratesOf } from './bench-detection/judge.ts';
import { SORTS } from './bench-detection/mutants.ts';
import { type Verdicts, verdictsOfRivals, writeMutants } from './bench-detection/rivals.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PACKS = join(ROOT, 'packs');

/** The version of Kubernetes whose answers are recorded. */
function schemasOfServer(): Schemas {
  const kubernetes = readPack(readFileSync(join(PACKS, 'kubernetes.pack')));
  return createSchemas(kubernetes, ['1.34'], [], () => readPack(readFileSync(join(PACKS, 'crds.pack'))));
}

/** The tables, as Markdown. */
function detectionTables(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-detection-'));
  try {
    const judged = judgeAll(schemasOfServer());
    const files = join(folder, 'mutants');
    writeMutants(
      judged.map(({ mutant }) => mutant),
      files,
    );
    writeJsonSchemas(PACKS, join(folder, 'schemas'));
    const rivals = verdictsOfRivals(files, join(folder, 'schemas'));
    return [summary(judged), programsTable(judged, rivals), sortsTable(judged, rivals)].join('\n\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summary(judged: readonly Judged[]): string {
  const { found, inPlace } = ratesOf(judged);
  const kinds = new Set(judged.map(({ mutant }) => `${mutant.apiVersion} ${mutant.kind}`)).size;
  const all = judged.length.toLocaleString('en');
  return `${all} changed objects of ${kinds} kinds. Of the mistakes found, ${share(inPlace, found)} have an error on the line of the changed field, of the map around it, or of a field that the server names.`;
}

function programsTable(judged: readonly Judged[], rivals: readonly Verdicts[]): string {
  const own = ratesOf(judged);
  const rows = rivals.map((rival) => {
    if ('reason' in rival) return `| ${rival.title} | ${rival.reason} | | | |`;
    const { refused, found, taken, alarms } = ratesOf(judged, flaggedBy(rival));
    return row(rival.title, [number(refused), `${number(found)} (${share(found, refused)})`], taken, alarms);
  });
  return [
    '| program | refused by the server | of these found | taken by the server | of these called an error |',
    '| --- | --: | --: | --: | --: |',
    row(
      'drawbridge',
      [number(own.refused), `${number(own.found)} (${share(own.found, own.refused)})`],
      own.taken,
      own.alarms,
    ),
    ...rows,
  ].join('\n');
}

function row(title: string, cells: readonly string[], taken: number, alarms: number): string {
  return `| ${[title, ...cells, number(taken), `${alarms} (${share(alarms, taken)})`].join(' | ')} |`;
}

function sortsTable(judged: readonly Judged[], rivals: readonly Verdicts[]): string {
  const asked = rivals.filter((rival) => 'flagged' in rival);
  const rows = SORTS.map((sort) => {
    const members = judged.filter(({ mutant }) => mutant.sort === sort);
    const own = ratesOf(members);
    const others = asked.map((rival) => share(ratesOf(members, flaggedBy(rival)).found, own.refused));
    return `| ${[sort, number(members.length), number(own.refused), share(own.found, own.refused), ...others].join(' | ')} |`;
  });
  const heads = ['mistake', 'objects', 'refused', 'drawbridge', ...asked.map(({ title }) => title)];
  return [`| ${heads.join(' | ')} |`, `| --- |${' --: |'.repeat(heads.length - 1)}`, ...rows].join('\n');
}

function flaggedBy({ flagged }: { readonly flagged: ReadonlySet<string> }): (one: Judged) => boolean {
  return ({ mutant }) => flagged.has(mutant.key);
}

function number(count: number): string {
  return count.toLocaleString('en');
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}

const text = detectionTables();
writeSection(join(ROOT, 'docs', 'performance.md'), 'bench:detection', text);
console.log(text);
