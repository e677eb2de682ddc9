import type { Json } from '../../src/engines/api/json.ts';

const LONG_AGO = '2026-11-20T00:00:00Z';

export interface Shape {
  readonly name?: string;
  readonly image?: string;
  readonly generation?: number;
  /** When its conditions are from. */
  readonly since?: string;
  readonly status?: Json;
}

/** A Deployment of one replica that has been live for long, where nothing else is said. */
export function liveDeployment(shape: Shape = {}): Json {
  const { name = 'web', image = 'web:1', generation = 1, since = LONG_AGO, status = {} } = shape;
  const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: since, lastUpdateTime: since }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', uid: name, generation },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
    },
    status: {
      observedGeneration: generation,
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
      conditions,
      ...status,
    },
  };
}

/** Past its deadline. */
export function deadDeployment(shape: Shape = {}): Json {
  const conditions = [
    { type: 'Available', status: 'True' },
    { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'it has timed out' },
  ];
  return liveDeployment({ ...shape, status: { updatedReplicas: 0, unavailableReplicas: 1, conditions } });
}

/** A custom resource that says it is ready, or not. */
export function certificate(isReady: boolean, generation = 1): Json {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'tls', namespace: 'shop', generation },
    spec: {},
    status: {
      observedGeneration: generation,
      conditions: [
        {
          type: 'Ready',
          status: isReady ? 'True' : 'False',
          observedGeneration: generation,
          lastTransitionTime: LONG_AGO,
        },
      ],
    },
  };
}
