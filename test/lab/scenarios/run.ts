/**
 * Plays every scenario with the built command line against real servers, and prints one table; see docs/lab.md.
 *
 *   npm run test:lab -- [--only TEXT]... [--argocd VERSION]... [--flux] [--kubernetes] [--mixed] [--jobs N] [--json FILE] [--soak 10m]
 *     [--all]         also what is left out by default
 *     [--if-built]    where nothing is built, says so and ends well
 *     [--not-yet]     also plays what is marked as not waited for yet
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unbuilt } from '../building.ts';
import { ARGOCD_VERSIONS, partsFor, type Wanted } from '../parts.ts';
import { findPlace, LabError, need, type Place } from '../place.ts';
import { isAlive } from '../processes.ts';
import { down, type LabAccess, programsFor, readAccess, up } from '../up.ts';
import { SCENARIOS } from './all.ts';
import { type Bed, bedOf, foreignBed } from './bed.ts';
import { clusterBedOf, foreignClusterBed } from './cluster-bed.ts';
import { FLUX_SCENARIOS } from './flux/all.ts';
import { type Choice, emptyRow, playSuite } from './playing.ts';
import type { Row } from './scenario.ts';
import { soak } from './soak.ts';
import { argocdSuite, fluxSuite, kubernetesSuite, mixedSuite } from './suites.ts';
import { tableOf, tally } from './table.ts';

interface Options extends Choice {
  readonly versions: readonly string[];
  readonly flux: boolean;
  readonly kubernetes: boolean;
  /** Both engines in one wait. */
  readonly mixed: boolean;
  readonly json: string | undefined;
  readonly soak: string | undefined;
  readonly ifBuilt: boolean;
}

const FLAGS = {
  only: { type: 'string', multiple: true },
  argocd: { type: 'string', multiple: true },
  flux: { type: 'boolean', default: false },
  kubernetes: { type: 'boolean', default: false },
  mixed: { type: 'boolean', default: false },
  jobs: { type: 'string', default: process.env.LAB_JOBS || '4' },
  json: { type: 'string' },
  soak: { type: 'string', default: process.env.LAB_SOAK || '' },
  all: { type: 'boolean', default: false },
  'if-built': { type: 'boolean', default: false },
  'not-yet': { type: 'boolean', default: false },
} as const;

/** Where no engine is named, all are meant. */
function readOptions(): Options {
  const { values } = parseArgs({ options: FLAGS });
  const { only = [], argocd = [], flux, kubernetes, mixed, jobs, json, soak: length, all } = values;
  const isAny = argocd.length === 0 && !flux && !kubernetes && !mixed;
  const kinds = {
    versions: isAny ? [...ARGOCD_VERSIONS] : argocd,
    flux: flux || isAny,
    kubernetes: kubernetes || isAny,
    mixed: mixed || isAny,
  };
  const more = { ifBuilt: values['if-built'], notYet: values['not-yet'], soak: length || undefined };
  return { say: console.log, only, ...kinds, jobs: Number(jobs) || 4, json, all, ...more };
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
  const { KUBECONFIG, ARGOCD_SERVER, LAB_GIT_HOST } = process.env;
  if (KUBECONFIG && (ARGOCD_SERVER || LAB_GIT_HOST)) return playForeign(options);
  const place = await findPlace();
  if (isAlive(place, 'kube-apiserver')) return playPresent(place, options);
  const labs = await labsToPlay(options);
  const reason = labs.length > 0 ? await missingPrograms(labs) : NOT_BUILT;
  if (reason !== undefined && options.ifBuilt) {
    console.log(`${reason}\nThe scenarios of the lab were not played.`);
    return SCENARIOS.map(unplayed('no lab on this machine'));
  }
  if (reason !== undefined) throw new LabError(reason);
  const rows: Row[] = [];
  for (const wanted of labs) rows.push(...(await inLab(wanted, options)));
  return rows;
}

const NOT_BUILT =
  'Nothing of the lab that could be played on is built on this machine. Build once: npm run lab -- build';

function missingPrograms(labs: readonly Wanted[]): Promise<string | undefined> {
  return need([...new Set(labs.flatMap(programsFor))]).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** A cluster that is not ours: KUBECONFIG alone does not mean it. Flux is played only with the address that it reaches us by. */
async function playForeign(options: Options): Promise<readonly Row[]> {
  const { ARGOCD_SERVER, LAB_GIT_HOST } = process.env;
  const argocd = ARGOCD_SERVER ? await playArgocd(await foreignBed(process.env), options) : [];
  const isMeant = LAB_GIT_HOST && (options.flux || options.kubernetes);
  return [...argocd, ...(isMeant ? await playCluster(await foreignClusterBed(process.env), options) : [])];
}

/** A lab that is up already, in LAB_STATE or in the default folder, is used and left up. */
async function playPresent(place: Place, options: Options): Promise<readonly Row[]> {
  const access = readAccess(place);
  if (access !== undefined) return playIn(place, access, options);
  throw new LabError(`The lab in ${place.state} is not whole: npm run lab -- down, and again.`);
}

/** Of what was asked for, what is built: a lab for each version of Argo CD, one for Flux and plain Kubernetes, one for both. */
async function labsToPlay({ versions, flux, kubernetes, mixed }: Options): Promise<readonly Wanted[]> {
  const place = await findPlace();
  const argocd = ARGOCD_VERSIONS.filter((version) => versions.includes(version)).map((one) => ({ argocd: one }));
  const isBuilt = async (wanted: Wanted) => (await unbuilt(place, partsFor(wanted))).length === 0;
  const cluster = flux || kubernetes ? [{ flux: flux && (await isBuilt({ flux })) }] : [];
  const both = mixed ? [{ argocd: MIXED_VERSION, flux: true }] : [];
  const labs: Wanted[] = [];
  for (const wanted of [...argocd, ...cluster, ...both]) if (await isBuilt(wanted)) labs.push(wanted);
  return labs;
}

/** A lab with a state folder of its own, which goes afterwards. */
async function inLab(wanted: Wanted, options: Options): Promise<readonly Row[]> {
  const state = mkdtempSync(join(process.env.LAB_STATE || tmpdir(), 'drawbridge-lab-'));
  const place = await findPlace({ ...process.env, LAB_STATE: state });
  const end = () => void down(place, false).then(() => process.exit(130));
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const began = Date.now();
    const access = await up(place, wanted);
    console.log(`${nameOf(wanted)} is up after ${((Date.now() - began) / 1000).toFixed(0)} s`);
    return await playIn(place, access, narrowed(options, wanted));
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    await down(place, false);
    rmSync(state, { recursive: true, force: true });
  }
}

/** Of Argo CD, beside Flux. */
const MIXED_VERSION = '3.5';

/** In a lab of its own each is played once: plain Kubernetes not beside every Argo CD. */
function narrowed(options: Options, { argocd, flux }: Wanted): Options {
  if (argocd === undefined) return { ...options, versions: [], mixed: false };
  const alone = { ...options, flux: false, kubernetes: false };
  return flux ? { ...alone, versions: [] } : { ...alone, mixed: false };
}

const nameOf = ({ argocd, flux }: Wanted) =>
  [...(argocd === undefined ? [] : [`Argo CD ${argocd}`]), ...(flux ? ['Flux'] : [])].join(' with ') || 'Kubernetes';

async function playIn(place: Place, access: LabAccess, options: Options): Promise<readonly Row[]> {
  const { argocd, flux } = access;
  const isWanted = argocd !== undefined && options.versions.includes(argocd.version);
  const own = isWanted ? await playArgocd(await bedOf(place, access, argocd), options) : [];
  const rows = [...own, ...(await playMixed(place, access, options))];
  const able = { ...options, flux: options.flux && flux !== undefined };
  const absent = options.flux && !able.flux ? FLUX_SCENARIOS.map(unplayed('Flux is not built, or not up')) : [];
  if (!able.flux && !able.kubernetes) return [...rows, ...absent];
  return [...rows, ...absent, ...(await playCluster(await clusterBedOf(place, access), able))];
}

/** Where both engines are up, which is no default of a lab. */
async function playMixed(place: Place, access: LabAccess, options: Options): Promise<readonly Row[]> {
  const { argocd, flux } = access;
  if (!options.mixed || argocd === undefined || flux === undefined) return [];
  const bed = { argocd: await bedOf(place, access, argocd), cluster: await clusterBedOf(place, access) };
  return playSuite(mixedSuite(bed), options);
}

const unplayed = (skipped: string) => (scenario: Parameters<typeof emptyRow>[0]) => ({
  ...emptyRow(scenario, '-'),
  skipped,
});

function playArgocd(bed: Bed, options: Options): Promise<readonly Row[]> {
  return options.soak === undefined ? playSuite(argocdSuite(bed), options) : soak(bed, options.soak);
}

async function playCluster(bed: Awaited<ReturnType<typeof clusterBedOf>>, options: Options): Promise<readonly Row[]> {
  const flux = options.flux ? await playSuite(fluxSuite(bed), options) : [];
  return [...flux, ...(options.kubernetes ? await playSuite(kubernetesSuite(bed), options) : [])];
}

await main().catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
