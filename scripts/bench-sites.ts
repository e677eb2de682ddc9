/**
 * Bumps every image site of real repositories, one at a time, and counts. Ends with 1 where an edit changed anything but the
 * chosen value, or where fewer than 1,500 sites were found.
 *
 *   BENCH_TREES=folder node scripts/bench-sites.ts     each folder in it is the checkout of one repository
 *
 * Writes its section of docs/performance.md, unless BENCH_DRY is true.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bumpEverySite, type SitesCount } from './bench/sites.ts';
import { writeSection } from './bench/write-section.ts';

const PAGE = resolve(import.meta.dirname, '..', 'docs', 'performance.md');
const FEWEST = 1_500;

function reasonsOf(refused: SitesCount['refused']): string {
  const sorted = [...refused].sort(([, a], [, b]) => b - a);
  return sorted.length === 0 ? 'none' : sorted.map(([reason, count]) => `${reason} ${count}`).join(', ');
}

function sum(counts: readonly SitesCount[]): SitesCount {
  const add = (of: (count: SitesCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  const refused = new Map<string, number>();
  for (const [reason, count] of counts.flatMap((one) => [...one.refused])) {
    refused.set(reason, (refused.get(reason) ?? 0) + count);
  }
  return {
    files: add(({ files }) => files),
    sites: add(({ sites }) => sites),
    edited: add(({ edited }) => edited),
    compared: add(({ compared }) => compared),
    refused,
    wrong: counts.flatMap(({ wrong }) => wrong),
  };
}

function row(name: string, { files, sites, edited, compared, refused, wrong }: SitesCount): string {
  const numbers = [files, sites, edited, compared].map((value) => value.toLocaleString('en'));
  return `| ${[name, ...numbers, reasonsOf(refused), wrong.length].join(' | ')} |`;
}

const trees = process.env.BENCH_TREES;
if (trees === undefined) throw new Error('BENCH_TREES does not name a folder of checkouts');
const names = readdirSync(trees, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const lines = [
  '| repository | manifests | sites | edited | read by js-yaml as well | refused | wrong |',
  '| --- | --: | --: | --: | --: | --- | --: |',
];
const counts: SitesCount[] = [];
for (const name of names.sort()) {
  const count = bumpEverySite(join(trees, name));
  counts.push(count);
  lines.push(row(name.replace('+', '/'), count));
  console.log(lines.at(-1));
}
const all = sum(counts);
lines.push(row('**all**', all));
console.log(lines.at(-1));
for (const sentence of all.wrong) console.log(`WRONG ${sentence}`);
if (process.env.BENCH_DRY !== 'true') writeSection(PAGE, 'bench:sites', lines.join('\n'));
if (all.wrong.length > 0 || all.sites < FEWEST) process.exitCode = 1;
