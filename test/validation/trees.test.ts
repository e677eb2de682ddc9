import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { discover } from '../../src/manifests/discover.ts';
import { type CheckReport, check } from '../../src/validation/check.ts';
import { bundledSchemas, checkFiles, placesOf, reasonsOf } from '../support/manifests.ts';
import { createRealHost } from '../support/real-host.ts';

async function checkTree(name: string): Promise<CheckReport> {
  const host = createRealHost({ workingDirectory: resolve(import.meta.dirname, 'fixtures', name) });
  const found = await discover(host, ['.'], { ignore: [] });
  const options = { missingSchema: 'skip', strict: true, disableRules: [], unread: found.unread } as const;
  return check(found.files, bundledSchemas('1.34'), options);
}

describe('trees as people keep them', () => {
  it('guestbook: manifests are checked; chart, overlay, patches and CI files are skipped by name', async () => {
    const report = await checkTree('guestbook');
    expect(placesOf(report)).toEqual([]);
    expect(report.documents).toBe(2);
    expect(reasonsOf(report)).toEqual({
      'CI configuration': 2,
      'Helm chart': 1,
      'Helm template': 2,
      'Helm values': 2,
      kustomization: 1,
      'kustomize patch': 2,
      'not a Kubernetes object': 1,
    });
  });

  it('fleet: a base that a component completes, SOPS, inputs of generators, tool files and templates', async () => {
    const report = await checkTree('fleet');
    expect(placesOf(report)).toEqual([]);
    expect(report.documents).toBe(4);
    expect(reasonsOf(report)).toEqual({
      empty: 1,
      kustomization: 3,
      'kustomize input': 1,
      'not a Kubernetes object': 1,
      template: 1,
      'test assertion': 1,
      'tool configuration': 2,
    });
  });
});

describe('a base that an overlay patches', () => {
  const base =
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  type: ClusterIp\n  prots: []\n  ports: [{name: http}]\n';
  const files = {
    'base/kustomization.yaml': 'resources: [service.yaml, other.yaml]\n',
    'base/service.yaml': base,
    'base/other.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {}\n',
  };
  const overlay = (patch: string) => ({ ...files, 'prod/kustomization.yaml': `resources: [../base]\n${patch}` });
  const missing = (given: Readonly<Record<string, string>>) =>
    checkFiles(given)
      .findings.filter((finding) => finding.ruleId === 'schema/missing-field')
      .map((finding) => finding.path);

  it('is complete without patches', () => {
    expect(missing(overlay(''))).toEqual(['base/other.yaml', 'base/other.yaml', 'base/service.yaml']);
  });

  it.each([
    ['a target', 'patches: [{path: p.yaml, target: {kind: Service}}]\n'],
    ['a patch in the file', 'patchesStrategicMerge:\n  - |\n    kind: Service\n    metadata: {name: a}\n'],
    ['an older JSON patch', 'patchesJson6902: [{path: p.json, target: {version: v1, kind: Service, name: a}}]\n'],
  ])('may lack fields of the patched kind: %s', (_title, patch) => {
    expect(missing(overlay(patch))).toEqual(['base/other.yaml', 'base/other.yaml']);
  });

  it('may lack fields of all kinds where the target is a pattern', () => {
    expect(missing(overlay('patches: [{path: p.yaml, target: {name: ".*"}}]\n'))).toEqual([]);
  });

  it('is still checked for unknown fields and wrong values', () => {
    const report = checkFiles(overlay('patches: [{path: p.yaml, target: {kind: Service}}]\n'));
    expect(placesOf(report).filter((place) => place.startsWith('base/service'))).toEqual([
      'base/service.yaml:5:9 schema/enum',
      'base/service.yaml:6:3 schema/unknown-field',
    ]);
  });
});
