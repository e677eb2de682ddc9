import { describe, expect, it } from '@jest/globals';
import { chooseEngines, type EngineSigns, withEngine } from '../../src/commands/choose-engine.ts';

const NOTHING: EngineSigns = {
  engine: 'auto',
  targets: [],
  contexts: [],

  argocdAccess: 'server',
};

function chosen(signs: Partial<EngineSigns>, env: Readonly<Record<string, string>> = {}) {
  return chooseEngines({ ...NOTHING, ...signs }, env);
}

describe('the engine of a wait', () => {
  it.each<[string, Partial<EngineSigns>, readonly string[]]>([
    ['one that is named', { engine: 'flux', argocdServer: 'argocd.example.com' }, ['flux']],
    ['commit statuses where contexts are given', { contexts: ['kustomization/*'], kubeconfig: 'k' }, ['commit-status']],
    [
      'Kubernetes where manifests are',
      { manifests: ['manifests'], argocdServer: 'argocd.example.com' },
      ['kubernetes'],
    ],
    ['Kubernetes where a selector is', { selector: 'app=api' }, ['kubernetes']],
    ['that of the targets: applications', { targets: ['shop', 'argocd/shop', 'ApplicationSet/all'] }, ['argocd']],
    ['that of the targets: Flux', { targets: ['Kustomization/flux-system/apps', 'HelmRelease/shop/api'] }, ['flux']],
    [
      'that of the targets: workloads',
      { targets: ['Deployment/shop/api', 'Rollout.argoproj.io/shop/web'] },
      ['kubernetes'],
    ],
    ['both where there are targets of both', { targets: ['HelmRelease/shop/api', 'shop'] }, ['argocd', 'flux']],
    [
      'each that a target is written for',
      { targets: ['deployment/shop/web', 'hr/shop/api', 'argocd/shop'], contexts: ['kustomization/*'] },
      ['argocd', 'flux', 'kubernetes', 'commit-status'],
    ],
    ['Kubernetes beside what brings the commit', { targets: ['shop'], manifests: ['kube'] }, ['argocd', 'kubernetes']],
    ['Argo CD where its server is known', { argocdServer: 'argocd.example.com' }, ['argocd']],
    ['Argo CD by Kubernetes', { argocdAccess: 'kubernetes', kubeconfig: 'k' }, ['argocd']],
    ['Flux where only a cluster is known', { kubeContext: 'group/project:agent' }, ['flux']],
    ['both where both are', { argocdServer: 'argocd.example.com', kubeconfig: 'k' }, ['argocd', 'flux']],
  ])('is %s', (_title, signs, engines) => {
    expect(chosen(signs)).toEqual(engines);
  });

  it('is not Kubernetes alone where a commit and Argo CD are given, unless that is said', () => {
    const revision = 'a'.repeat(40);
    const signs = { targets: ['Deployment/shop/api'], revision };
    expect(chosen(signs)).toEqual(['kubernetes']);
    expect(chosen({ ...signs, targets: ['Deployment/shop/api', 'shop'] })).toEqual(['argocd', 'kubernetes']);
    const argocdServer = 'argocd.example.com';
    expect(() => chosen({ ...signs, argocdServer })).toThrow('argocd-server is given');
    expect(() => chosen({ manifests: ['kube'], revision, argocdServer })).toThrow('argocd-server is given');
    expect(() => chosen({ ...signs, argocdAccess: 'kubernetes' })).toThrow('argocd-access is given');
    expect(chosen({ ...signs, engine: 'kubernetes', argocdServer })).toEqual(['kubernetes']);
  });

  it('takes KUBECONFIG for Flux only where nothing speaks for Argo CD', () => {
    expect(chosen({}, { KUBECONFIG: '/builds/kubeconfig' })).toEqual(['flux']);
    expect(chosen({ argocdServer: 'argocd.example.com' }, { KUBECONFIG: '/home/me/config' })).toEqual(['argocd']);
  });

  it('is not guessed where a target can be read in two ways, all of which are named', () => {
    expect(() => chosen({ targets: ['deployment/web', 'shop', 'job/migrate'] })).toThrow(
      expect.objectContaining({
        code: 'input',
        problems: [expect.stringContaining('Deployment/web'), expect.stringContaining('Application/job/migrate')],
      }),
    );
    expect(chosen({ engine: 'argocd', targets: ['deployment/web'] })).toEqual(['argocd']);
  });

  it('takes a target as the engine does', () => {
    const targets = ['Application/argocd/shop', 'ApplicationSet.argoproj.io/argocd/all'];
    expect(withEngine({ ...NOTHING, targets }, {}).targets).toEqual(['argocd/shop', 'ApplicationSet/argocd/all']);
    expect(withEngine({ ...NOTHING, engine: 'argocd', targets }, {}).targets).toEqual([
      'argocd/shop',
      'ApplicationSet/argocd/all',
    ]);
  });

  it('is asked for where nothing says it, with what to give', () => {
    expect(() => chosen({})).toThrow(
      expect.objectContaining({ code: 'input', hint: expect.stringContaining('argocd-server') }),
    );
  });

  it('is written back where it is one, and left open where it takes several', () => {
    expect(withEngine({ ...NOTHING, targets: ['shop'] }, {}).engine).toBe('argocd');
    expect(withEngine({ ...NOTHING, targets: ['shop', 'HelmRelease/shop/api'] }, {}).engine).toBe('auto');
  });
});
