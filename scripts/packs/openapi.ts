import type { FieldsShape, Reference, Shape } from '../../src/validation/shape.ts';
import type { Kind, VersionContent } from './write-pack.ts';

/** The parts of an OpenAPI 3 document of Kubernetes that a pack is made from. */
export interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation | unknown>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly 'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string };
}

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

/** Types whose description says less than their Go code does: they decode themselves. */
const BY_NAME: Readonly<Record<string, Shape>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'int-or-string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'date-time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'date-time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Duration': 'duration',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'object',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': {
    either: ['#apiextensions.v1.JSONSchemaProps', { items: '#apiextensions.v1.JSONSchemaProps' }],
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': {
    either: ['#apiextensions.v1.JSONSchemaProps', 'boolean'],
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': {
    either: ['#apiextensions.v1.JSONSchemaProps', { items: 'string' }],
  },
};

/** Fields that upstream describes as required although the server does without: it defaults them, or nothing checks them. */
const NOT_REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'apps.v1.StatefulSetSpec': ['serviceName'],
  'discovery.v1.EndpointSlice': ['endpoints'],
  'networking.v1.NetworkPolicySpec': ['podSelector'],
  'rbac.v1.RoleRef': ['apiGroup'],
  'scheduling.v1.PriorityClass': ['value'],
};

/** Sets that the server's validation enforces without an enum in the Go type. */
const MORE_ENUMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'apiextensions.v1.CustomResourceConversion': { strategy: ['None', 'Webhook'] },
  'apiextensions.v1.CustomResourceDefinitionSpec': { scope: ['Cluster', 'Namespaced'] },
  'autoscaling.v2.HPAScalingPolicy': { type: ['Percent', 'Pods'] },
  'autoscaling.v2.HPAScalingRules': { selectPolicy: ['Disabled', 'Max', 'Min'] },
  'autoscaling.v2.MetricTarget': { type: ['AverageValue', 'Utilization', 'Value'] },
  'meta.v1.LabelSelectorRequirement': { operator: ['DoesNotExist', 'Exists', 'In', 'NotIn'] },
  'rbac.v1.RoleRef': { kind: ['ClusterRole', 'Role'] },
  'rbac.v1.Subject': { kind: ['Group', 'ServiceAccount', 'User'] },
};

/** Kinds and definitions of one Kubernetes version. `enums` maps `definition` to field to values. */
export function readOpenApi(
  documents: readonly OpenApi[],
  enums: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>,
): VersionContent {
  const kinds = new Map<string, Kind>();
  const definitions = new Map<string, Shape>();
  for (const document of documents) {
    for (const kind of kindsOf(document)) kinds.set(`${kind.apiVersion}/${kind.kind}`, kind);
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      if (Object.hasOwn(BY_NAME, name)) continue;
      definitions.set(shortName(name), definition(shortName(name), schema, enums));
    }
  }
  return { kinds: [...kinds.values()], definitions: reachable([...kinds.values()], definitions) };
}

/** A kind is what can be created at a path of its own; `pods/{name}/eviction` and its like cannot be applied. */
function kindsOf(document: OpenApi): readonly Kind[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, operations]) => {
    const post = operations.post as Operation | undefined;
    const gvk = post?.['x-kubernetes-group-version-kind'];
    const body = Object.values(post?.requestBody?.content ?? {})[0]?.schema;
    const target = body?.$ref ?? body?.allOf?.[0]?.$ref;
    if (gvk === undefined || target === undefined || path.includes('{name}')) return [];
    return [
      {
        apiVersion: gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`,
        kind: gvk.kind,
        definition: shortName(target.slice(target.lastIndexOf('/') + 1)),
        plural: path.slice(path.lastIndexOf('/') + 1),
        namespaced: path.includes('/namespaces/{namespace}/'),
      },
    ];
  });
}

function definition(
  name: string,
  schema: Schema,
  enums: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>,
): Shape {
  const shape = toShape(schema);
  if (typeof shape === 'string') return shape === 'object' ? { fields: {} } : shape;
  if (!('fields' in shape)) return shape;
  const values = enums.get(name);
  const fields = Object.entries(shape.fields).map(([field, inner]) => [
    field,
    withEnum(inner, values?.get(field) ?? MORE_ENUMS[name]?.[field]),
  ]);
  const required = shape.required?.filter((field) => !NOT_REQUIRED[name]?.includes(field)) ?? [];
  return {
    fields: Object.fromEntries(fields) as FieldsShape['fields'],
    ...(required.length === 0 ? {} : { required }),
    ...(shape.open === undefined ? {} : { open: shape.open }),
  };
}

function withEnum(shape: Shape, values: readonly string[] | undefined): Shape {
  if (values === undefined) return shape;
  if (shape === 'string') return { enum: values };
  if (typeof shape === 'object' && 'items' in shape && shape.items === 'string')
    return { ...shape, items: { enum: values } };
  return shape;
}

/** The shape that a structural schema describes. */
export function toShape(schema: Schema): Shape {
  const target = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (target !== undefined) return reference(target.slice(target.lastIndexOf('/') + 1));
  if (schema['x-kubernetes-int-or-string'] === true) return 'int-or-string';
  if (schema.enum !== undefined) return { enum: schema.enum };
  if (schema.type === 'array') return itemsShape(schema);
  if (schema.type === 'object' || schema.properties !== undefined) return objectShape(schema);
  return scalarShape(schema);
}

function reference(name: string): Shape {
  return BY_NAME[name] ?? (`#${shortName(name)}` as Reference);
}

function itemsShape(schema: Schema): Shape {
  const list = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  return {
    items: toShape(schema.items ?? {}),
    ...(list === 'map' || list === 'set' ? { list } : {}),
    ...(list === 'map' && keys !== undefined ? { keys } : {}),
  };
}

function objectShape(schema: Schema): Shape {
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, inner]) => [name, toShape(inner)]);
    return {
      fields: Object.fromEntries(fields) as FieldsShape['fields'],
      ...(schema.required === undefined ? {} : { required: schema.required }),
      ...(schema['x-kubernetes-preserve-unknown-fields'] === true ? { open: true } : {}),
    };
  }
  const values = schema.additionalProperties;
  if (typeof values !== 'object') return 'object';
  return { values: toShape(values) };
}

function scalarShape(schema: Schema): Shape {
  switch (schema.type) {
    case 'string':
      return schema.format === 'byte' || schema.format === 'date-time' ? schema.format : 'string';
    case 'integer':
      return schema.format === 'int32' || schema.format === 'int64' ? schema.format : 'integer';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'any';
  }
}

const PREFIXES = [
  'io.k8s.apimachinery.pkg.apis.',
  'io.k8s.apiextensions-apiserver.pkg.apis.',
  'io.k8s.kube-aggregator.pkg.apis.',
  'io.k8s.api.',
];

function shortName(name: string): string {
  const prefix = PREFIXES.find((candidate) => name.startsWith(candidate));
  return prefix === undefined ? name : name.slice(prefix.length);
}

/** Only what some kind leads to: lists, status answers and options of requests are never in a manifest. */
function reachable(kinds: readonly Kind[], definitions: ReadonlyMap<string, Shape>): ReadonlyMap<string, Shape> {
  const kept = new Map<string, Shape>();
  const pending = kinds.map((kind) => kind.definition);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const shape = definitions.get(name);
    if (kept.has(name)) continue;
    if (shape === undefined) throw new Error(`the definition ${name} is missing`);
    kept.set(name, shape);
    for (const match of JSON.stringify(shape).matchAll(/"#([^"]+)"/g)) pending.push(match[1] ?? '');
  }
  return kept;
}
