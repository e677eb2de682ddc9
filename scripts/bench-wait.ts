/**
 * Measures waits for many Applications of one server, and for many objects of Flux in one cluster, which stand-ins on loopback
 * play: whole processes of the built program. Writes its own section of docs/performance.md.
 *
 * BENCH_DIST: another build than dist/. BENCH_DRY=true: prints only. BENCH_ONLY=argocd or flux: one of both, printed only.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startApplicationsServer, type Taken, WANTED } from './bench/applications-server.ts';
import { atMost, renderBars } from './bench/bars.ts';
import { CONFIG_URL, type FluxTaken, startFluxServer } from './bench/flux-server.ts';
import { writeSection } from './bench/write-section.ts';

const ROOT = resolve(import.meta.dirname, '..');
const CLI = join(process.env.BENCH_DIST ?? join(ROOT, 'dist'), 'cli.js');
/** Bytes of one Application. */
const SIZE = 20_000;
/** Bytes of one object of Flux, and of what it has applied. */
const FLUX_SIZE = 10_000;
const ONLY = process.env.BENCH_ONLY;
const TIME = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-q', '-f', '%U %S %M'] : [];

/** An empty one: that nothing is known of how commits stand to each other is no matter here. */
const REPOSITORY = mkdtempSync(join(tmpdir(), 'drawbridge-bench-wait-'));

interface Measured extends Taken {
  readonly title: string;
  readonly seconds: number;
  readonly cpu: number;
  readonly memory: number;
}

async function measure(title: string, count: number, over?: number): Promise<Measured> {
  const server = await startApplicationsServer({ count, size: SIZE, ...(over === undefined ? {} : { over }) });
  try {
    const start = process.hrtime.bigint();
    const { cpu, memory } = await waitFor(server.url, count);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    return { title, seconds, cpu, memory, ...server.take() };
  } finally {
    server.close();
  }
}

async function measureFlux(title: string, count: number, over?: number): Promise<Measured & FluxTaken> {
  const server = await startFluxServer({ count, size: FLUX_SIZE, ...(over === undefined ? {} : { over }) });
  try {
    const start = process.hrtime.bigint();
    const { cpu, memory } = await run(fluxFlags(server.url, count));
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    return { title, seconds, cpu, memory, ...server.take() };
  } finally {
    server.close();
  }
}

function fluxFlags(server: string, count: number): readonly string[] {
  const name = 'bench';
  const kubeconfig = join(REPOSITORY, 'kubeconfig');
  const config = {
    'current-context': name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: 'a-token-of-the-gate' } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'flux-system' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const kinds = ['Kustomization', 'HelmRelease'] as const;
  const targets = Array.from({ length: count }, (_, index) => ['--targets', `${kinds[index % 2]}/app-${index}`]).flat();
  return ['--engine', 'flux', '--kubeconfig', kubeconfig, ...targets, '--config-repository', CONFIG_URL];
}

function waitFor(url: string, count: number): Promise<{ readonly cpu: number; readonly memory: number }> {
  const targets = Array.from({ length: count }, (_, index) => ['--targets', `app-${index}`]).flat();
  const images = ['--images', 'registry.example/shop/web:1.1.0'];
  return run(['--engine', 'argocd', ...targets, '--argocd-server', url, '--config-repository', REPOSITORY, ...images]);
}

function run(flags: readonly string[]): Promise<{ readonly cpu: number; readonly memory: number }> {
  const wait = ['wait', '--revision', WANTED, '--timeout', '5m', ...flags];
  const [program = '', ...args] = [...TIME, process.execPath, CLI, ...wait];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ARGOCD_AUTH_TOKEN: 'a-token-of-the-gate' };
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env, cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-2_000);
    });
    child.on('error', fail);
    child.on('close', (status) => {
      if (status !== 0) return fail(new Error(`drawbridge wait ended with ${status}: ${log}`));
      const [user = Number.NaN, system = Number.NaN, kilobytes = Number.NaN] =
        TIME.length === 0 ? [] : (log.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      done({ cpu: user + system, memory: kilobytes / 1024 });
    });
  });
}

function table(rows: readonly Measured[]): string {
  const lines = rows.map(({ title, seconds, cpu, memory, lists, streams, singles, refreshes, megabytes }) =>
    [
      title,
      `${seconds.toFixed(1)} s`,
      `${cpu.toFixed(1)} s`,
      `${memory.toFixed(0)} MB`,
      ...[lists, streams, singles, refreshes].map(String),
      `${megabytes.toFixed(1)} MB`,
    ].join(' | '),
  );
  const head = 'wait | wall | CPU | memory | lists | streams | single reads | refreshes | moved';
  return [head, '--- | --: | --: | --: | --: | --: | --: | --: | --:', ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}

const WAITS: readonly (readonly [string, number, number?])[] = [
  ['1 application, live already', 1],
  ['8, live already', 8],
  ['9, live already', 9],
  ['100, live already', 100],
  ['500, live already', 500],
  ['500, rolled out over 40 s', 500, 40_000],
];

const FLUX_WAITS: typeof WAITS = [
  ['1 object of Flux, live already', 1],
  ['300, live already', 300],
  ['300, rolled out over 40 s', 300, 40_000],
];

const rows: Measured[] = [];
const fluxRows: (Measured & FluxTaken)[] = [];
execFileSync('git', ['init', '--quiet', '--bare', REPOSITORY]);
try {
  if (ONLY !== 'flux') for (const [title, count, over] of WAITS) rows.push(await measure(title, count, over));
  if (ONLY !== 'argocd')
    for (const [title, count, over] of FLUX_WAITS) fluxRows.push(await measureFlux(title, count, over));
} finally {
  rmSync(REPOSITORY, { recursive: true, force: true });
}
const last = rows.at(-1);
const lastFlux = fluxRows.at(-1);
const most = fluxRows.length === 0 ? Number.NaN : Math.max(...fluxRows.map((row) => row.most));
const bars = renderBars([
  atMost('500 applications that are rolled out: memory', last?.memory ?? Number.NaN, 250, ' MB'),
  atMost('500 applications that are rolled out: streams', last?.streams ?? Number.NaN, 1, ''),
  atMost('300 Kustomizations and HelmReleases that are rolled out: memory', lastFlux?.memory ?? Number.NaN, 250, ' MB'),
  atMost('the same: watches of one kind in one namespace', most, 1, ''),
]);
const intro = `Applications of ${SIZE / 1000} KB each, all of them on one server; then Kustomizations, with a Deployment and a pod each, and HelmReleases, with a chart each, half and half, of ${FLUX_SIZE / 1000} KB each, all of them in one cluster.`;
const text = [intro, bars, table([...rows, ...fluxRows])].join('\n\n');
if (process.env.BENCH_DRY !== 'true' && ONLY === undefined)
  writeSection(join(ROOT, 'docs', 'performance.md'), 'bench:wait', text);
console.log(text);
