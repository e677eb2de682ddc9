import { deployment as workload } from '../kubernetes/workloads.ts';
import { type DeploymentOptions, deployment } from '../manifests.ts';
import { expect, type Scenario } from '../scenario.ts';
import { FORGE } from './forge.ts';
import { type MixedStage, named, written } from './stage.ts';

/** One commit for both engines, each with an image of its own. */
function both(argocd: string, flux: string, options: DeploymentOptions = {}): Readonly<Record<string, string>> {
  return {
    'argocd/web.yaml': deployment(argocd, options),
    // So that the health check of Flux ends before Kubernetes gives up on the rollout.
    'flux/web.yaml': deployment(flux, { deadline: 600, ...options }),
  };
}

/** Both are live at 1.0.0, and one commit brings those tags. */
async function change(stage: MixedStage, argocd: string, flux: string, verdicts: readonly [string, string, string]) {
  const repository = await stage.begin(both('1.0.0', '1.0.0'));
  const revision = repository.commit(both(argocd, flux));
  const { application, kustomization, deployment: object } = named(stage);
  await stage.gate({
    ...{ revision, repository, targets: written(stage) },
    verdicts: { [application]: verdicts[0], [kustomization]: verdicts[1], [object]: verdicts[2] },
    live: [
      { namespace: stage.app, tag: argocd },
      { namespace: stage.space, tag: flux },
    ],
  });
}

/** An object that a job has applied, beside a commit for both engines. */
async function besideApplied(stage: MixedStage, tag: string, verdict: string) {
  const repository = await stage.begin(both('1.0.0', '1.0.0'));
  const options = { name: 'api', spec: { progressDeadlineSeconds: 10 } };
  const file = await stage.apply(workload(tag, options));
  const revision = repository.commit(both('1.1.0', '1.1.0'));
  const { application, kustomization } = named(stage);
  await stage.gate({
    ...{ revision, repository, targets: [stage.app, `Kustomization/${stage.space}/app`] },
    args: ['--manifests', file],
    verdicts: { [application]: 'landed', [kustomization]: 'landed', [`Deployment/${stage.app}/api`]: verdict },
    live: [
      { namespace: stage.app, tag: '1.1.0' },
      { namespace: stage.space, tag: '1.1.0' },
      { namespace: stage.app, tag, name: 'api' },
    ],
  });
}

/** One wait over an Application, a Kustomization and a plain object of the same cluster. */
export const MIXED_SCENARIOS: readonly Scenario<MixedStage>[] = [
  {
    name: 'both engines: good images',
    expected: expect('landed'),
    play: (stage) => change(stage, '1.1.0', '1.1.0', ['landed', 'landed', 'landed']),
  },
  {
    name: 'both engines: a bad image by Flux alone',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => change(stage, '1.1.0', '1.1.0-bad', ['landed', 'failed', 'blocked']),
  },
  {
    name: 'both engines: a bad image by Argo CD alone',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => change(stage, '1.1.0-bad', '1.1.0', ['failed', 'landed', 'failed']),
  },
  {
    name: 'both engines: a good file beside them, applied by the job',
    expected: expect('landed'),
    play: (stage) => besideApplied(stage, '1.1.0', 'landed'),
  },
  {
    name: 'both engines: a bad file beside them, applied by the job',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => besideApplied(stage, '1.1.0-bad', 'failed'),
  },
  {
    name: 'both engines: Flux is suspended',
    expected: expect('blocked', { says: /suspend/ }),
    play: async (stage) => {
      const repository = await stage.begin(both('1.0.0', '1.0.0'));
      await stage.flux.patch('Kustomization/app', { suspend: true });
      const revision = repository.commit(both('1.1.0', '1.1.0'));
      const { application, kustomization, deployment: object } = named(stage);
      await stage.gate({
        ...{ revision, repository, targets: written(stage) },
        verdicts: { [application]: 'landed', [kustomization]: 'blocked', [object]: 'blocked' },
        live: [],
      });
    },
  },
  {
    name: 'both engines: reverted during the rollout',
    expected: expect('superseded'),
    play: async (stage) => {
      const repository = await stage.begin(both('1.0.0', '1.0.0'));
      const revision = repository.commit(both('1.1.0', '1.1.0', { ready: 20, deadline: 60 }));
      const { application, kustomization, deployment: object } = named(stage);
      const during = async () => {
        const isAt = ({ revisions }: { readonly revisions: readonly string[] }) => revisions.includes(revision);
        await stage.argocd.until('it has the commit', isAt, 30);
        repository.commit(both('1.0.0', '1.0.0'));
        await stage.argocd.refresh();
        await stage.flux.nudge('GitRepository/app');
      };
      await stage.gate({
        ...{ revision, repository, targets: written(stage), during },
        verdicts: { [application]: 'superseded', [kustomization]: 'superseded', [object]: 'superseded' },
        live: [],
      });
    },
  },
  {
    name: 'both engines: no target is named, all are found by the changed files',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.begin(both('1.0.0', '1.0.0'));
      const revision = repository.commit(both('1.1.0', '1.1.0'));
      const { application, kustomization } = named(stage);
      await stage.gate({
        ...{ revision, repository, targets: [] },
        verdicts: { [application]: 'landed', [kustomization]: 'landed' },
        live: [
          { namespace: stage.app, tag: '1.1.0' },
          { namespace: stage.space, tag: '1.1.0' },
        ],
      });
    },
  },
  ...FORGE,
];
