/**
 * Plays every scenario with the built command line against a real Argo CD, and prints one table; see docs/lab.md.
 *
 *   npm run test:lab -- [--only TEXT]... [--argocd VERSION]... [--jobs N] [--json FILE] [--soak 10m]
 *     [--if-built]    where nothing is built, says so and ends well
 *     [--not-yet]     also plays what is marked as not waited for yet
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unbuilt } from '../building.ts';
import { ARGOCD_VERSIONS, type ArgocdVersion, partsFor } from '../parts.ts';
import { findPlace, isOnPath, LabError, need, RUN_PROGRAMS } from '../place.ts';
import { isAlive } from '../processes.ts';
import { down, readAccess, up } from '../up.ts';
import { SCENARIOS } from './all.ts';
import { type Bed, bedOf, foreignBed } from './bed.ts';
import type { Row, Scenario } from './scenario.ts';
import { soak } from './soak.ts';
import { openStage } from './stage.ts';
import { tableOf, tally } from './table.ts';

interface Options {
  readonly only: readonly string[];
  readonly versions: readonly string[];
  readonly jobs: number;
  readonly json: string | undefined;
  readonly soak: string | undefined;
  readonly ifBuilt: boolean;
  readonly notYet: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      argocd: { type: 'string', multiple: true },
      jobs: { type: 'string', default: process.env.LAB_JOBS || '4' },
      json: { type: 'string' },
      soak: { type: 'string', default: process.env.LAB_SOAK || '' },
      'if-built': { type: 'boolean', default: false },
      'not-yet': { type: 'boolean', default: false },
    },
  });
  const { only = [], argocd: versions = [], jobs, json, soak: length, 'if-built': ifBuilt, 'not-yet': notYet } = values;
  return { only, versions, jobs: Number(jobs) || 4, json, soak: length || undefined, ifBuilt, notYet };
}

async function main(): Promise<void> {
  const options = readOptions();
  const rows = await playEverywhere(options);
  console.log(`\n${tableOf(rows)}`);
  const counts = tally(rows);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ ...counts, rows }, null, 1)}\n`);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 || rows.length === 0 ? 1 : 0;
}

async function playEverywhere(options: Options): Promise<readonly Row[]> {
  const { KUBECONFIG, ARGOCD_SERVER } = process.env;
  if (KUBECONFIG && ARGOCD_SERVER) return playOn(await foreignBed(process.env), options);
  if (await isUp()) return playOn(await presentBed(), options);
  const versions = await versionsToPlay(options);
  const reason = versions.length > 0 ? await missingPrograms() : NOT_BUILT;
  if (reason !== undefined && options.ifBuilt) {
    console.log(`${reason}\nThe scenarios of the lab were not played.`);
    return SCENARIOS.map((scenario) => ({ ...emptyRow(scenario, '-'), skipped: 'no lab on this machine' }));
  }
  if (reason !== undefined) throw new LabError(reason);
  const rows: Row[] = [];
  for (const version of versions) rows.push(...(await inLab(version, options)));
  return rows;
}

const NOT_BUILT = 'No Argo CD of the lab is built on this machine. Build once: npm run lab -- build';

function missingPrograms(): Promise<string | undefined> {
  return need(RUN_PROGRAMS).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** A lab that is up already, in LAB_STATE or in the default folder, is used and left up. */
async function isUp(): Promise<boolean> {
  const place = await findPlace();
  return isAlive(place, 'argocd-server');
}

async function presentBed(): Promise<Bed> {
  const place = await findPlace();
  const access = readAccess(place);
  if (access === undefined)
    throw new LabError(`The lab in ${place.state} is not whole: npm run lab -- down, and again.`);
  return bedOf(place, access);
}

/** Those that were asked for, else all that are built. */
async function versionsToPlay({ versions }: Options): Promise<readonly ArgocdVersion[]> {
  const place = await findPlace();
  const built: ArgocdVersion[] = [];
  for (const version of ARGOCD_VERSIONS)
    if ((await unbuilt(place, partsFor(version))).length === 0) built.push(version);
  return versions.length > 0 ? built.filter((version) => versions.includes(version)) : built;
}

/** One lab for each version, with a state folder of its own, which goes afterwards. */
async function inLab(version: ArgocdVersion, options: Options): Promise<readonly Row[]> {
  const state = mkdtempSync(join(process.env.LAB_STATE || tmpdir(), 'drawbridge-lab-'));
  const place = await findPlace({ ...process.env, LAB_STATE: state });
  const end = () => void down(place, false).then(() => process.exit(130));
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const began = Date.now();
    const access = await up(place, version);
    console.log(`Argo CD ${version} is up after ${((Date.now() - began) / 1000).toFixed(0)} s`);
    return await playOn(await bedOf(place, access), options);
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    await down(place, false);
    rmSync(state, { recursive: true, force: true });
  }
}

async function playOn(bed: Bed, options: Options): Promise<readonly Row[]> {
  if (options.soak !== undefined) return soak(bed, options.soak);
  const chosen = SCENARIOS.filter(
    ({ name }) => options.only.length === 0 || options.only.some((text) => name.includes(text)),
  );
  const together = chosen.filter(({ alone }) => !alone);
  const rows: Row[] = [];
  const queue = [...together];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      rows.push(...(await play(bed, next, options.notYet)));
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  for (const scenario of chosen.filter(({ alone }) => alone)) rows.push(...(await play(bed, scenario, options.notYet)));
  return inOrder(rows);
}

const inOrder = (rows: readonly Row[]) => {
  const place = ({ scenario }: Row) => SCENARIOS.findIndex(({ name }) => scenario.startsWith(name));
  return [...rows].sort((a, b) => place(a) - place(b));
};

async function play(bed: Bed, scenario: Scenario, notYet: boolean): Promise<readonly Row[]> {
  const { name, expected } = scenario;
  const reason = await reasonToSkip(bed, scenario, notYet);
  if (reason !== undefined) return [{ ...emptyRow(scenario, bed.version), skipped: reason }];
  const stage = openStage(bed, `lab-${SCENARIOS.indexOf(scenario)}-${slug(name)}`, name, expected);
  const broken = await scenario.play(stage).then(
    () => [],
    (error: unknown) => [{ ...emptyRow(scenario, bed.version), verdict: 'not played', problem: String(error) }],
  );
  await stage.close().catch((error: unknown) => console.error(`${name}: clearing away failed: ${error}`));
  const rows = [...stage.rows, ...broken];
  for (const row of rows) console.log(lineOf(row));
  return rows;
}

function emptyRow({ name, expected }: Scenario, version: string): Row {
  const { verdict, exit } = expected;
  return { scenario: name, version, expected: `${verdict} ${exit}`, verdict: '', seconds: 0, other: '', problem: '' };
}

function lineOf({ problem, version, seconds, scenario }: Row): string {
  const mark = problem === '' ? 'ok    ' : 'FAILED';
  const line = `${mark} ${version.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${scenario}`;
  return problem === '' ? line : `${line}\n       ${problem}`;
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .slice(0, 24)
    .replace(/-$/, '');

async function reasonToSkip(bed: Bed, { needs, since, notYet }: Scenario, all: boolean): Promise<string | undefined> {
  if (notYet !== undefined && !all) return `not yet: ${notYet}`;
  if (since !== undefined && isOlder(bed.version, since)) return `needs Argo CD ${since}`;
  if (needs === 'gitea') return bed.gitea === undefined ? 'needs GITEA_URL and GITEA_TOKEN' : undefined;
  if (needs !== undefined && bed.place === undefined) return 'needs a lab of our own';
  if (needs === 'registry' && !(await isOnPath('docker-registry'))) return 'needs docker-registry on PATH';
  return undefined;
}

function isOlder(version: string, than: string): boolean {
  const [a = [], b = []] = [version, than].map((text) => text.split('.').map(Number));
  const [major = 0, minor = 0] = a;
  const [otherMajor = 0, otherMinor = 0] = b;
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

await main().catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
