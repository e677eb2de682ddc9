import { BAD_IMAGE } from './acts.ts';
import type { OpenStandIn } from './stage.ts';
import { startArgoCdStandIn } from './stand-in/server.ts';

const TARGET = 'my-app';

/** Argo CD with one Application. */
export const openArgoCd: OpenStandIn = async ({ host, repository }) => {
  const standIn = await startArgoCdStandIn({
    host,
    repository: repository.path,
    applications: [{ name: TARGET, path: 'overlays/production' }],
    rollout: { readyAfter: 1_200, progressDeadline: 1_800, pullable: (image) => image !== BAD_IMAGE },
    polling: 500,
  });
  return {
    title: 'Argo CD',
    reached: { engine: 'argocd', targets: TARGET, 'argocd-server': standIn.url },
    env: { ARGOCD_AUTH_TOKEN: standIn.token },
    async settled() {
      await standIn.until(TARGET, ({ sync, health }) => sync?.status === 'Synced' && health?.status === 'Healthy');
    },
    close: () => standIn.close(),
  };
};
