import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { readFluxObject } from '../../../src/engines/flux/flux-object.ts';
import { inventoryOf, judgedOf, parseEntry, reconcilersOf } from '../../../src/engines/flux/inventory.ts';
import { fluxObject, kustomization, NEW } from '../../support/flux-objects.ts';

const IDS = [
  'shop_web_apps_Deployment',
  'shop_db_apps_StatefulSet',
  'shop_log_apps_DaemonSet',
  'shop_move_batch_Job',
  'shop_pod__Pod',
  'shop_web__Service',
  'shop_data__PersistentVolumeClaim',
  '_shop__Namespace',
  'shop_cert_cert-manager.io_Certificate',
  'shop_web_networking.k8s.io_Ingress',
];
const SILENT = [
  'shop_web__ConfigMap',
  'shop_web__Secret',
  'shop_web_rbac.authorization.k8s.io_Role',
  '_high_scheduling.k8s.io_PriorityClass',
  '_fast_storage.k8s.io_StorageClass',
  '_web_admissionregistration.k8s.io_ValidatingWebhookConfiguration',
  'shop_web_coordination.k8s.io_Lease',
  '_web_node.k8s.io_RuntimeClass',
  'shop_web_networking.k8s.io_NetworkPolicy',
  '_web_networking.k8s.io_IngressClass',
];
const FLUX = [
  'flux_child_kustomize.toolkit.fluxcd.io_Kustomization',
  'flux_web_helm.toolkit.fluxcd.io_HelmRelease',
  'flux_config_source.toolkit.fluxcd.io_GitRepository',
];

const having = (ids: readonly string[], spec: Json) =>
  readFluxObject(kustomization(NEW, { spec, status: { inventory: { entries: ids.map((id) => ({ id, v: 'v1' })) } } }));
const kinds = (names: readonly { readonly kind: string }[]) => names.map(({ kind }) => kind);

describe('what is judged of what was applied', () => {
  const all = [...IDS, ...SILENT, ...FLUX];

  it('is all that has a health, where Flux does not look itself', () => {
    expect(kinds(judgedOf(having(all, { wait: false })))).toEqual(IDS.map((id) => id.slice(id.lastIndexOf('_') + 1)));
  });

  it.each([
    ['it waits', { wait: true }],
    ['it has checks of its own', { wait: false, healthChecks: [{}] }],
  ])('is the workloads alone where %s', (_, spec) => {
    expect(kinds(judgedOf(having(all, spec)))).toEqual(['Deployment', 'StatefulSet', 'DaemonSet', 'Job']);
  });

  it('is the workloads alone of a release, which waits by itself', () => {
    const entries = all.map((id) => ({ id, v: 'v1' }));
    const release = readFluxObject(fluxObject('HelmRelease', { status: { inventory: { entries } } }));
    expect(judgedOf(release)).toHaveLength(4);
  });

  it('are targets of their own where they have a verdict of their own', () => {
    expect(kinds(reconcilersOf(having(all, {})))).toEqual(['Kustomization', 'HelmRelease']);
  });
});

describe('an entry', () => {
  it.each([
    ['shop_web_apps_Deployment', { namespace: 'shop', name: 'web', group: 'apps', kind: 'Deployment' }],
    ['shop_web__ConfigMap', { namespace: 'shop', name: 'web', group: '', kind: 'ConfigMap' }],
    [
      '_system__reader_rbac.authorization.k8s.io_ClusterRole',
      { namespace: '', name: 'system:reader', group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
    ],
    ['shop_web', undefined],
    ['', undefined],
  ])('%s', (id, expected) => expect(parseEntry(id)).toEqual(expected));

  it('that makes no sense is left out', () => {
    expect(inventoryOf(having(['', 'shop_web__ConfigMap'], {}))).toHaveLength(1);
  });
});
