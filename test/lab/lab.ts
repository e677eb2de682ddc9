/**
 * A Kubernetes control plane with nodes played by kwok, Argo CD and Gitea, as plain processes on loopback; see docs/lab.md.
 *
 *   npm run lab -- build [part...]    builds what is missing into the cache folder (half an hour at the first time)
 *   npm run lab -- up [version]       starts it: Argo CD 3.2, 3.5 or 2.14
 *   npm run lab -- status             what runs, and what is built
 *   npm run lab -- down [--keep]      ends it, and deletes its state unless told to keep it
 */
import { build, chosen, pinned, unbuilt } from './building.ts';
import { ARGOCD_VERSIONS, type ArgocdVersion, PARTS } from './parts.ts';
import { findPlace, LabError, type Place } from './place.ts';
import { list } from './processes.ts';
import { down, readAccess, up } from './up.ts';

const say = (line: string) => console.log(line);

const USAGE = `npm run lab -- build [part...] | up [${ARGOCD_VERSIONS.join('|')}] | status | down [--keep]`;

export function versionOf(text: string): ArgocdVersion {
  const version = ARGOCD_VERSIONS.find((one) => one === text);
  if (version !== undefined) return version;
  throw new LabError(`There is no Argo CD ${text} in the lab. Versions: ${ARGOCD_VERSIONS.join(', ')}.`);
}

async function main([command = '', ...rest]: readonly string[]): Promise<void> {
  const place = await findPlace();
  if (command === 'build') return build(place, chosen(rest), say);
  if (command === 'up') return showUp(place, versionOf(rest[0] ?? '3.2'));
  if (command === 'status') return showStatus(place);
  if (command === 'down') return showDown(place, rest.includes('--keep'));
  throw new LabError(`Usage: ${USAGE}`);
}

async function showUp(place: Place, version: ArgocdVersion): Promise<void> {
  const began = Date.now();
  const access = await up(place, version);
  say(`Ready in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  say(`Argo CD ${version}: ${access.argocdUrl} (user admin), Gitea: ${access.gitea.url} (user lab)`);
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
  say(`Argo CD ${readAccess(place)?.argocdVersion ?? 'is not up'}, state in ${place.state}`);
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
