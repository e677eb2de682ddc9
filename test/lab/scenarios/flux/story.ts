import { expect, type Scenario } from '../scenario.ts';
import { askGitea } from '../story.ts';
import { type Hosted, hosted } from './commit-status.ts';
import { type FluxStage, isLiveAt } from './stage.ts';

const APP = 'Kustomization/app';

/** From the image to the cluster, and back, on a real forge. */
export const STORY: readonly Scenario<FluxStage>[] = [
  {
    name: 'the whole story',
    expected: expect('landed'),
    needs: 'gitea',
    play: async (stage) => {
      const repository = await hosted(stage, '1.0.0');
      await stage.gate({ title: 'the whole story: committed on Gitea, live', ...deliver(stage, repository, '1.1.0') });
      await stage.gate({
        title: 'the whole story: bad image, its diagnosis, rolled back',
        ...deliver(stage, repository, '1.2.0-bad', ['--on-failure', 'rollback']),
        expected: expect('failed', { says: /1\.2\.0-bad/ }),
        check: () => isPutBack(stage, repository),
      });
    },
  },
];

function deliver(
  { bed, name }: FluxStage,
  { url }: Hosted,
  tag: string,
  more: readonly string[] = [],
): { revision: string; command: readonly string[]; env: Readonly<Record<string, string>>; live: string } {
  const what = ['--images', `registry.example/shop/web:${tag}`, '--files', 'deploy/**', '--strategy', 'commit'];
  const where = ['--config-repository', url, '--forge', 'gitea', '--forge-url', bed.gitea?.url ?? ''];
  const engine = ['--engine', 'flux', '--kubeconfig', bed.gateKubeconfig, '--targets', `Kustomization/${name}/app`];
  const env = { DRAWBRIDGE_TOKEN: bed.gitea?.token ?? '' };
  return { revision: '', command: ['deliver', ...what, ...where, ...engine, ...more], env, live: tag };
}

async function isPutBack({ bed, until }: FluxStage, { path }: Hosted): Promise<string> {
  const file = (await askGitea(bed, 'GET', `${path}/contents/deploy/web.yaml`)) as { content: string };
  if (!Buffer.from(file.content, 'base64').toString().includes('shop/web:1.1.0"'))
    return 'the manifest was not put back';
  const { commit } = (await askGitea(bed, 'GET', `${path}/branches/main`)) as { commit: { id: string } };
  await until(APP, 'it is healthy again', isLiveAt(commit.id), 5);
  return '';
}
