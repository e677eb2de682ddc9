import { type Hosted, hosted } from '../flux/commit-status.ts';
import { IMAGE } from '../manifests.ts';
import { expect, type Scenario } from '../scenario.ts';
import { applyObject, type Stage } from '../stage.ts';
import { askGitea, credentials, firstLive } from '../story.ts';
import { type MixedStage, named, written } from './stage.ts';

const CONTEXT = 'kustomization/app/*';

/** One repository on a real forge, which both engines deliver, and Flux speaks about there. */
export const FORGE: readonly Scenario<MixedStage>[] = [
  {
    name: 'both engines: a commit status beside them',
    expected: expect('landed'),
    needs: 'gitea',
    play: async (stage) => {
      const repository = await onGitea(stage);
      const revision = await repository.commit('1.1.0');
      const { application, kustomization, deployment } = named(stage);
      await stage.gate({
        ...{ revision, repository, targets: written(stage), ...onForge(stage) },
        args: ['--contexts', CONTEXT, '--forge', 'gitea'],
        verdicts: { [application]: 'landed', [kustomization]: 'landed', [deployment]: 'landed', [CONTEXT]: 'landed' },
        live: liveOn(stage, '1.1.0'),
      });
    },
  },
  {
    name: 'both engines: delivered',
    expected: expect('landed'),
    needs: 'gitea',
    play: async (stage) => {
      const repository = await onGitea(stage);
      const { application, kustomization, deployment } = named(stage);
      const shared = { revision: '', repository, targets: written(stage), ...onForge(stage) };
      await stage.gate({
        ...{ ...shared, ...deliver(stage, '1.1.0'), live: liveOn(stage, '1.1.0') },
        title: 'both engines: delivered by one commit',
        verdicts: { [application]: 'landed', [kustomization]: 'landed', [deployment]: 'landed' },
      });
      await stage.gate({
        ...{ ...shared, ...deliver(stage, '1.2.0-bad', ['--on-failure', 'rollback']), live: [] },
        title: 'both engines: delivered, bad image, rolled back',
        expected: expect('failed', { says: /1\.2\.0-bad/ }),
        verdicts: { [application]: 'failed', [kustomization]: 'failed', [deployment]: 'failed' },
        check: () => stage.notLive(liveOn(stage, '1.1.0')),
      });
    },
  },
];

async function onGitea(stage: MixedStage): Promise<Hosted> {
  const { argocd, flux } = stage;
  const repository = await hosted(flux, '1.0.0');
  const { login } = (await askGitea(argocd.bed, 'GET', '/user')) as { login: string };
  await applyObject(argocd.bed, credentials(argocd.bed, argocd.name, repository.url, login));
  const source = { repoURL: repository.url, targetRevision: 'main', path: 'deploy' };
  await argocd.deploy({ source } as Parameters<Stage['deploy']>[0]);
  const { commit } = (await askGitea(argocd.bed, 'GET', `${repository.path}/branches/main`)) as {
    commit: { id: string };
  };
  await firstLive(argocd, commit.id);
  return repository;
}

const onForge = ({ argocd: { bed } }: MixedStage) => ({ env: { DRAWBRIDGE_TOKEN: bed.gitea?.token ?? '' } });

const liveOn = ({ app, space }: MixedStage, tag: string) => [
  { namespace: app, tag },
  { namespace: space, tag },
];

function deliver({ argocd: { bed } }: MixedStage, tag: string, more: readonly string[] = []) {
  const what = ['--images', `${IMAGE}:${tag}`, '--files', 'deploy/**', '--strategy', 'commit'];
  const where = ['--forge', 'gitea', '--forge-url', bed.gitea?.url ?? ''];
  return { command: ['deliver', ...what, ...where, ...more] };
}
