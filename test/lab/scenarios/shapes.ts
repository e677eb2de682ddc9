import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError, run } from '../place.ts';
import { PROJECT } from './bed.ts';
import type { Repository } from './gate.ts';
import { application, deployment } from './manifests.ts';
import { openFiles, openRegistry } from './registry.ts';
import { expect, type Scenario } from './scenario.ts';
import { applyObject, isLiveAt, type Stage } from './stage.ts';

/** Applications that are more than one Git folder each. */
export const SHAPES: readonly Scenario[] = [
  {
    name: 'app of apps: all children are live',
    expected: expect('landed'),
    play: (stage) => family(stage, '1.1.0'),
  },
  {
    name: 'app of apps: one child never starts',
    expected: expect('failed', { says: /its application .*-one: / }),
    play: (stage) => family(stage, '1.1.0-bad'),
  },
  {
    name: 'ApplicationSet: all that it generates is live, a new folder included',
    expected: expect('landed'),
    play: (stage) => generated(stage, `ApplicationSet/${stage.name}`),
  },
  {
    name: 'ApplicationSet: a new folder becomes an application',
    expected: expect('landed'),
    play: (stage) => generated(stage, `${stage.name}-b`),
  },
  {
    name: 'Helm chart of a chart repository',
    expected: expect('landed'),
    needs: 'lab',
    play: (stage) => chart(stage),
  },
  {
    name: 'chart from an OCI registry, by digest',
    expected: expect('landed'),
    needs: 'registry',
    since: '3.1',
    play: (stage) => ociChart(stage),
  },
  {
    name: 'source hydrator',
    expected: expect('landed'),
    notYet: 'source-hydrator; the lab has no commit server',
    play: () => Promise.reject(new LabError('the lab has no commit server')),
  },
];

/** A parent whose manifests are two Applications of the same repository. */
async function family(stage: Stage, tag: string): Promise<void> {
  const { bed, name } = stage;
  const files = (one: string) => ({
    'children/one/web.yaml': deployment(one),
    'children/two/two.yaml': deployment('1.0.0', { name: 'two' }),
  });
  const repository = await stage.repository(files('1.0.0'));
  const child = (id: string) =>
    JSON.stringify(
      application(`${name}-${id}`, {
        project: PROJECT,
        namespace: bed.namespace,
        destination: name,
        source: { repoURL: repository.url, targetRevision: 'main', path: `children/${id}` },
      }),
    );
  repository.commit({ 'apps/one.yaml': child('one'), 'apps/two.yaml': child('two') });
  await stage.deploy({
    source: { repoURL: repository.url, targetRevision: 'main', path: 'apps' },
    destination: bed.namespace,
  } as never);
  for (const id of ['one', 'two'])
    await stage.until('a child is live', isLiveAt(repository.head()), 60, `${name}-${id}`);
  const revision = repository.commit(files(tag));
  await stage.gate({ revision, repository, target: name, live: tag });
  for (const id of ['one', 'two'])
    await bed.kubectl(['delete', 'applications.argoproj.io', `${name}-${id}`, '-n', bed.namespace]);
}

/** A set over folders, of which a commit adds one. */
async function generated(stage: Stage, target: string): Promise<void> {
  const { bed, name } = stage;
  const repository = await stage.repository({ 'envs/a/web.yaml': deployment('1.0.0') });
  await applyObject(bed, applicationSet(stage, repository));
  await stage.until('the first one is live', isLiveAt(repository.head()), 60, `${name}-a`);
  const revision = repository.commit({ 'envs/b/web.yaml': deployment('1.0.0') });
  const during = async () => {
    if (target === `${name}-b`) await stage.refresh(`${name}-a`);
  };
  await stage.gate({ revision, repository, target, during, args: ['--appear-timeout', '60s'] });
  await bed.kubectl(['delete', 'applicationsets.argoproj.io', name, '-n', bed.namespace]);
}

function applicationSet({ bed, name }: Stage, { url }: Repository): object {
  const template = application(`${name}-{{path.basename}}`, {
    project: PROJECT,
    namespace: bed.namespace,
    destination: `${name}-{{path.basename}}`,
    source: { repoURL: url, targetRevision: 'main', path: '{{path}}' },
  }) as { metadata: object; spec: object };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: bed.namespace },
    spec: {
      generators: [{ git: { repoURL: url, revision: 'main', directories: [{ path: 'envs/*' }] } }],
      template: { metadata: { name: `${name}-{{path.basename}}` }, spec: template.spec },
    },
  };
}

/** Writes the chart of that version into a folder, and packs it. Returns the package. */
async function pack(stage: Stage, folder: string, version: string): Promise<string> {
  const files = {
    'web/Chart.yaml': `apiVersion: v2\nname: web\nversion: ${version}\n`,
    'web/templates/web.yaml': deployment(version),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await run(helmOf(stage), ['package', join(folder, 'web'), '-d', folder]);
  return join(folder, `web-${version}.tgz`);
}

const helmOf = ({ bed }: Stage) => bed.place?.binary('helm') ?? 'helm';

/** Points the application at another version, as a commit to its own manifest would. */
async function pointAt({ bed, name }: Stage, targetRevision: string): Promise<void> {
  const patch = JSON.stringify({ spec: { source: { targetRevision } } });
  await bed.kubectl(['patch', 'applications.argoproj.io', name, '-n', bed.namespace, '--type=merge', '-p', patch]);
}

/** A chart repository is an index and packages over HTTP. */
async function chart(stage: Stage): Promise<void> {
  const { folder, address, close } = await openFiles();
  const repoURL = `http://${address}`;
  try {
    for (const version of ['1.0.0', '1.1.0']) await pack(stage, folder, version);
    await run(helmOf(stage), ['repo', 'index', folder, '--url', repoURL]);
    await stage.deploy({ source: { repoURL, chart: 'web', targetRevision: '1.0.0' } } as never);
    await stage.until('1.0.0 is live', isLiveAt('1.0.0'));
    await pointAt(stage, '1.1.0');
    await stage.gate({ revision: '1.1.0', target: stage.name, live: '1.1.0' });
  } finally {
    close();
  }
}

async function ociChart(stage: Stage): Promise<void> {
  const { folder, address, close } = await openRegistry();
  try {
    const push = async (version: string) => {
      const to = ['push', await pack(stage, folder, version), `oci://${address}/charts`, '--plain-http'];
      const { stdout, stderr } = await run(helmOf(stage), to);
      return /sha256:[0-9a-f]{64}/.exec(stdout + stderr)?.[0] ?? '';
    };
    const first = await push('1.0.0');
    const second = await push('1.1.0');
    const url = `oci://${address}/charts/web`;
    const secret = {
      name: stage.name,
      namespace: stage.bed.namespace,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    };
    const stringData = { type: 'oci', url, insecureOCIForceHttp: 'true' };
    await applyObject(stage.bed, { apiVersion: 'v1', kind: 'Secret', metadata: secret, stringData });
    await stage.deploy({ source: { repoURL: url, path: '.', targetRevision: '1.0.0' } } as never);
    await stage.until('1.0.0 is live', isLiveAt(first));
    await pointAt(stage, '1.1.0');
    await stage.gate({ revision: second, target: stage.name, live: '1.1.0' });
  } finally {
    close();
  }
}
