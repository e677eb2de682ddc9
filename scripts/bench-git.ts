/**
 * Measures a bump by plain Git beside a full clone, on one generated repository behind a real Git server that counts bytes,
 * and writes its section of docs/performance.md. `npm run bench` runs it as well.
 *
 * BENCH_DIST: another build than dist/. BENCH_GIT_FILES, BENCH_GIT_COMMITS: another size. BENCH_ROUNDS: 3 by default.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FILE, GIT_ENVIRONMENT, writeGitCorpus } from './bench/git-corpus.ts';
import { type CountingServer, startCountingServer } from './bench/git-http.ts';
import { writeSection } from './bench/write-section.ts';

const ROOT = resolve(import.meta.dirname, '..');
const CLI = join(process.env.BENCH_DIST ?? join(ROOT, 'dist'), 'cli.js');
const FILES = Number(process.env.BENCH_GIT_FILES ?? 20_000);
const COMMITS = Number(process.env.BENCH_GIT_COMMITS ?? 5_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

interface Sample {
  readonly milliseconds: number;
  readonly bytes: number;
  readonly requests: number;
}

async function run(program: string, args: readonly string[], folder: string): Promise<void> {
  const child = spawn(program, args, { cwd: folder, env: { ...GIT_ENVIRONMENT }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${said.slice(-600)}`);
}

type Way = (server: CountingServer, folder: string, round: number) => Promise<void>;

const WAYS: Readonly<Record<string, Way>> = {
  '`drawbridge bump`, the file named': (server, folder, round) => bump(server, folder, 1 + 2 * round, FILE),
  '… any file of 20,000 may use the image': (server, folder, round) => bump(server, folder, 2 + 2 * round, '**'),
  'a clone, a commit, a push': async (server, folder, round) => {
    const clone = join(folder, `clone-${round}`);
    await run('git', ['clone', '--quiet', server.url, clone], folder);
    const file = join(clone, FILE);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/replicas: \d+/, `replicas: ${10 + round}`));
    await run('git', ['commit', '--quiet', '--all', '--message=change'], clone);
    await run('git', ['push', '--quiet'], clone);
    rmSync(clone, { recursive: true, force: true });
  },
  'a clone of one commit, a commit, a push': async (server, folder, round) => {
    const clone = join(folder, `shallow-${round}`);
    await run('git', ['clone', '--quiet', '--depth=1', server.url, clone], folder);
    const file = join(clone, FILE);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/replicas: \d+/, `replicas: ${30 + round}`));
    await run('git', ['commit', '--quiet', '--all', '--message=change'], clone);
    await run('git', ['push', '--quiet'], clone);
    rmSync(clone, { recursive: true, force: true });
  },
};

function bump(server: CountingServer, folder: string, version: number, files: string): Promise<void> {
  const image = `ghcr.io/acme/team-7-app-3:9.${version}.0`;
  const flags = ['--forge', 'git', '--config-repository', server.url, '--images', image, '--files', files];
  return run(process.execPath, [CLI, 'bump', ...flags], folder);
}

async function sample(server: CountingServer, folder: string, way: Way, round: number): Promise<Sample> {
  server.take();
  const start = process.hrtime.bigint();
  await way(server, folder, round);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  return { milliseconds, ...server.take() };
}

function median(samples: readonly Sample[]): Sample {
  const middle = (of: (one: Sample) => number) =>
    samples.map(of).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
  return {
    milliseconds: middle((one) => one.milliseconds),
    bytes: middle((one) => one.bytes),
    requests: middle((one) => one.requests),
  };
}

async function measureAll(server: CountingServer, folder: string): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map(Object.keys(WAYS).map((name): [string, Sample[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, way] of Object.entries(WAYS)) samples.get(name)?.push(await sample(server, folder, way, round));
  }
  return new Map([...samples].map(([name, taken]) => [name, median(taken)]));
}

function table(results: ReadonlyMap<string, Sample>): string {
  const full = results.get('a clone, a commit, a push') ?? { milliseconds: Number.NaN, bytes: Number.NaN };
  const rows = [...results].map(([name, { milliseconds, bytes, requests }]) => {
    const share = `${((100 * bytes) / full.bytes).toFixed(1)} %`;
    const times = (full.milliseconds / milliseconds).toFixed(1);
    return `| ${name} | ${requests} | ${(bytes / 1e6).toFixed(2)} MB | ${share} | ${milliseconds.toFixed(0)} ms | ${times} |`;
  });
  const head = '| one image bumped by | requests | moved | of the full clone | wall | times as fast |';
  return [head, '| --- | --: | --: | --: | --: | --: |', ...rows].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-git-'));
try {
  const corpus = await writeGitCorpus(folder, FILES, COMMITS);
  const server = await startCountingServer(folder);
  try {
    const results = await measureAll(server, folder);
    const size = `${corpus.files.toLocaleString('en')} files and ${corpus.commits.toLocaleString('en')} commits`;
    const intro = `A generated repository of ${size} behind git http-backend on loopback, medians of ${ROUNDS} interleaved rounds.`;
    const text = [intro, table(results)].join('\n\n');
    if (process.env.BENCH_DRY !== 'true') writeSection(join(ROOT, 'docs', 'performance.md'), 'bench:git', text);
    console.log(text);
  } finally {
    server.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
