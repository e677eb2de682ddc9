/**
 * A Kubernetes control plane with nodes played by kwok, Argo CD, Flux and Gitea, as plain processes on loopback; see docs/lab.md.
 *
 *   npm run lab -- build [part...]    builds what is missing into the cache folder (most of an hour at the first time)
 *   npm run lab -- up [version]       starts it with Argo CD 3.2, 3.5 or 2.14
 *   npm run lab -- up [version] --flux  starts it with Flux, and with Argo CD where a version is named
 *   npm run lab -- status             what runs, and what is built
 *   npm run lab -- down [--keep]      ends it, and deletes its state unless told to keep it
 */
import { build, chosen, pinned, unbuilt } from './building.ts';
import { ARGOCD_VERSIONS, type ArgocdVersion, PARTS, type Wanted } from './parts.ts';
import { findPlace, LabError, type Place } from './place.ts';
import { list } from './processes.ts';
import { down, readAccess, up } from './up.ts';

const say = (line: string) => console.log(line);

const USAGE = `npm run lab -- build [part...] | up [${ARGOCD_VERSIONS.join('|')}] [--flux] | status | down [--keep]`;

export function versionOf(text: string): ArgocdVersion {
  const version = ARGOCD_VERSIONS.find((one) => one === text);
  if (version !== undefined) return version;
  throw new LabError(`There is no Argo CD ${text} in the lab. Versions: ${ARGOCD_VERSIONS.join(', ')}.`);
}

async function main([command = '', ...rest]: readonly string[]): Promise<void> {
  const place = await findPlace();
  if (command === 'build') return build(place, chosen(rest), say);
  if (command === 'up') return showUp(place, wantedBy(rest));
  if (command === 'status') return showStatus(place);
  if (command === 'down') return showDown(place, rest.includes('--keep'));
  throw new LabError(`Usage: ${USAGE}`);
}

/** Argo CD 3.2 where nothing is named. */
function wantedBy(args: readonly string[]): Wanted {
  const flux = args.includes('--flux');
  const version = args.find((one) => one !== '--flux') ?? (flux ? undefined : '3.2');
  return { flux, argocd: version === undefined ? undefined : versionOf(version) };
}

async function showUp(place: Place, wanted: Wanted): Promise<void> {
  const began = Date.now();
  const { argocd, flux, gitea } = await up(place, wanted);
  say(`Ready in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  if (argocd !== undefined) say(`Argo CD ${argocd.version}: ${argocd.url} (user admin)`);
  if (flux !== undefined) say(`Flux: its Receivers are at ${flux.receiver}`);
  say(`Gitea: ${gitea.url} (user lab)`);
  say(`Addresses and tokens: set -a; . ${place.state}/lab.env; set +a`);
}

async function showStatus(place: Place): Promise<void> {
  const missing = await unbuilt(place, PARTS);
  const built = PARTS.filter((part) => !missing.includes(part)).map((part) => `${part.name} ${pinned(part)}`);
  say(`Built in ${place.cache}: ${built.join(', ') || 'nothing'}`);
  if (missing.length > 0) say(`Not built: ${missing.map(({ name }) => name).join(', ')}`);
  const processes = list(place);
  if (processes.length === 0) return say(`Nothing was started in ${place.state}.`);
  const row = (cells: readonly string[]) =>
    say(`${(cells[0] ?? '').padEnd(34)} ${(cells[1] ?? '').padEnd(8)} ${cells[2]}`);
  row(['process', 'pid', 'MiB']);
  for (const { name, pid, alive, mebibytes } of processes)
    row([name, String(pid), alive ? String(mebibytes) : 'ended']);
  row(['all', '', String(processes.reduce((sum, one) => sum + one.mebibytes, 0))]);
  const { argocd, flux } = readAccess(place) ?? {};
  say(`Argo CD ${argocd?.version ?? 'is not up'}, Flux is ${flux ? '' : 'not '}up, state in ${place.state}`);
}

async function showDown(place: Place, keep: boolean): Promise<void> {
  const count = await down(place, keep);
  say(count === 0 ? `Nothing was started in ${place.state}.` : `Ended ${count} processes.`);
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
