/** Objects that scenarios deploy. JSON is YAML, and easier to vary. */

export interface DeploymentOptions {
  readonly name?: string;
  /** Seconds until its pods are ready. */
  readonly ready?: number;
  /** Seconds until Kubernetes gives up on a rollout. */
  readonly deadline?: number;
  readonly paused?: boolean;
}

const text = (object: object) => `${JSON.stringify(object, null, 1)}\n`;

export const IMAGE = 'registry.example/shop/web';

/** Two pods of `registry.example/shop/web` with that tag, which says how they behave: see ../pods.ts. */
export function deployment(
  tag: string,
  { name = 'web', ready, deadline = 10, paused }: DeploymentOptions = {},
): string {
  const annotations = ready === undefined ? {} : { annotations: { 'lab/ready-after': `${ready}s` } };
  return text({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: deadline,
      ...(paused ? { paused } : {}),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, ...annotations },
        spec: { containers: [{ name: 'web', image: `${IMAGE}:${tag}` }] },
      },
    },
  });
}

export const web = (tag: string, options?: DeploymentOptions) => ({ 'deploy/web.yaml': deployment(tag, options) });

export function configMap(name: string, value: string): string {
  return configMapOf(name, { value });
}

export function configMapOf(name: string, data: object, labels: object = {}): string {
  return text({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data });
}

/** Port 99999 is refused by the API server. */
export function service(port: number): string {
  const spec = { selector: { app: 'web' }, ports: [{ port }] };
  return text({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec });
}

/** A Job that runs before each sync; it fails where the tag holds "fail". */
export function hookJob(tag: string): string {
  const annotations = {
    'argocd.argoproj.io/hook': 'PreSync',
    'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
  };
  const spec = {
    restartPolicy: 'Never',
    containers: [{ name: 'migrate', image: `registry.example/shop/migrate:${tag}` }],
  };
  return text({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', annotations },
    spec: { backoffLimit: 0, template: { spec } },
  });
}

export interface ApplicationOptions {
  readonly project: string;
  readonly namespace: string;
  readonly destination?: string;
  readonly source?: object;
  readonly sources?: readonly object[];
  readonly auto?: boolean;
  readonly prune?: boolean;
  readonly retry?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function application(name: string, options: ApplicationOptions): object {
  const { project, namespace, destination = name, source, sources, auto = true, prune, retry, annotations } = options;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      project,
      ...(sources === undefined ? { source } : { sources }),
      destination: { server: 'https://kubernetes.default.svc', namespace: destination },
      syncPolicy: {
        ...(auto ? { automated: prune ? { prune } : {} } : {}),
        ...(retry === undefined ? {} : { retry }),
        syncOptions: ['CreateNamespace=true'],
      },
    },
  };
}
