import { selects } from '../kubernetes/selectors.ts';
import type { MatchResources, ResourceRule } from './admission-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** An object, as a policy decides whether it is meant. */
export interface AdmissionTarget {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural; undefined where no schema tells it. */
  readonly resource: string | undefined;
  readonly name: string;
  readonly labels: Json;
  readonly namespaced: boolean;
  readonly namespace: NamespaceLabels;
}

export interface NamespaceLabels {
  /** Undefined where the manifest does not tell, and where the kind has none. */
  readonly name: string | undefined;
  readonly labels: Json;
  /** False where the Namespace itself is not among the files: it may have other labels. */
  readonly complete: boolean;
}

/** Whether the object is meant; undefined where it depends on labels of a namespace that are not known. */
export function isMatched(match: MatchResources, target: AdmissionTarget): boolean | undefined {
  if (match.rules !== undefined && !match.rules.some((rule) => covers(rule, match, target))) return false;
  if (match.excluded.some((rule) => covers(rule, match, target))) return false;
  if (match.objectSelector !== undefined && selects(match.objectSelector, target.labels) === false) return false;
  return isEmpty(match.namespaceSelector) ? true : inNamespace(match.namespaceSelector ?? {}, target);
}

/** Manifests are looked at as if they were created; a rule on updates alone is not about that. */
function covers(rule: ResourceRule, { policy }: MatchResources, target: AdmissionTarget): boolean {
  const { group, version, resource, namespaced, name } = target;
  const isVersion = policy === 'Equivalent' || lists(rule.versions, version);
  const isNamed = rule.names.length === 0 || rule.names.includes(name);
  const isScope = rule.scope === '*' || rule.scope === '' || (rule.scope === 'Namespaced') === namespaced;
  return (
    lists(rule.operations, 'CREATE') &&
    lists(rule.groups, group) &&
    isVersion &&
    isNamed &&
    isScope &&
    names(rule, resource)
  );
}

function lists(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

/** `pods/status` is a path of its own, which no manifest writes to. */
function names({ resources }: ResourceRule, resource: string | undefined): boolean {
  return (
    resources.includes('*') || resources.includes('*/*') || (resource !== undefined && resources.includes(resource))
  );
}

function isEmpty(selector: Json | undefined): boolean {
  return selector === undefined || Object.keys(selector).length === 0;
}

/** A selector of namespaces says nothing of what is in none. */
function inNamespace(
  selector: Json,
  { namespaced, kind, group, labels, name, namespace }: AdmissionTarget,
): boolean | undefined {
  if (!namespaced) {
    if (kind !== 'Namespace' || group !== '') return true;
    return selects(selector, { 'kubernetes.io/metadata.name': name, ...labels }) ?? true;
  }
  const known = namespace.name === undefined ? {} : { 'kubernetes.io/metadata.name': namespace.name };
  const isKnown =
    namespace.complete || (namespace.name !== undefined && keysOf(selector).every((key) => Object.hasOwn(known, key)));
  return isKnown ? (selects(selector, { ...known, ...namespace.labels }) ?? true) : undefined;
}

function keysOf({ matchLabels, matchExpressions }: Json): readonly string[] {
  const expressions = Array.isArray(matchExpressions) ? (matchExpressions as readonly Json[]) : [];
  return [...Object.keys(matchLabels ?? {}), ...expressions.map(({ key }) => String(key))];
}
