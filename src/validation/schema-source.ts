import type { RuleNode } from './crd-rules.ts';
import type { Shape } from './shape.ts';

/** What is known of one kind in one version of the cluster. */
export interface KindSchema {
  readonly shape: Shape;
  readonly plural: string;
  readonly namespaced: boolean;
  definition(name: string): Shape | undefined;
  /** There for custom resources: the server holds them against their schema as it stands, without Go types in between. */
  readonly custom?: CustomSchema;
}

export interface CustomSchema {
  /** False where the version is known, and the newest release of its project no longer serves it. */
  readonly served: boolean;
  /** CEL rules and defaults, by place. They are read when asked for. */
  rules(): RuleNode | undefined;
}

export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A place that schemas come from: the packs, CRDs in files, folders and URLs of JSON Schemas. */
export interface SchemaSource {
  find(apiVersion: string, kind: string, version: string): KindSchema | undefined;
  /** All kinds that it has for this Kubernetes version. */
  kinds(version: string): readonly ServedKind[];
  /** For a source that decides what the cluster will serve: what it has of the kind in this group; undefined for none. */
  offers?(group: string, kind: string): Offer | undefined;
}

/** What the CRDs of a kind serve. A cluster that has them refuses every other version. */
export interface Offer {
  /** The API versions that some CRD of the kind serves, such as `example.com/v1`. */
  readonly served: readonly string[];
  /** Files with a CRD of the kind. */
  readonly paths: readonly string[];
}

/** A definition of Kubernetes itself, such as `meta.v1.ObjectMeta`, which custom resources refer to as well. */
export type Definitions = (name: string, version: string) => Shape | undefined;

/** `apps` of `apps/v1`; `''` for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
