import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readAppliedObjects } from '../../src/commands/applied-objects.ts';
import { createRealHost, temporaryFolder } from '../support/real-host.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers: [{name: wait, image: "busybox:1"}]
      containers: [{name: web, image: "web:2"}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
# Nothing but a comment.
`;
const LIST = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'job', image: 'job:1' }] } } } } },
    },
    { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'tls' } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { type: 'LoadBalancer' } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'inner' }, spec: {} },
    { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' } },
  ],
});

async function read(files: Readonly<Record<string, string>>, paths: readonly string[] = ['manifests']) {
  const folder = temporaryFolder();
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder.path, path, '..'), { recursive: true });
      writeFileSync(join(folder.path, path), text);
    }
    return await readAppliedObjects(createRealHost({ workingDirectory: folder.path }), paths);
  } finally {
    folder.remove();
  }
}

describe('the objects that files say are applied', () => {
  it('are those that can tell whether they are live, with their images by container', async () => {
    const { targets, images, notes } = await read({ 'manifests/web.yaml': WEB, 'manifests/list.json': LIST });
    expect(targets).toEqual([
      'CronJob.batch/nightly',
      'Certificate.cert-manager.io/tls',
      'Service/web',
      'Deployment.apps/shop/web',
    ]);
    expect([...images]).toEqual([
      ['CronJob.batch/nightly', { job: 'job:1' }],
      ['Deployment.apps/shop/web', { web: 'web:2', wait: 'busybox:1' }],
    ]);
    expect(notes).toEqual([
      '4 objects not waited for, since nothing tells their health: ConfigMap, Ingress, Secret, Service',
    ]);
  });

  it('must be some', async () => {
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';
    await expect(read({ 'manifests/a.yaml': settings })).rejects.toMatchObject({ code: 'missing' });
    await expect(read({})).rejects.toMatchObject({ code: 'missing' });
  });

  it('must be readable: a broken file could be the one that matters', async () => {
    const broken = { 'manifests/web.yaml': WEB, 'manifests/broken.yaml': 'kind: Deployment\n  name: [\n' };
    await expect(read(broken)).rejects.toMatchObject({
      code: 'data',
      message: expect.stringContaining('manifests/broken.yaml:1'),
    });
  });
});
