/**
 * Measures the built program beside its rivals and writes the tables of docs/performance.md. Times are medians of
 * interleaved rounds in one session on one machine: trust the ratios, not the milliseconds.
 *
 * BENCH_TREE: a folder of manifests to measure on as well. BENCH_ROUNDS: 5 by default. BENCH_CACHE: where rivals are built.
 * BENCH_DIST: another build than dist/.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exec } from '@actions/exec';
import { atLeast, atMost, type Bar, renderBars } from './bench/bars.ts';
import { type Corpus, writeSmallObjects, writeWithDefinitions } from './bench/corpus.ts';
import { writeJsonSchemas } from './bench/json-schemas.ts';
import { measure, PRIORITY, type Program, type Sample } from './bench/measure.ts';
import { measureReaders } from './bench/readers.ts';
import { buildKubeconform, KUBECONFORM, kubeconformOn } from './bench/rivals.ts';
import { writeSection } from './bench/write-section.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = process.env.BENCH_DIST ?? join(ROOT, 'dist');
const CLI = join(DIST, 'cli.js');
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

interface Place {
  readonly title: string;
  readonly folder: string;
  /** Public repositories are as large as they are: no bar is set for them. */
  readonly hasBars: boolean;
}

/** A table, and what is read off it. */
interface Part {
  readonly text: string;
  readonly bars: readonly Bar[];
}

const MOST_MEGABYTES = 250;

function drawbridgeOn(folder: string, title = 'drawbridge'): Program {
  return { title, command: [process.execPath, CLI, 'validate', '.', '--missing-schema', 'skip'], folder };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

function startPart(folder: string, small: Corpus): Part {
  writeFileSync(join(folder, 'empty.mjs'), '');
  const one = join(folder, 'one');
  cpSync(join(small.folder, 'team-0', 'app-0.yaml'), join(one, 'app-0.yaml'));
  const five = join(folder, 'five');
  for (let file = 0; file < 5; file++) {
    cpSync(join(small.folder, 'team-0', `app-${file}.yaml`), join(five, `app-${file}.yaml`));
  }
  const half = writeSmallObjects(join(folder, 'half'), 500);
  const programs: readonly Program[] = [
    { title: 'an empty program', command: [process.execPath, 'empty.mjs'], folder },
    { title: '`drawbridge --version`', command: [process.execPath, CLI, '--version'], folder },
    drawbridgeOn(one, '`drawbridge validate` on one small file'),
    drawbridgeOn(five, '… on 5 small files'),
    drawbridgeOn(half.folder, '… on 500 objects'),
  ];
  const samples = measure(programs, 2 * ROUNDS);
  const base = samples[0]?.wall ?? Number.NaN;
  const rows = programs.map(({ title }, index) => {
    const { wall, cpu } = samples[index] ?? NOTHING;
    return [title, milliseconds(wall), milliseconds(cpu), milliseconds(wall - base)];
  });
  const wallOf = (index: number) => samples[index]?.wall ?? Number.NaN;
  return {
    text: table(['start of Node, then', 'wall', 'CPU', 'more than empty'], rows),
    bars: [
      atMost('one small file, start included', wallOf(2), 120, ' ms'),
      atMost('500 objects, start included', wallOf(4), 300, ' ms'),
    ],
  };
}

const NOTHING: Sample = { wall: Number.NaN, cpu: Number.NaN, memory: Number.NaN };

function milliseconds(value: number): string {
  return Number.isNaN(value) ? '' : `${value.toFixed(0)} ms`;
}

function rivalsPart(places: readonly Place[], schemas: string): Part {
  const built = buildKubeconform();
  const parts = places.map(({ title, folder, hasBars }): Rivals => {
    const programs = [drawbridgeOn(folder), ...('path' in built ? [kubeconformOn(built.path, schemas, folder)] : [])];
    return { title, programs, samples: measure(programs, ROUNDS), hasBars };
  });
  const head = ['files', 'program', 'wall', 'CPU', 'memory', 'wall, drawbridge = 1', 'CPU, drawbridge = 1'];
  const skipped = 'reason' in built ? `\n\n${KUBECONFORM}: ${built.reason}.` : '';
  return {
    text: `${table(head, parts.flatMap(rivalRows))}${skipped}`,
    bars: parts.filter(({ hasBars }) => hasBars).flatMap(rivalBars),
  };
}

interface Rivals {
  readonly title: string;
  readonly programs: readonly Program[];
  /** Our own first. */
  readonly samples: readonly Sample[];
  readonly hasBars: boolean;
}

function rivalRows({ title, programs, samples }: Rivals): readonly (readonly string[])[] {
  const own = samples[0] ?? NOTHING;
  return programs.map((program, index) => {
    const { wall, cpu, memory } = samples[index] ?? NOTHING;
    const ratios = [wall / own.wall, cpu / own.cpu].map((ratio) => ratio.toFixed(2));
    return [title, program.title, milliseconds(wall), milliseconds(cpu), `${memory.toFixed(0)} MB`, ...ratios];
  });
}

function rivalBars({ title, samples: [own = NOTHING, rival = NOTHING] }: Rivals): readonly Bar[] {
  return [
    atLeast(`${title}: wall time of ${KUBECONFORM} by ours`, rival.wall / own.wall, 2.5, ''),
    atMost(`${title}: memory`, own.memory, MOST_MEGABYTES, ' MB'),
  ];
}

const SIZES = [1_000, 5_000, 10_000, 50_000] as const;

/** The exponent e of time = c · objects^e between the smallest and the largest set; 1 is linear. */
function growthPart(folder: string): Part {
  const programs = SIZES.map((size) => drawbridgeOn(writeSmallObjects(join(folder, `grow-${size}`), size).folder));
  const samples = measure(programs, ROUNDS);
  const rows = SIZES.map((size, index) => {
    const { wall, cpu, memory } = samples[index] ?? NOTHING;
    return [size.toLocaleString('en'), milliseconds(wall), milliseconds(cpu), `${memory.toFixed(0)} MB`];
  });
  const exponent = Math.log((samples[3]?.cpu ?? 0) / (samples[1]?.cpu ?? 0)) / Math.log(SIZES[3] / SIZES[1]);
  const text = `From 5,000 to 50,000 objects CPU time grows with the power ${exponent.toFixed(2)} of their number.`;
  return {
    text: `${table(['objects', 'wall', 'CPU', 'memory'], rows)}\n\n${text}`,
    bars: [
      atMost('power that time grows with from 5,000 to 50,000 objects', exponent, 1.05, ''),
      atMost('50,000 objects: memory', samples[3]?.memory ?? Number.NaN, MOST_MEGABYTES, ' MB'),
    ],
  };
}

function readersTable(places: readonly Place[]): string {
  const rows = places.map(({ title, folder }) => {
    const { documents, left, own, library } = measureReaders(folder);
    const rate = (value: number) => `${value.toFixed(0)} MB/s`;
    return [title, documents.toLocaleString('en'), String(left), rate(own), rate(library), (own / library).toFixed(1)];
  });
  return table(['YAML of', 'documents', 'left to js-yaml', 'own reader', 'js-yaml', 'ratio'], rows);
}

const MOST_MEGABYTES_OF_DIST = 3;

function sizesPart(): Part {
  const names = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => ({ name, stat: statSync(join(DIST, name)) })).filter(({ stat }) => stat.isFile());
  const sizes = files
    .map(({ name, stat }) => ({ name, bytes: stat.size }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1);
  const largest = sizes.slice(0, 12).map(({ name, bytes }) => [name, kilobytes(bytes)]);
  const rows = [...largest, [`**all ${sizes.length} files**`, `**${kilobytes(total)}**`]];
  return {
    text: table(['file of dist/', 'KB'], rows),
    bars: [atMost('dist/, packs included', total / 1e6, MOST_MEGABYTES_OF_DIST, ' million bytes')],
  };
}

function machine(): string {
  const load = loadavg()[0]?.toFixed(1) ?? '';
  const processor = cpus()[0]?.model ?? 'unknown processor';
  return `Node ${process.versions.node}, ${cpus().length} × ${processor}, ${ROUNDS} rounds at ${PRIORITY}, load average ${load} before`;
}

function placesIn(small: Corpus, definitions: Corpus): readonly Place[] {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const described = ({ objects, files, bytes, folder }: Corpus, what: string): Place => ({
    hasBars: true,
    title: `${objects.toLocaleString('en')} ${what} in ${files.toLocaleString('en')} files, ${megabytes(bytes)} MB`,
    folder,
  });
  const tree = process.env.BENCH_TREE;
  return [
    described(small, 'small objects'),
    described(definitions, 'objects, large CRDs among them,'),
    ...(tree === undefined ? [] : [{ title: 'public repositories', folder: tree, hasBars: false }]),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
try {
  const before = machine();
  const small = writeSmallObjects(join(folder, 'small'), 10_000);
  const places = placesIn(small, writeWithDefinitions(join(folder, 'definitions'), 40e6));
  const schemas = join(folder, 'schemas');
  writeJsonSchemas(join(ROOT, 'packs'), schemas);
  const [start, rivals, growth] = [startPart(folder, small), rivalsPart(places, schemas), growthPart(folder)];
  const readers = { text: readersTable(places), bars: [] };
  const parts: readonly Part[] = [start, rivals, growth, readers, sizesPart()];
  const bars = renderBars(parts.flatMap((part) => part.bars));
  const machineLine = `${before}, ${loadavg()[0]?.toFixed(1)} after.`;
  const text = [machineLine, bars, ...parts.map((part) => part.text)].join('\n\n');
  writeSection(join(ROOT, 'docs', 'performance.md'), 'bench', text);
  console.log(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Each writes its own section of the page.
for (const script of ['bench-detection.ts', 'bench-git.ts', 'bench-wait.ts'])
  await exec(process.execPath, [join(ROOT, 'scripts', script)]);
