import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { bundledSchemas, checkFiles } from '../support/manifests.ts';

const TEMPLATE = `
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      restartPolicy: Always
      securityContext: {runAsNonRoot: true, fsGroup: 2000}
      tolerations: [{key: a, operator: Exists, effect: NoSchedule}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}
      volumes:
        - {name: config, configMap: {name: web, items: [{key: a, path: a}]}}
        - {name: data, persistentVolumeClaim: {claimName: data}}
      initContainers: [{name: init, image: busybox, command: [sh, -c, "true"]}]
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          ports: [{name: http, containerPort: 8080, protocol: TCP}]
          env:
            - {name: A, value: a}
            - {name: B, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}
          resources: {requests: {cpu: 100m}, limits: {memory: 1Gi}}
          livenessProbe: {httpGet: {path: /, port: http, scheme: HTTP}, periodSeconds: 5}
          volumeMounts: [{name: config, mountPath: /etc/web, readOnly: true}]
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`;

const OBJECTS: readonly string[] = [
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: b, generation: 1}\nspec:\n  replicas: 2\n  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}\n  selector: {matchLabels: {app: web}}${TEMPLATE}`,
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  podManagementPolicy: Parallel\n  selector: {matchLabels: {app: web}}\n  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}}]${TEMPLATE}`,
  `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {app: web}}${TEMPLATE}`,
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  backoffLimit: 1\n  completions: 1\n  completionMode: Indexed${TEMPLATE.replace('Always', 'Never')}`,
  'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: "* * * * *"\n  concurrencyPolicy: Forbid\n  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}',
  'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  type: ClusterIP\n  sessionAffinity: None\n  ports: [{name: http, port: 80, targetPort: http, protocol: TCP}]',
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  ingressClassName: nginx\n  tls: [{hosts: [a.example.com], secretName: tls}]\n  rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]',
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  policyTypes: [Ingress]\n  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80, protocol: TCP}]}]',
  'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec:\n  maxReplicas: 3\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}\n  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]',
  'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: {matchExpressions: [{key: a, operator: Exists}]}}',
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]',
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}\nsubjects: [{kind: ServiceAccount, name: a, namespace: b}]',
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteOnce], volumeMode: Filesystem, storageClassName: fast, resources: {requests: {storage: 1Gi}}}',
  'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: example.com/disk\nreclaimPolicy: Retain\nvolumeBindingMode: Immediate\nallowVolumeExpansion: true',
  'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nautomountServiceAccountToken: false\nimagePullSecrets: [{name: a}]',
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {plural: as, kind: A}\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, required: [spec]}}}]',
];

/** Fields that the server requires in a pod's template. */
const POD_FIELDS = [
  'containers',
  'containers.0.name',
  'containers.0.ports.0.containerPort',
  'containers.0.env.0.name',
  'containers.0.env.1.valueFrom.secretKeyRef.key',
  'containers.0.livenessProbe.httpGet.port',
  'containers.0.volumeMounts.0.mountPath',
  'containers.0.volumeMounts.0.name',
  'initContainers.0.name',
  'volumes.0.name',
  'volumes.0.configMap.items.0.path',
  'volumes.1.persistentVolumeClaim.claimName',
  'affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey',
].map((path) => `spec.template.spec.${path}`);

/** Fields that the server requires, by kind; beside apiVersion and kind. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec.selector', 'spec.template', ...POD_FIELDS],
  StatefulSet: ['spec.selector', 'spec.template', ...POD_FIELDS],
  DaemonSet: ['spec.selector', 'spec.template', ...POD_FIELDS],
  Job: ['spec.template', ...POD_FIELDS],
  CronJob: ['spec.schedule', 'spec.jobTemplate', 'spec.jobTemplate.spec.template'],
  Service: ['spec.ports.0.port'],
  Ingress: ['spec.rules.0.http.paths', 'spec.rules.0.http.paths.0.pathType', 'spec.rules.0.http.paths.0.backend'],
  NetworkPolicy: ['spec.ingress.0.from.0.ipBlock.cidr'],
  HorizontalPodAutoscaler: [
    'spec.maxReplicas',
    'spec.scaleTargetRef',
    'spec.scaleTargetRef.kind',
    'spec.metrics.0.type',
  ],
  PodDisruptionBudget: ['spec.selector.matchExpressions.0.operator'],
  Role: ['rules.0.verbs'],
  RoleBinding: ['roleRef', 'roleRef.name', 'subjects.0.name', 'subjects.0.kind'],
  StorageClass: ['provisioner'],
  CustomResourceDefinition: [
    'spec.group',
    'spec.scope',
    'spec.names',
    'spec.names.plural',
    'spec.versions',
    'spec.versions.0.served',
  ],
};

/** Maps with names of the author's choice, and values of several types. */
const FREE: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'requests', 'limits']);
const LOOSE: ReadonlySet<string> = new Set(['port', 'targetPort', 'maxSurge', 'minAvailable']);

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

interface Mutation {
  readonly what: string;
  readonly path: Path;
  readonly object: Json;
}

function mutationsOf(object: Json): readonly Mutation[] {
  return placesOf(object, []).flatMap((path) => {
    const name = String(path.at(-1));
    const value = at(object, path);
    if (path.some((part) => FREE.has(String(part)))) return [];
    const inMap = typeof path.at(-1) === 'string';
    return [
      ...(inMap && path.length > 1
        ? [mutation('misspell', object, path, (parent) => rename(parent, name, misspelt(name)))]
        : []),
      ...(inMap && isRequired(object, path)
        ? [mutation('drop', object, path, (parent) => void delete parent[name])]
        : []),
      ...(LOOSE.has(name) || (path.length === 1 && path[0] !== 'spec')
        ? []
        : [mutation('mistype', object, path, (parent) => void Object.assign(parent, { [name]: otherType(value) }))]),
      ...(typeof value === 'string' && ENUMS.has(name) && path.length > 1
        ? [mutation('enum', object, path, (parent) => void Object.assign(parent, { [name]: `${value}x` }))]
        : []),
    ];
  });
}

const ENUMS: ReadonlySet<string> = new Set(
  'imagePullPolicy restartPolicy protocol scheme effect operator pathType podManagementPolicy concurrencyPolicy completionMode sessionAffinity volumeMode unhealthyPodEvictionPolicy'.split(
    ' ',
  ),
);

function isRequired(object: Json, path: Path): boolean {
  const fields = REQUIRED[String(at(object, ['kind']))] ?? [];
  return ['apiVersion', 'kind', ...fields].includes(path.join('.'));
}

function mutation(what: string, object: Json, path: Path, change: (parent: Record<string, Json>) => void): Mutation {
  const copy = structuredClone(object);
  change(at(copy, path.slice(0, -1)) as Record<string, Json>);
  return { what, path, object: copy };
}

function placesOf(value: Json, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [here, ...placesOf(inner, here)];
  });
}

function at(value: Json, path: Path): Json {
  return path.reduce<Json>((inner, part) => (inner as Record<string, Json>)[String(part)] ?? null, value);
}

function rename(parent: Record<string, Json>, from: string, to: string): void {
  const entries = Object.entries(parent).map(([key, value]) => [key === from ? to : key, value] as const);
  for (const key of Object.keys(parent)) delete parent[key];
  Object.assign(parent, Object.fromEntries(entries));
}

function misspelt(name: string): string {
  return name.length < 3 ? `${name}x` : `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}x`;
}

function otherType(value: Json): Json {
  if (typeof value === 'string') return 12;
  if (typeof value === 'number') return 'twelve';
  if (typeof value === 'boolean') return 'true';
  return Array.isArray(value) ? { a: 1 } : ['a'];
}

/** The line of the pretty-printed JSON where `path` stands, by printing it with a mark. */
function lineOf(object: Json, path: Path): number {
  const copy = structuredClone(object);
  const parent = at(copy, path.slice(0, -1)) as Record<string, Json>;
  if (Object.hasOwn(parent, String(path.at(-1)))) parent[String(path.at(-1))] = '@@mark@@';
  return (
    JSON.stringify(copy, null, 1)
      .split('\n')
      .findIndex((text) => text.includes('@@mark@@')) + 1
  );
}

describe('planted mistakes', () => {
  const schemas = bundledSchemas('1.34');
  const sound = OBJECTS.map((text) => load(text) as Json);
  const planted = sound.flatMap(mutationsOf);
  const results = planted.map((mistake) => {
    const report = checkFiles({ 'x.yaml': JSON.stringify(mistake.object, null, 1) }, {}, schemas);
    return { ...mistake, lines: report.findings.map((finding) => finding.line), found: report.findings.length > 0 };
  });

  it('are planted in objects without any', () => {
    expect(sound.flatMap((object) => checkFiles({ 'x.yaml': JSON.stringify(object) }, {}, schemas).findings)).toEqual(
      [],
    );
    expect(planted.length).toBeGreaterThan(700);
  });

  it('are found, at least 99 in 100 of each sort', () => {
    for (const [what, group] of Map.groupBy(results, (result) => result.what)) {
      const missed = group.filter((result) => !result.found).map((result) => result.path.join('.'));
      expect([what, missed.length / group.length <= 0.01 ? [] : missed]).toEqual([what, []]);
    }
  });

  it('are found on their own line', () => {
    const wrong = results.filter(({ what, found, lines, object, path }) => {
      if (!found || what === 'drop') return false;
      const name = what === 'misspell' ? misspelt(String(path.at(-1))) : path.at(-1);
      return !lines.includes(lineOf(object, [...path.slice(0, -1), name ?? '']));
    });
    expect(wrong.map(({ what, path }) => `${what} ${path.join('.')}`)).toEqual([]);
  });
});
