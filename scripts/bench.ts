/**
 * Measures the built program and writes the table of docs/performance.md. Times are medians of interleaved runs in one
 * session on one machine: trust the ratios, not the milliseconds.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const CLI = join(ROOT, 'dist', 'cli.js');
const ROUNDS = 15;

const MANIFEST = (index: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  labels: { app: app-${index} }
spec:
  replicas: 2
  selector:
    matchLabels: { app: app-${index} }
  template:
    metadata:
      labels: { app: app-${index} }
    spec:
      containers:
        - name: app
          image: example/app:1.${index}
          ports: [{ containerPort: 8080, name: http }]
          resources:
            limits: { cpu: 500m, memory: 128Mi }
`;

interface Case {
  readonly title: string;
  readonly args: readonly string[];
}

function milliseconds(args: readonly string[], cwd: string): number {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, args, { cwd, stdio: 'ignore' });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function measure(cases: readonly Case[], cwd: string): number[] {
  const times: number[][] = cases.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    cases.forEach(({ args }, index) => {
      const time = milliseconds(args, cwd);
      // The first round only warms the file cache.
      if (round > 0) times[index]?.push(time);
    });
  }
  return times.map(median);
}

function timesTable(folder: string): string {
  writeFileSync(join(folder, 'empty.mjs'), '');
  for (let index = 1; index <= 5; index++) writeFileSync(join(folder, `app-${index}.yaml`), MANIFEST(index));
  const cases: Case[] = [
    { title: 'an empty program', args: ['empty.mjs'] },
    { title: '`drawbridge --version`', args: [CLI, '--version'] },
    { title: '`drawbridge validate` on 5 small files', args: [CLI, 'validate', '.'] },
  ];
  const results = measure(cases, folder);
  const base = results[0] ?? Number.NaN;
  const rows = cases.map(({ title }, index) => {
    const time = results[index] ?? Number.NaN;
    return `| ${title} | ${time.toFixed(0)} ms | ${(time / base).toFixed(2)} |`;
  });
  return ['| start of Node, then | median | ratio |', '|---|--:|--:|', ...rows].join('\n');
}

function sizesTable(): string {
  const dist = join(ROOT, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(dist, name)).isFile(),
  );
  const rows = files
    .map((name) => ({ name, bytes: statSync(join(dist, name)).size }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1);
  return [
    '| file of dist/ | KB |',
    '|---|--:|',
    ...rows.map(({ name, bytes }) => `| ${name} | ${kilobytes(bytes)} |`),
    `| **in all** | **${kilobytes(total)}** |`,
  ].join('\n');
}

function writeBetweenMarkers(path: string, text: string): void {
  const [start, end] = ['<!-- bench -->', '<!-- /bench -->'];
  const page = readFileSync(path, 'utf8');
  const from = page.indexOf(start) + start.length;
  const to = page.indexOf(end);
  writeFileSync(path, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
}

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
try {
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${ROUNDS} rounds.`;
  const text = `${machine}\n\n${timesTable(folder)}\n\n${sizesTable()}`;
  writeBetweenMarkers(join(ROOT, 'docs', 'performance.md'), text);
  console.log(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
