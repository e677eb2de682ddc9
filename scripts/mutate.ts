import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Mutant, mutantsOf } from './mutants/mutants.ts';
import type { Order, Report } from './mutants/worker.ts';

/**
 * Changes the decision of a wait in every way of a hand-made list, one at a time, and runs the tests of it over each: a change
 * that no test notices is named. `node scripts/mutate.ts [subject | file ...]`; ends with 1 when fewer than 90 of 100 are
 * noticed of a subject.
 *
 * MUTATE_EVERY=4: only every fourth change, to get a first figure.
 */
const ROOT = resolve(import.meta.dirname, '..');

interface Subject {
  readonly name: string;
  readonly files: readonly string[];
  /** The quickest first, since the first that fails ends it. */
  readonly tests: readonly string[];
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'argocd',
    files: [
      ...['judge', 'holding', 'relations', 'family', 'followers', 'watched', 'live-images'],
      ...inFolder('argocd', ['interpret', 'settled', 'hydration', 'members', 'sources']),
    ],
    tests: [
      ...['judge', 'holding', 'relations', 'live-images', 'watched', 'family', 'followers'],
      ...inFolder('argocd', [
        'interpret',
        'settled',
        'hydration',
        'members',
        'sources',
        'family-wait',
        'wait',
        'recordings',
      ]),
    ],
  },
  {
    name: 'flux',
    files: inFolder('flux', [
      ...[
        'kustomization',
        'appraise',
        'applied-health',
        'pod-trouble',
        'dependency',
        'failure',
        'finding',
        'preflight',
      ],
      ...['helm-release', 'helm-release-status', 'release-pods', 'values', 'chart', 'owner', 'other'],
      ...['flux-object', 'inventory', 'needs', 'relating', 'revision', 'source', 'taken', 'checked'],
    ]),
    tests: inFolder('flux', [
      ...['names', 'needs', 'inventory', 'dependency', 'owner', 'progress', 'release-progress', 'applied-health'],
      ...['kustomization', 'helm-release', 'release-pods', 'values', 'chart', 'kept-chart', 'appraise'],
      ...['taken', 'checked', 'wait', 'recordings'],
    ]),
  },
  {
    name: 'kubernetes',
    files: [
      ...inFolder('kubernetes', ['interpret', 'memory', 'steadiness', 'lasting', 'away']),
      ...inFolder('object-health', ['object-health', 'workloads', 'pods', 'pod-template', 'conditions', 'batch']),
      ...inFolder('object-health', ['infrastructure', 'selector', 'verdicts', 'worth-waiting', 'written', 'restarts']),
    ],
    tests: [
      ...inFolder('object-health', [
        'worth-waiting',
        'waiting-reasons',
        'restarts',
        'object-health',
        'pods',
        'pod-template',
      ]),
      ...inFolder('kubernetes', [
        'away',
        'lasting',
        'standing',
        'interpret',
        'memory',
        'steadiness',
        'wait',
        'recordings',
      ]),
    ],
  },
];

function inFolder(folder: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${folder}/${name}`);
}

function sourcesOf({ files }: Subject): readonly string[] {
  return files.map((name) => `src/engines/${name}.ts`);
}

function testsOf({ tests }: Subject): readonly string[] {
  return tests.map((name) => resolve(ROOT, `test/engines/${name}.test.ts`)).filter((file) => existsSync(file));
}

/** Milliseconds; a change that makes a loop endless is noticed too. */
const LIMIT = 60_000;
const WANTED = 0.9;
const EVERY = Number(process.env.MUTATE_EVERY ?? 1);

function start(): ChildProcess {
  // Only the recordings of this repository, so that the figure is the same everywhere.
  const env = { ...process.env, DRAWBRIDGE_RECORDINGS: '/nonexistent' };
  return fork(resolve(import.meta.dirname, 'mutants/worker.ts'), [], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=2048'],
  });
}

/** Undefined when it did not come back in time. */
function ask(worker: ChildProcess, order: Order): Promise<Report | undefined> {
  return new Promise((done) => {
    const alarm = setTimeout(() => end(undefined), LIMIT);
    const end = (report: Report | undefined): void => {
      clearTimeout(alarm);
      worker.removeAllListeners('message').removeAllListeners('exit');
      done(report);
    };
    worker.once('message', (report) => end(report as Report)).once('exit', () => end(undefined));
    worker.send(order);
  });
}

let worker = start();
let reports = 0;

async function report(file: string, source: string | undefined, tests: readonly string[]): Promise<Report> {
  // Modules are never unloaded.
  if (++reports % 100 === 0) restart();
  const answer = await ask(worker, { file, source, tests });
  if (answer !== undefined) return answer;
  restart();
  return { kind: 'killed', by: 'the time' };
}

function restart(): void {
  worker.kill('SIGKILL');
  worker = start();
}

interface Score {
  readonly killed: number;
  readonly all: number;
}

async function measure(path: string, tests: readonly string[]): Promise<Score> {
  const file = resolve(ROOT, path);
  const survivors: Mutant[] = [];
  let killed = 0;
  const chosen = mutantsOf(readFileSync(file, 'utf8')).filter((_, index) => index % EVERY === 0);
  for (const one of chosen) {
    const { kind } = await report(file, one.source, tests);
    if (kind === 'killed') killed++;
    if (kind === 'survived') survivors.push(one);
  }
  const all = killed + survivors.length;
  console.log(`${path}: ${killed} of ${all} noticed (${Math.round((100 * killed) / all)} %)`);
  for (const { line, operator, before, after } of survivors) {
    console.log(`  ${line} ${operator}\n    - ${before}\n    + ${after}`);
  }
  return { killed, all };
}

/** Whether enough of the changes of a subject, or of some of its files, are noticed. */
async function measureSubject(subject: Subject, files: readonly string[]): Promise<boolean> {
  const tests = testsOf(subject);
  const unchanged = await report(resolve(ROOT, files[0] ?? ''), undefined, tests);
  if (unchanged.kind !== 'survived') throw new Error(`the tests fail without a change: ${unchanged.by}`);
  const scores: Score[] = [];
  for (const file of files) scores.push(await measure(file, tests));
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const all = scores.reduce((sum, score) => sum + score.all, 0);
  console.log(
    `${subject.name}: in all ${killed} of ${all} changes are noticed (${((100 * killed) / all).toFixed(1)} %).`,
  );
  return killed / all >= WANTED;
}

const asked = process.argv.slice(2);
for (const subject of SUBJECTS) {
  const isWhole = asked.length === 0 || asked.includes(subject.name);
  const files = sourcesOf(subject).filter((file) => isWhole || asked.includes(file));
  if (files.length > 0 && !(await measureSubject(subject, files))) process.exitCode = 1;
}
worker.kill();
