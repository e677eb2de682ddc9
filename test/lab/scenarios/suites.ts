import { isOnPath } from '../place.ts';
import { SCENARIOS } from './all.ts';
import type { Bed } from './bed.ts';
import type { ClusterBed } from './cluster-bed.ts';
import { FLUX_SCENARIOS } from './flux/all.ts';
import { type FluxStage, openFluxStage } from './flux/stage.ts';
import { KUBERNETES_SCENARIOS } from './kubernetes/all.ts';
import { type KubernetesStage, openKubernetesStage } from './kubernetes/stage.ts';
import { MIXED_SCENARIOS } from './mixed/all.ts';
import { type MixedBed, type MixedStage, openMixedStage } from './mixed/stage.ts';
import type { Suite } from './playing.ts';
import type { Scenario } from './scenario.ts';
import { openStage, type Stage } from './stage.ts';

export function argocdSuite(bed: Bed): Suite<Stage> {
  return {
    version: bed.version,
    scenarios: SCENARIOS,
    open: (name, scenario) => openStage(bed, name, scenario.name, scenario.expected),
    lacks: async ({ since, ...scenario }) => {
      if (since !== undefined && isOlder(bed.version, since)) return `needs Argo CD ${since}`;
      return lacks(bed, scenario);
    },
  };
}

export function fluxSuite(bed: ClusterBed): Suite<FluxStage> {
  return {
    version: 'Flux',
    scenarios: FLUX_SCENARIOS,
    open: (name, scenario) => openFluxStage(bed, `${name}-f`, scenario.name, scenario.expected),
    lacks: (scenario) => lacks(bed, scenario),
  };
}

export function kubernetesSuite(bed: ClusterBed): Suite<KubernetesStage> {
  return {
    version: bed.version,
    scenarios: KUBERNETES_SCENARIOS,
    open: (name, scenario) => openKubernetesStage(bed, `${name}-k`, scenario.name, scenario.expected),
    lacks: (scenario) => lacks(bed, scenario),
  };
}

export function mixedSuite(bed: MixedBed): Suite<MixedStage> {
  return {
    version: 'both',
    scenarios: MIXED_SCENARIOS,
    open: (name, scenario) => openMixedStage(bed, name, scenario.name, scenario.expected),
    lacks: (scenario) => lacks(bed.argocd, scenario),
  };
}

async function lacks(
  { gitea, place }: Pick<Bed, 'gitea' | 'place'>,
  { needs }: Pick<Scenario, 'needs'>,
): Promise<string | undefined> {
  if (needs === 'gitea') return gitea === undefined ? 'needs GITEA_URL and GITEA_TOKEN' : undefined;
  if (needs !== undefined && place === undefined) return 'needs a lab of our own';
  if (needs === 'registry' && !(await isOnPath('docker-registry'))) return 'needs docker-registry on PATH';
  return undefined;
}

function isOlder(version: string, than: string): boolean {
  const [a = [], b = []] = [version, than].map((text) => text.split('.').map(Number));
  const [major = 0, minor = 0] = a;
  const [otherMajor = 0, otherMinor = 0] = b;
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
