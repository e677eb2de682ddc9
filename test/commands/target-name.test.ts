import { describe, expect, it } from '@jest/globals';
import { engineOfName } from '../../src/commands/target-name.ts';

describe('the engine of a target, by how it is written', () => {
  it.each([
    ['shop', 'argocd', 'shop'],
    ['argocd/shop', 'argocd', 'argocd/shop'],
    ['Application/jobs/shop', 'argocd', 'jobs/shop'],
    ['Application.argoproj.io/argocd/shop', 'argocd', 'argocd/shop'],
    ['ApplicationSet/all', 'argocd', 'ApplicationSet/all'],
    ['appset/argocd/all', 'argocd', 'ApplicationSet/argocd/all'],
    ['Kustomization/flux-system/apps', 'flux', 'Kustomization/flux-system/apps'],
    ['kustomization/apps', 'flux', 'kustomization/apps'],
    ['ks/flux-system/apps', 'flux', 'ks/flux-system/apps'],
    ['hr/shop/api', 'flux', 'hr/shop/api'],
    ['Kustomization.kustomize.toolkit.fluxcd.io/flux-system/apps', 'flux', 'Kustomization/flux-system/apps'],
    ['FluxInstance.fluxcd.controlplane.io/flux-system/flux', 'flux', 'FluxInstance/flux-system/flux'],
    ['Deployment/web', 'kubernetes', 'Deployment/web'],
    ['deployment/shop/web', 'kubernetes', 'deployment/shop/web'],
    ['sts/shop/db', 'kubernetes', 'sts/shop/db'],
    ['Rollout.argoproj.io/shop/web', 'kubernetes', 'Rollout.argoproj.io/shop/web'],
    ['certificate.cert-manager.io/tls', 'kubernetes', 'certificate.cert-manager.io/tls'],
  ])('%s is for %s', (text, engine, asItTakesIt) => {
    expect(engineOfName(text)).toEqual({ engine, text: asItTakesIt });
  });

  it('is not guessed where a namespace of applications and a kind look the same', () => {
    expect(engineOfName('deployment/web')).toMatchObject({
      engine: 'argocd',
      ambiguous:
        'deployment/web: write Deployment/web for the object of Kubernetes, or Application/deployment/web for an application of Argo CD',
    });
  });
});
