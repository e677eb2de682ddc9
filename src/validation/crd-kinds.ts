import { lazily } from '../manifests/lazily.ts';
import { type RuleNode, ruleNode } from './crd-rules.ts';
import { crdShape, OBJECT_META } from './crd-shape.ts';
import { isObject } from './scalars.ts';
import type { FieldsShape, Shape } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

/** One version of a custom resource, as its CustomResourceDefinition describes it. */
export interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** False: a cluster with this CRD refuses objects of this version. */
  readonly served: boolean;
  readonly shape: Shape;
  readonly rules: RuleNode | undefined;
  /** Of the version within `spec.versions`. */
  readonly versionIndex: number;
}

const ANYTHING: Shape = { fields: { apiVersion: 'string', kind: 'string', metadata: OBJECT_META }, open: true };

/**
 * The kinds that a CustomResourceDefinition brings, one for each version; none where it is not one, or says too little.
 * Of what is broken in it only the broken part is passed over: `check` reports the CRD itself.
 */
export function customKinds(crd: Json): readonly CustomKind[] {
  const { spec } = crd;
  if (crd.kind !== 'CustomResourceDefinition' || !isObject(spec) || !isObject(spec.names)) return [];
  const { kind, plural } = spec.names;
  if (typeof spec.group !== 'string' || typeof kind !== 'string') return [];
  const names = { group: spec.group, kind, plural: typeof plural === 'string' ? plural : kind.toLowerCase() };
  return versionsOf(spec).flatMap((version, versionIndex) =>
    typeof version.name === 'string' ? [customKind(spec, version, version.name, { ...names, versionIndex })] : [],
  );
}

/** `apiextensions.k8s.io/v1beta1` allowed one version without a list. */
function versionsOf(spec: Json): readonly Json[] {
  if (Array.isArray(spec.versions)) return spec.versions.filter(isObject);
  return typeof spec.version === 'string' ? [{ name: spec.version, served: true }] : [];
}

interface Names {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly versionIndex: number;
}

function customKind(spec: Json, version: Json, name: string, { group, ...names }: Names): CustomKind {
  const schema = schemaOf(version) ?? schemaOf({ schema: spec.validation });
  const isOpen = spec.preserveUnknownFields === true || schema === undefined;
  const scaled = () => withScale(withScale(schema ?? {}, version), spec);
  // A large CRD takes longer to turn into a shape than to read, and most are only read.
  const shape = lazily(() => (isOpen ? ANYTHING : rootShape(scaled(), hasStatus(version) || hasStatus(spec))));
  const rules = lazily(() => (schema === undefined ? undefined : ruleNode(schema)));
  return {
    ...names,
    apiVersion: `${group}/${name}`,
    namespaced: spec.scope !== 'Cluster',
    served: version.served !== false,
    get shape() {
      return shape();
    },
    get rules() {
      return rules();
    },
  };
}

function schemaOf(version: Json): Json | undefined {
  const schema = isObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
  return isObject(schema) ? schema : undefined;
}

/**
 * Where the kind can be scaled, the number of replicas must be one that a Scale can hold, whatever the schema says of it
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/registry/customresource/validator.go).
 */
function withScale(schema: Json, { subresources }: Json): Json {
  const scale = isObject(subresources) && isObject(subresources.scale) ? subresources.scale : {};
  const path = scale.specReplicasPath;
  return typeof path === 'string' ? withReplicas(schema, path.split('.').slice(1)) : schema;
}

const MOST_REPLICAS = 2 ** 31 - 1;

function withReplicas(schema: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined) {
    const { minimum, maximum } = schema;
    return {
      ...schema,
      minimum: typeof minimum === 'number' ? Math.max(0, minimum) : 0,
      maximum: typeof maximum === 'number' ? Math.min(MOST_REPLICAS, maximum) : MOST_REPLICAS,
    };
  }
  const properties = isObject(schema.properties) ? schema.properties : {};
  const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!isObject(inner)) return schema;
  return { ...schema, properties: { ...properties, [name]: withReplicas(inner, rest) } };
}

function hasStatus({ subresources }: Json): boolean {
  return isObject(subresources) && isObject(subresources.status);
}

/**
 * The shape of whole objects. `apartStatus`: the status has a path of its own, and the server drops it before it looks at
 * the object.
 */
export function rootShape(schema: Json, apartStatus: boolean): Shape {
  const shape = crdShape(schema);
  if (typeof shape === 'object' && 'of' in shape) return { ...shape, of: withMeta(shape.of, schema, apartStatus) };
  return withMeta(shape, schema, apartStatus);
}

function withMeta(shape: Shape, schema: Json, apartStatus: boolean): Shape {
  if (shape === 'object' || shape === 'any') return ANYTHING;
  if (typeof shape === 'string' || !('fields' in shape)) return shape;
  const status = apartStatus && Object.hasOwn(shape.fields, 'status') ? { status: 'any' as const } : {};
  const fields: FieldsShape['fields'] = {
    apiVersion: 'string',
    kind: 'string',
    metadata: metadataShape(schema),
    ...Object.fromEntries(Object.entries(shape.fields).filter(([name]) => !IMPLIED.has(name))),
    ...status,
  };
  const required = shape.required?.filter((name) => !IMPLIED.has(name) && !(apartStatus && name === 'status')) ?? [];
  return {
    fields,
    ...(required.length === 0 ? {} : { required }),
    ...(shape.open === undefined ? {} : { open: shape.open }),
  };
}

const IMPLIED: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** A CRD may limit the name of its objects, and nothing else of their metadata. */
function metadataShape({ properties }: Json): Shape {
  const metadata = isObject(properties) && isObject(properties.metadata) ? properties.metadata : {};
  const name = isObject(metadata.properties) ? metadata.properties.name : undefined;
  const shape = isObject(name) ? crdShape(name) : 'string';
  if (typeof shape !== 'object' || !('limits' in shape) || shape.limits === undefined) return OBJECT_META;
  return { of: OBJECT_META, limits: { allOf: [{ properties: { name: shape.limits } }] } };
}
