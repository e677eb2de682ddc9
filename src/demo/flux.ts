import { BAD_IMAGE } from './acts.ts';
import { startFluxStandIn } from './flux-stand-in/server.ts';
import type { OpenStandIn } from './stage.ts';

const TARGET = 'my-app';

/** A cluster with Flux: one GitRepository, and one Kustomization that is made of it. */
export const openFlux: OpenStandIn = async ({ host, repository, folder }) => {
  const standIn = await startFluxStandIn({
    host,
    repository: repository.path,
    url: repository.url,
    branch: repository.branch,
    name: TARGET,
    path: 'overlays/production',
    rollout: { readyAfter: 800, progressDeadline: 1_500, pullable: (image) => image !== BAD_IMAGE },
    pace: { interval: 500, checkEvery: 250, pullFails: 300, pullBacksOff: 700 },
  });
  const kubeconfig = `${folder}/kubeconfig`;
  await host.files.write(kubeconfig, standIn.kubeconfig);
  return {
    title: 'Flux',
    reached: { engine: 'flux', targets: `Kustomization/${TARGET}`, kubeconfig },
    env: {},
    async settled() {
      await standIn.until(({ status }) => status?.lastAppliedRevision !== undefined);
    },
    close: () => standIn.close(),
  };
};
