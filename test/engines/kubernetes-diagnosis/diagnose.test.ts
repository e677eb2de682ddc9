import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { diagnoseObjects } from '../../../src/engines/kubernetes-diagnosis/diagnose.ts';
import { type ClusterScript, memoryCluster } from '../../support/memory-cluster.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const TARGET = { name: 'Deployment/shop/web', kind: 'Deployment', namespace: 'shop' };
const OBJECT = { kind: 'Deployment', group: 'apps', namespace: 'shop', name: 'web' };

function thing(kind: string, apiVersion: string, name: string, rest: Json, metadata: Json = {}): Json {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, ...rest };
}

const DEPLOYMENT = thing('Deployment', 'apps/v1', 'web', {
  spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: {} },
  status: {
    replicas: 1,
    conditions: [
      { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'no pods' },
      { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: 'going on' },
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'quota' },
    ],
  },
});

function pod(name: string, containerStatus: Json): Json {
  const ownerReferences = [{ kind: 'ReplicaSet', name: 'web-5d', uid: 'r' }];
  const status = { phase: 'Running', containerStatuses: [{ name: 'web', ...containerStatus }] };
  return thing('Pod', 'v1', name, { status }, { labels: { app: 'web' }, ownerReferences });
}

const CRASHING = pod('web-5d-1', { restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } });
const UNPULLED = pod('web-5d-2', {
  restartCount: 0,
  state: { waiting: { reason: 'ErrImagePull', message: 'not found' } },
});

function event(name: string, about: Json, message: string, rest: Json = {}): Json {
  return thing('Event', 'v1', name, { involvedObject: about, type: 'Warning', reason: 'Failed', message, ...rest });
}

const EVENTS = [
  event('a', { kind: 'Pod', name: 'web-5d-1' }, 'old', { lastTimestamp: '2026-11-22T10:00:00Z', count: 3 }),
  event('b', { kind: 'ReplicaSet', name: 'web-5d' }, 'new', { lastTimestamp: '2026-11-22T10:00:09Z' }),
  event('c', { kind: 'Pod', name: 'api-5d-1' }, 'of another'),
  event('d', { kind: 'Pod', name: 'web-5d-1' }, 'nothing bad', { type: 'Normal' }),
  event('e', { kind: 'Deployment', name: 'web' }, 'newest', { eventTime: '2026-11-22T10:00:10Z' }),
];

async function diagnose(script: Partial<ClusterScript> = {}) {
  const deeds = [DEPLOYMENT, CRASHING, UNPULLED, ...EVENTS].map((object) => ({ at: 0, object }));
  const cluster = memoryCluster(virtualClock(), { deeds, logs: ['panic: no database'], ...script });
  const { sections, hints } = await diagnoseObjects(cluster, TARGET, [OBJECT], new AbortController().signal);
  return { sections: Object.fromEntries(sections.map(({ title, lines }) => [title, lines])), hints };
}

describe('the diagnosis of objects', () => {
  it('is one screen: conditions, pods, warnings with the newest first, and what a crashing container said last', async () => {
    expect(await diagnose()).toEqual({
      sections: {
        Conditions: [
          'Deployment web: progressing: its controller has not seen generation 0 yet',
          'Deployment web: Available=False (MinimumReplicasUnavailable): no pods',
          'Deployment web: ReplicaFailure=True (FailedCreate): quota',
        ],
        'Unhealthy pods': [
          'pod web-5d-1, container web: CrashLoopBackOff, 3 restarts',
          'pod web-5d-2, container web: ErrImagePull: not found',
        ],
        'Warning events': [
          'Deployment web: Failed: newest',
          'ReplicaSet web-5d: Failed: new',
          'Pod web-5d-1: Failed: old (3 times)',
        ],
        'Last log lines of web-5d-1, before its restart': ['panic: no database'],
      },
      hints: [expect.stringContaining('Check that the image exists')],
    });
  });

  it('is smaller where rights are missing, each of which is named once', async () => {
    const { sections, hints } = await diagnose({ forbidden: ['events', 'pods/log'] });
    expect(Object.keys(sections)).toEqual(['Conditions', 'Unhealthy pods']);
    expect(hints.slice(1)).toEqual([
      'To see more here, give the right to list events in namespace shop.',
      'To see more here, give the right to get pods/log in namespace shop.',
    ]);
    const blind = await diagnose({ forbidden: ['events', 'pods'] });
    expect(Object.keys(blind.sections)).toEqual(['Conditions']);
    expect(blind.hints).toHaveLength(2);
  });

  it('says what cannot be read at all', async () => {
    const { sections } = await diagnose({ deeds: [] });
    expect(sections).toEqual({ Conditions: ['Deployment web: it cannot be read, or does not exist'] });
  });
});
