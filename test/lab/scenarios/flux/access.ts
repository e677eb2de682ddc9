import { kubeconfigWith } from '../cluster-bed.ts';
import { web } from '../manifests.ts';
import { type Scenario, unreachable } from '../scenario.ts';
import type { FluxStage } from './stage.ts';

/** Who may do what. All other scenarios are played by an account that may read, and ask sources to look. */
export const ACCESS: readonly Scenario<FluxStage>[] = [
  {
    name: 'missing Kustomization',
    expected: unreachable(69, /app-typo/),
    play: async (stage) => {
      const repository = await stage.repository(web('1.0.0'));
      await stage.gate({ revision: repository.head(), repository, target: 'Kustomization/app-typo' });
    },
  },
  {
    name: 'account without any right',
    expected: unreachable(77, /forbidden|may not/),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const account = { kind: 'ServiceAccount', metadata: { name: 'nobody', namespace: stage.name } };
      await stage.apply({ apiVersion: 'v1', ...account });
      const token = await stage.bed.kubectl(['create', 'token', 'nobody', '-n', stage.name]);
      const kubeconfig = await kubeconfigWith(stage.bed, token.trim());
      const gate = { revision: repository.head(), repository, target: 'Kustomization/app', kubeconfig };
      await stage.gate({ ...gate, alone: true });
    },
  },
];
