import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFiles } from './building.ts';
import { apply, established, kubeconfigOf, kubectl } from './kubernetes.ts';
import { FLUX_CONTROLLERS, PARTS } from './parts.ts';
import type { Place, PortName } from './place.ts';
import { ready, start } from './processes.ts';

/** Where the Receivers of Flux are called. */
export const receiverUrl = (place: Place) => `http://127.0.0.1:${place.port('flux-receiver')}`;

const address = (place: Place, name: PortName) => `127.0.0.1:${place.port(name)}`;

/** The kinds of Flux and its four controllers. Resolves when all of them are ready. */
export async function startFlux(place: Place): Promise<void> {
  await apply(place, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } }]);
  for (const name of FLUX_CONTROLLERS) await installKinds(place, name);
  for (const kind of ['gitrepositories.source', 'kustomizations.kustomize', 'helmreleases.helm', 'alerts.notification'])
    await established(place, `${kind}.toolkit.fluxcd.io`);
  // The others tell it of each event, and wait for a quarter of a minute where nobody listens.
  await startController(place, 'notification-controller', notificationFlags(place));
  const events = ['--events-addr', `http://${address(place, 'flux-events')}/`];
  // A dependant looks for its dependency every 30 s otherwise.
  const soon = [...events, '--requeue-dependency', '5s'];
  await startController(place, 'source-controller', [...events, ...storageFlags(place)]);
  await startController(place, 'kustomize-controller', soon);
  await startController(place, 'helm-controller', soon);
  for (const name of FLUX_CONTROLLERS) {
    await ready(place, name, 90, async () => (await fetch(`http://${address(place, name)}/readyz`)).ok);
  }
}

async function installKinds(place: Place, name: (typeof FLUX_CONTROLLERS)[number]): Promise<void> {
  const part = PARTS.find((one) => one.name === name);
  if (part === undefined) throw new Error(`${name} is no part`);
  const folder = join(await moduleFiles(place, part, ['config/crd/bases']), 'config/crd/bases');
  const files = readdirSync(folder).flatMap((file) => ['-f', join(folder, file)]);
  await kubectl(place, ['apply', '--server-side', '--force-conflicts', ...files]);
}

function storageFlags(place: Place): readonly string[] {
  const folder = join(place.state, 'artifacts');
  mkdirSync(folder, { recursive: true });
  const own = address(place, 'flux-artifacts');
  return ['--storage-path', folder, '--storage-addr', own, '--storage-adv-addr', own];
}

const notificationFlags = (place: Place) => [
  ...['--events-addr', address(place, 'flux-events'), '--receiverAddr', address(place, 'flux-receiver')],
];

const LISTENS: Readonly<Record<string, readonly PortName[]>> = {
  'source-controller': ['flux-artifacts'],
  'notification-controller': ['flux-events', 'flux-receiver'],
};

async function startController(
  place: Place,
  name: (typeof FLUX_CONTROLLERS)[number],
  flags: readonly string[],
): Promise<void> {
  const temporary = join(place.state, 'tmp', name);
  mkdirSync(temporary, { recursive: true });
  const env = {
    KUBECONFIG: kubeconfigOf(place),
    RUNTIME_NAMESPACE: 'flux-system',
    HOME: temporary,
    TMPDIR: temporary,
    NO_PROXY: '127.0.0.1',
  };
  await start(place, {
    name,
    program: place.binary(name),
    args: ['--metrics-addr', '0', '--health-addr', address(place, name), '--log-level', 'info', ...flags],
    env,
    ports: [name, ...(LISTENS[name] ?? [])],
  });
}
