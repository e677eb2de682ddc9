import { setTimeout as sleep } from 'node:timers/promises';
import { kubeconfigWith } from '../cluster-bed.ts';
import { configMap, IMAGE } from '../manifests.ts';
import { expect, type Scenario, unreachable } from '../scenario.ts';
import type { KubernetesStage } from './stage.ts';
import { daemonSet, deployment, job, statefulSet, type WorkloadObject } from './workloads.ts';

/** One object is live, another state of it is applied, and what was applied is waited for. */
async function change(
  stage: KubernetesStage,
  before: WorkloadObject,
  object: WorkloadObject,
  args: readonly string[] = [],
): Promise<void> {
  await stage.begin(before);
  const file = await stage.apply(object);
  await stage.gate({ object, file, args });
}

async function run(stage: KubernetesStage, object: WorkloadObject): Promise<void> {
  const file = await stage.apply(object);
  await stage.gate({ object, file });
}

const within = (seconds: number) => ({ spec: { progressDeadlineSeconds: seconds } });

/** What `kubectl apply` has brought to the cluster. */
export const KUBERNETES_SCENARIOS: readonly Scenario<KubernetesStage>[] = [
  {
    name: 'Deployment: good image',
    expected: expect('landed', { within: 30 }),
    play: (stage) => change(stage, deployment('1.0.0'), deployment('1.1.0', { ready: 3 })),
  },
  {
    name: 'Deployment: the same object once more',
    expected: expect('landed', { within: 10 }),
    play: (stage) => change(stage, deployment('1.0.0'), deployment('1.0.0')),
  },
  {
    name: 'Deployment: bad image, beyond its deadline',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => change(stage, deployment('1.0.0', within(10)), deployment('1.1.0-bad', within(10))),
  },
  {
    name: 'Deployment: good image after one that was beyond its deadline',
    expected: expect('landed'),
    play: async (stage) => {
      await stage.begin(deployment('1.0.0', within(8)));
      await stage.apply(deployment('1.1.0-bad', within(8)));
      await stage.bed.kubectl([
        'wait',
        'deployment/web',
        '-n',
        stage.name,
        '--for=condition=Progressing=False',
        '--timeout=40s',
      ]);
      const object = deployment('1.2.0', within(8));
      await stage.gate({ object, file: await stage.apply(object) });
    },
  },
  {
    name: 'Deployment: its pods never get ready',
    expected: expect('failed', { says: /deadline|ready/i }),
    play: (stage) => change(stage, deployment('1.0.0', within(15)), deployment('1.1.0-never', within(15))),
  },
  {
    name: 'Deployment: crashes before it is ready',
    expected: expect('failed', { says: /CrashLoopBackOff/, within: 60 }),
    play: (stage) => change(stage, deployment('1.0.0'), deployment('1.1.0-crash')),
  },
  {
    name: 'Deployment: flapping, ready for a second, then it crashes',
    // Played by kwok, it comes back every 4 s for ever: one failure, though it is well for a moment each time.
    expected: expect('failed', { says: /CrashLoopBackOff|ended with exit code/ }),
    play: (stage) => {
      const one = { spec: { replicas: 1 } };
      const args = ['--stable-for', '10s', '--timeout', '80s'];
      return change(stage, deployment('1.0.0', one), deployment('1.1.0-flap', one), args);
    },
  },
  {
    name: 'Deployment: another one is applied during the rollout',
    expected: expect('superseded', { says: /1\.2\.0|generation|applied/ }),
    play: async (stage) => {
      await stage.begin(deployment('1.0.0'));
      const object = deployment('1.1.0', { ready: 20 });
      const file = await stage.apply(object);
      const during = async () => {
        await sleep(4000);
        await stage.apply(deployment('1.2.0'));
      };
      await stage.gate({ object, file, during });
    },
  },
  {
    name: 'Deployment: by name and image, without its file',
    expected: expect('landed'),
    play: async (stage) => {
      const object = deployment('1.1.0');
      await stage.begin(deployment('1.0.0'));
      await stage.apply(object);
      await stage.gate({ object, args: ['--targets', 'Deployment/web', '--images', `${IMAGE}:1.1.0`] });
    },
  },
  {
    name: 'two Deployments and a ConfigMap, by a selector',
    expected: expect('landed'),
    play: async (stage) => {
      const labels = { 'app.kubernetes.io/part-of': 'shop' };
      const both = (tag: string) => [deployment(tag, { labels, ready: 4 }), deployment(tag, { labels, name: 'api' })];
      await stage.begin(...both('1.0.0'));
      const [object = deployment('1.1.0'), ...rest] = both('1.1.0');
      await stage.apply(object, ...rest, JSON.parse(configMap('web', '1')));
      const args = ['--selector', 'app.kubernetes.io/part-of=shop', '--images', `${IMAGE}:1.1.0`];
      await stage.gate({ object, args });
    },
  },
  {
    name: 'Job that succeeds',
    expected: expect('landed'),
    play: (stage) => run(stage, job('1.0.0')),
  },
  {
    name: 'Job that fails, and is tried once more',
    expected: expect('failed', { says: /BackoffLimitExceeded/ }),
    play: (stage) => run(stage, job('1.0.0-fail', { backoffLimit: 1 })),
  },
  {
    name: 'Job that runs out of time',
    expected: expect('failed', { says: /DeadlineExceeded|1\.0\.0-bad/ }),
    play: (stage) => run(stage, job('1.0.0-bad', { activeDeadlineSeconds: 8 })),
  },
  {
    name: 'StatefulSet: good image',
    expected: expect('landed'),
    play: (stage) => change(stage, statefulSet('1.0.0'), statefulSet('1.1.0')),
  },
  {
    name: 'StatefulSet: the pod of a bad image keeps the good one away',
    expected: expect('blocked', { says: /delete the pod web-1/ }),
    play: async (stage) => {
      await stage.begin(statefulSet('1.0.0'));
      await stage.apply(statefulSet('1.1.0-bad'));
      await sleep(8000);
      const object = statefulSet('1.2.0');
      await stage.gate({ object, file: await stage.apply(object) });
    },
  },
  {
    name: 'DaemonSet: good image',
    expected: expect('landed'),
    play: (stage) => change(stage, daemonSet('1.0.0'), daemonSet('1.1.0')),
  },
  {
    name: 'object that does not exist',
    expected: unreachable(69, /web/),
    play: async (stage) => {
      await stage.apply(deployment('1.0.0', { name: 'other' }));
      await stage.gate({ object: deployment('1.0.0'), args: ['--targets', 'Deployment/web'] });
    },
  },
  {
    name: 'account without any right',
    expected: unreachable(77, /forbidden|may not/),
    play: async (stage) => {
      const object = deployment('1.0.0');
      await stage.begin(object);
      await stage.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody' } });
      const token = await stage.bed.kubectl(['create', 'token', 'nobody', '-n', stage.name]);
      const kubeconfig = await kubeconfigWith(stage.bed, token.trim());
      await stage.gate({ object, args: ['--targets', 'Deployment/web'], kubeconfig });
    },
  },
];
