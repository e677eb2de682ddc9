/** Applications as the API server writes them, for tests: what is not said is that of one that has been live for an hour. */
export interface Sketch {
  readonly name?: string;
  readonly version?: number;
  readonly sync?: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly revision?: string;
  readonly health?: string;
  /** ISO times of the server. */
  readonly healthSince?: string;
  readonly phase?: string;
  /** Of the operation's result. */
  readonly deployed?: string;
  readonly finishedAt?: string;
  readonly reconciledAt?: string;
  readonly pending?: boolean;
  readonly automated?: boolean;
  readonly images?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly retryCount?: number;
  readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  readonly history?: readonly string[];
  readonly targetRevision?: string;
  readonly repoURL?: string;
}

export const OLD = 'a'.repeat(40);
export const WANTED = 'b'.repeat(40);
export const NEWER = 'c'.repeat(40);

export function application(sketch: Sketch = {}) {
  const { revision = OLD, deployed = revision, phase = 'Succeeded', pending = false } = sketch;
  const { repoURL = 'https://git.example.com/acme/config.git', targetRevision = 'main' } = sketch;
  const source = { repoURL, path: 'apps/shop', targetRevision };
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'shop' };
  const operation = { sync: { revision }, initiatedBy: { automated: true }, retry: { limit: 5 } };
  return {
    metadata: {
      name: sketch.name ?? 'shop',
      namespace: 'argocd',
      resourceVersion: String(sketch.version ?? 100),
      annotations: sketch.annotations ?? {},
    },
    spec: { source, destination, project: 'default', syncPolicy: sketch.automated === false ? {} : { automated: {} } },
    ...(pending ? { operation } : {}),
    status: {
      sync: { status: sketch.sync ?? 'Synced', revision, comparedTo: { source, destination } },
      health: { status: sketch.health ?? 'Healthy', lastTransitionTime: sketch.healthSince ?? '2026-11-22T09:00:05Z' },
      ...(phase === ''
        ? {}
        : {
            operationState: {
              operation,
              phase,
              message: sketch.message ?? 'successfully synced (all tasks run)',
              syncResult: { revision: deployed, resources: [] },
              ...(phase === 'Running' && sketch.finishedAt === undefined
                ? {}
                : { finishedAt: sketch.finishedAt ?? '2026-11-22T09:00:00Z' }),
              ...(sketch.retryCount === undefined ? {} : { retryCount: sketch.retryCount }),
            },
          }),
      reconciledAt: sketch.reconciledAt ?? '2026-11-22T09:58:00Z',
      conditions: sketch.conditions ?? [],
      resources: [
        { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web', status: sketch.sync ?? 'Synced' },
      ],
      summary: { images: sketch.images ?? ['registry.example/shop/web:1.0.0'] },
      history: (sketch.history ?? [deployed]).map((one, id) => ({ id, revision: one })),
    },
  };
}
