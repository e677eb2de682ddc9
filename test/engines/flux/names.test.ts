import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEntry } from '../../../src/engines/flux/inventory.ts';
import { shortRevision, told, unitOf } from '../../../src/engines/flux/revision.ts';
import { objectOf, parseFluxTarget } from '../../../src/engines/flux/target-ref.ts';
import { ToolError } from '../../../src/errors.ts';

const COMMIT = 'abcdef0123456789abcdef0123456789abcdef01';
const DIGEST = `sha256:${'7'.repeat(64)}`;

describe('a revision of Flux', () => {
  it.each([
    [`main@sha1:${COMMIT}`, COMMIT],
    [`feature/x@sha1:${COMMIT}`, COMMIT],
    [`sha1:${COMMIT}`, COMMIT],
    [`main/${COMMIT}`, COMMIT],
    [`main@${DIGEST}`, DIGEST.slice(7)],
    ['1.2.3', undefined],
    ['main', undefined],
  ])('%s is the commit %s', (revision, commit) => {
    expect(told({ revision }, COMMIT)).toBe(commit);
  });

  it('is the commit that an artifact was made of', () => {
    expect(told({ revision: `latest@${DIGEST}`, origin: `main@sha1:${COMMIT}` }, COMMIT)).toBe(COMMIT);
  });

  it('is a digest where a digest is wanted', () => {
    expect(told({ revision: `latest@${DIGEST}`, origin: `main@sha1:${COMMIT}` }, DIGEST)).toBe(DIGEST);
    expect(told({ revision: `main@sha1:${COMMIT}` }, DIGEST)).toBeUndefined();
  });

  it('is a version where a version is wanted', () => {
    expect(told({ revision: '1.2.3+abcdef012345' }, '1.2.3')).toBe('1.2.3');
    expect(told({ revision: '1.2.3+abcdef012345' }, '1.2.3+abcdef012345')).toBe('1.2.3+abcdef012345');
    expect(told({ revision: `v2.9.0@${DIGEST}` }, 'v2.9.0')).toBe('v2.9.0');
  });

  it('is wanted as a commit, a digest or a version', () => {
    expect([COMMIT, 'a'.repeat(64), DIGEST, '1.2.3'].map(unitOf)).toEqual(['commit', 'commit', 'digest', 'version']);
  });

  it('is short for people', () => {
    expect(shortRevision(`main@sha1:${COMMIT}`)).toBe('main@sha1:abcdef012345');
    expect(shortRevision(undefined)).toBe('no revision');
  });

  it('never throws, and never makes a commit of anything else', () => {
    fc.assert(
      fc.property(fc.string(), (revision) => {
        const commit = told({ revision }, COMMIT);
        expect(commit === undefined || /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(commit)).toBe(true);
      }),
    );
  });
});

describe('an entry of an inventory', () => {
  it.each([
    ['shop_web_apps_Deployment', { namespace: 'shop', name: 'web', group: 'apps', kind: 'Deployment' }],
    ['shop_web__ConfigMap', { namespace: 'shop', name: 'web', group: '', kind: 'ConfigMap' }],
    [
      '_view__system_rbac.authorization.k8s.io_ClusterRole',
      { namespace: '', name: 'view:system', group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
    ],
    ['_shop__Namespace', { namespace: '', name: 'shop', group: '', kind: 'Namespace' }],
  ])('%s', (id, name) => {
    expect(parseEntry(id)).toEqual(name);
  });

  it('comes back as it was written', () => {
    const part = fc.stringMatching(/^[a-z]([-a-z0-9.]{0,8}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.option(part, { nil: '' }), part, fc.option(part, { nil: '' }), (namespace, name, group) => {
        const id = `${namespace}_${name}_${group}_Thing`;
        expect(parseEntry(id)).toEqual({ namespace, name, group, kind: 'Thing' });
      }),
    );
  });

  it.each(['', 'web', 'a_b_c', '___'])('%j is none', (id) => {
    expect(parseEntry(id)).toBeUndefined();
  });
});

describe('a target', () => {
  it.each([
    ['Kustomization/flux-system/apps', 'Kustomization/flux-system/apps'],
    ['ks/apps', 'Kustomization/shop/apps'],
    ['helmrelease/web', 'HelmRelease/shop/web'],
    ['hr/flux-system/web', 'HelmRelease/flux-system/web'],
    ['ResourceSet/flux-system/all', 'ResourceSet/flux-system/all'],
  ])('%s is %s', (text, name) => {
    const target = parseFluxTarget(text, 'shop');
    expect(target.name).toBe(name);
    expect(objectOf(target)).toMatchObject({ kind: target.kind, namespace: target.namespace });
  });

  it.each([
    '',
    'apps',
    'Deployment/shop/web',
    'ks/a/b/c',
    'ks/',
    'ks//apps',
    'GitRepository/flux-system/app',
    'ks/Shop/app',
  ])('%j is none', (text) => {
    expect(() => parseFluxTarget(text, 'shop')).toThrow(ToolError);
  });

  it('is parsed or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseFluxTarget(text, 'shop').name.split('/')).toHaveLength(3);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
    );
  });
});
