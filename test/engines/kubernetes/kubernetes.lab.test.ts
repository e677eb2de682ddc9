import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KUBECTL, kubectl, LAB_KUBECONFIG, labKubeconfig } from '../../support/lab-cluster.ts';
import { startSource, temporaryFolder } from '../../support/program.ts';

const isLab = LAB_KUBECONFIG !== undefined && KUBECTL !== undefined;
const whenLab = isLab ? describe : describe.skip;
const skipped = isLab ? '' : ' (skipped: LAB_STATE does not say where a lab runs)';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** Namespaces of this run alone. */
const RUN = `drawbridge-${process.pid}`;

function workload(kind: 'Deployment' | 'StatefulSet', tag: string, replicas: number): string {
  const service = kind === 'StatefulSet' ? '\n  serviceName: web' : '';
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web, labels: {part: shop}}
spec:
  replicas: ${replicas}${service}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example.com/web:${tag}"}]}
`;
}

function job(tag: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  backoffLimit: 0
  template:
    spec: {restartPolicy: Never, containers: [{name: web, image: "registry.example.com/web:${tag}"}]}
`;
}

/** A folder of manifests in a namespace of its own, as a job has them. */
function openPlace(name: string) {
  const namespace = `${RUN}-${name}`;
  const cwd = join(folder.path, name);
  mkdirSync(join(cwd, 'manifests'), { recursive: true });
  kubectl(['create', 'namespace', namespace]);
  const write = (text: string) => writeFileSync(join(cwd, 'manifests/web.yaml'), text);
  return {
    namespace,
    write,
    apply(text: string): void {
      write(text);
      kubectl(['-n', namespace, 'apply', '-f', join(cwd, 'manifests')]);
    },
    /** How kubectl ends, and what it says. */
    ask(...args: readonly string[]): readonly [number | null, string] {
      const all = ['--kubeconfig', labKubeconfig(), '-n', namespace, ...args];
      const { status, stdout, stderr } = spawnSync(String(KUBECTL), all, { encoding: 'utf8' });
      return [status, `${stdout}${stderr}`];
    },
    async wait(args: readonly string[], user?: 'nobody') {
      const given = ['--kubeconfig', labKubeconfig(user), '--namespace', namespace, '--format', 'json', ...args];
      const { ended } = startSource('cli', ['wait', '--engine', 'kubernetes', ...given], { cwd });
      const { exitCode, stdout } = await ended;
      const { targets = [] } = JSON.parse(stdout) as { targets?: readonly { verdict: string; seconds: number }[] };
      return { exitCode, stdout, verdicts: targets.map(({ verdict }) => verdict), seconds: targets[0]?.seconds ?? 0 };
    },
  };
}

const FILES = ['--manifests', 'manifests'];
const SHORT = ['--degraded-grace', '6s', '--timeout', '60s'];

whenLab(`waiting on a real control plane${skipped}`, () => {
  afterAll(() => {
    const mine = kubectl(['get', 'namespaces', '-o', 'name'])
      .split('\n')
      .filter((name) => name.includes(RUN));
    if (mine.length > 0) kubectl(['delete', '--wait=false', ...mine]);
  });

  it('a good image: landed, and at once when asked again', async () => {
    const place = openPlace('good');
    place.apply(workload('Deployment', '1.0', 2));
    expect((await place.wait(FILES)).verdicts).toEqual(['landed']);
    place.apply(workload('Deployment', '1.1', 2));
    const first = await place.wait(FILES);
    expect([first.exitCode, first.verdicts]).toEqual([0, ['landed']]);
    const pods = place.ask('get', 'pods', '-o', 'jsonpath={.items[*].spec.containers[*].image}');
    expect(new Set(pods[1].split(' '))).toEqual(new Set(['registry.example.com/web:1.1']));
    const again = await place.wait(['--selector', 'part=shop']);
    expect(again.verdicts).toEqual(['landed']);
    expect(again.seconds).toBeLessThan(3);
  }, 90_000);

  it('files that were not applied: blocked in seconds, where kubectl finds all well', async () => {
    const place = openPlace('unapplied');
    place.apply(workload('Deployment', '1.0', 1));
    await place.wait(FILES);
    place.write(workload('Deployment', '1.1', 1));
    const { exitCode, verdicts, seconds } = await place.wait(FILES);
    expect([exitCode, verdicts]).toEqual([4, ['blocked']]);
    expect(seconds).toBeLessThan(8);
    expect(place.ask('rollout', 'status', 'deployment/web', '--timeout=5s')[0]).toBe(0);
    expect(place.ask('wait', '--for=condition=Available', 'deployment/web', '--timeout=5s')[0]).toBe(0);
  }, 60_000);

  it('an image that is not there: failed after the grace, with why, where kubectl is content or runs out of time', async () => {
    const place = openPlace('bad');
    place.apply(workload('Deployment', '1.0', 1));
    await place.wait(FILES);
    place.apply(workload('Deployment', '1.1-bad', 1));
    const { exitCode, verdicts, seconds, stdout } = await place.wait([...FILES, ...SHORT]);
    expect([exitCode, verdicts]).toEqual([1, ['failed']]);
    expect(seconds).toBeLessThan(14);
    expect(stdout).toContain('ImagePullBackOff');
    expect(place.ask('wait', '--for=condition=Available', 'deployment/web', '--timeout=5s')[0]).toBe(0);
    const [status, said] = place.ask('rollout', 'status', 'deployment/web', '--timeout=5s');
    expect([status, said.includes('timed out'), said.includes('ImagePullBackOff')]).toEqual([1, true, false]);
  }, 90_000);

  it('a pod that is ready for a second between crashes: failed, where kubectl says that it is rolled out', async () => {
    const place = openPlace('flap');
    place.apply(workload('Deployment', '1.0', 1));
    await place.wait(FILES);
    place.apply(workload('Deployment', '1.1-flap', 1));
    const [waited, [status, said]] = [
      await place.wait([...FILES, ...SHORT]),
      place.ask('rollout', 'status', 'deployment/web', '--timeout=20s'),
    ];
    expect([waited.exitCode, waited.verdicts]).toEqual([1, ['failed']]);
    expect(waited.stdout).toContain('restarts');
    expect(waited.stdout).toContain('panic: no database');
    expect([status, said.includes('successfully rolled out')]).toEqual([0, true]);
  }, 90_000);

  it('a Job that ends well, and one that does not, of which kubectl waits for the end that never comes', async () => {
    const place = openPlace('job');
    place.apply(job('1.0'));
    expect((await place.wait(FILES)).verdicts).toEqual(['landed']);
    place.ask('delete', 'job', 'migrate', '--wait=true');
    place.apply(job('1.0-fail'));
    const { exitCode, verdicts, stdout } = await place.wait(FILES);
    expect([exitCode, verdicts]).toEqual([1, ['failed']]);
    expect(stdout).toContain('BackoffLimitExceeded');
    const [status, said] = place.ask('wait', '--for=condition=Complete', 'job/migrate', '--timeout=5s');
    expect([status, said.includes('timed out')]).toEqual([1, true]);
  }, 90_000);

  it('a StatefulSet whose repair is blocked by a broken pod: what to do is said', async () => {
    const place = openPlace('stuck');
    place.apply(workload('StatefulSet', '1.0', 2));
    expect((await place.wait(FILES)).verdicts).toEqual(['landed']);
    place.apply(workload('StatefulSet', '1.1-bad', 2));
    expect((await place.wait([...FILES, ...SHORT])).verdicts).toEqual(['failed']);
    place.apply(workload('StatefulSet', '1.2', 2));
    const { exitCode, verdicts, stdout } = await place.wait([...FILES, '--timeout', '70s']);
    expect([exitCode, verdicts]).toEqual([4, ['blocked']]);
    expect(stdout).toContain('delete the pod web-1');
    place.ask('delete', 'pod', 'web-1', '--wait=false');
    expect((await place.wait(FILES)).verdicts).toEqual(['landed']);
  }, 150_000);

  describe('with the rights of a role', () => {
    let place: ReturnType<typeof openPlace>;
    const role = (rules: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: drawbridge}
rules:
${rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: drawbridge}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: drawbridge}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: lab-nobody}]
`;
    const DEPLOYMENTS = '- {apiGroups: [apps], resources: [deployments], verbs: [get, list, watch]}';
    const PODS = '- {apiGroups: [""], resources: [pods], verbs: [get, list, watch]}';

    beforeAll(() => {
      place = openPlace('rights');
      place.apply(workload('Deployment', '1.0', 1));
    });

    it('none: denied, and which right is missing', async () => {
      const { exitCode, stdout } = await place.wait(FILES, 'nobody');
      expect(exitCode).toBe(77);
      expect(stdout.split('cannot list resource \\"deployments\\"').length).toBeGreaterThan(1);
    }, 60_000);

    it('workloads alone: landed, and the missing right is named', async () => {
      kubectl(['-n', place.namespace, 'apply', '-f', '-'], role(DEPLOYMENTS));
      const { verdicts, stdout } = await place.wait(FILES, 'nobody');
      expect(verdicts).toEqual(['landed']);
      expect(stdout).toContain('without the right to get, list and watch pods, crashes are not noticed early');
    }, 60_000);

    it('workloads and pods: landed, with get, list and watch only', async () => {
      kubectl(['-n', place.namespace, 'apply', '-f', '-'], role(`${DEPLOYMENTS}\n${PODS}`));
      const { verdicts, stdout } = await place.wait(FILES, 'nobody');
      expect(verdicts).toEqual(['landed']);
      expect(stdout).not.toContain('forbidden');
    }, 60_000);
  });
});
