import type { Path } from '../../manifests/locate.ts';
import { holdsVariable } from '../brackets.ts';
import type { CelEngine } from '../cel/engine.ts';
import { isFault, isList, isMap, optionalOf, type Result, type Value } from '../cel/value.ts';
import type { CelRule, RuleNode } from '../crd-rules.ts';
import type { ManifestObject } from '../rules/rule.ts';
import { isObject } from '../scalars.ts';
import type { KindSchema } from '../schema-source.ts';
import type { Shape } from '../shape.ts';
import { unlimited, withDefaults } from './defaults.ts';
import { parseFieldPath } from './field-path.ts';
import { isSecret } from './policy-object.ts';
import { fieldName, typedValue } from './typed-values.ts';

/** A rule of a CRD that an object breaks, or that cannot be held against it. */
export interface CrdRuleResult {
  readonly rule: CelRule;
  /** In the document. */
  readonly path: Path;
  readonly verdict: 'refused' | 'not-evaluated';
  /** Why, without a full stop. */
  readonly message: string;
}

interface Walk {
  /** Messages that are computed from values may be told. */
  readonly open: boolean;
  readonly cel: CelEngine;
  readonly schema: KindSchema;
  readonly results: CrdRuleResult[];
}

/** Whether some place below has a rule; a tree can be of defaults alone. */
export function hasRules(node: RuleNode | undefined): boolean {
  if (node === undefined) return false;
  const known = WITH_RULES.get(node);
  if (known !== undefined) return known;
  const below = [...Object.values(node.fields ?? {}), node.items, node.values];
  const found = node.rules !== undefined || below.some(hasRules);
  WITH_RULES.set(node, found);
  return found;
}

const WITH_RULES = new WeakMap<RuleNode, boolean>();

/**
 * Holds an object against the CEL rules of its CRD as the server does when the object is created: after defaults, at every
 * place that is there, without the rules on changes
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules).
 */
export function crdRuleResults(object: ManifestObject, schema: KindSchema, cel: CelEngine): readonly CrdRuleResult[] {
  const node = schema.custom?.rules();
  if (node === undefined || !hasRules(node)) return [];
  const results: CrdRuleResult[] = [];
  const value = withDefaults(withoutStatus(object.value, schema), node, schema.shape, schema.definition);
  const open = !isSecret(object);
  visit({ open, cel, schema, results }, value, schema.shape, node, object.path, undefined);
  return results;
}

/** A status with a path of its own is dropped before the server looks at the rules. */
function withoutStatus(value: ManifestObject['value'], { shape, definition }: KindSchema): ManifestObject['value'] {
  const root = unlimited(shape, definition);
  const isApart = root !== undefined && 'fields' in root && root.fields.status === 'any';
  if (!isApart || !Object.hasOwn(value, 'status')) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'status'));
}

/** `known` is the value as CEL sees it, where some place above has it already. */
function visit(walk: Walk, raw: unknown, shape: Shape, node: RuleNode, path: Path, known: Value | undefined): void {
  if (raw === null || raw === undefined || !hasRules(node)) return;
  const self = node.rules === undefined ? known : (known ?? typedValue(raw, shape, walk.schema.definition));
  if (self !== undefined) for (const rule of node.rules ?? []) check(walk, rule, self, raw, path);
  const target = unlimited(shape, walk.schema.definition);
  if (Array.isArray(raw)) visitItems(walk, raw, target, node.items, path, self);
  else if (isObject(raw)) visitFields(walk, raw, target, node, path, self);
}

type Target = Exclude<Shape, string> | undefined;

function visitItems(
  walk: Walk,
  raw: readonly unknown[],
  target: Target,
  node: RuleNode | undefined,
  path: Path,
  self: Value | undefined,
): void {
  if (node === undefined) return;
  const shape = target !== undefined && 'items' in target ? target.items : 'any';
  for (const [index, item] of raw.entries())
    visit(walk, item, shape, node, [...path, index], isList(self) ? self[index] : undefined);
}

function visitFields(
  walk: Walk,
  raw: Readonly<Record<string, unknown>>,
  target: Target,
  node: RuleNode,
  path: Path,
  self: Value | undefined,
): void {
  const fields = target !== undefined && 'fields' in target ? target.fields : undefined;
  const values = target !== undefined && 'values' in target ? target.values : 'any';
  for (const [name, value] of Object.entries(raw)) {
    const child = node.fields !== undefined && Object.hasOwn(node.fields, name) ? node.fields[name] : node.values;
    const shape = fields === undefined ? values : Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (child === undefined || shape === undefined) continue;
    const key = fields === undefined ? name : fieldName(name);
    visit(walk, value, shape, child, [...path, name], isMap(self) ? self.get(key) : undefined);
  }
}

function check(walk: Walk, rule: CelRule, self: Value, raw: unknown, path: Path): void {
  const program = walk.cel.compile(rule.rule);
  const isOnChanges = program.names.has('oldSelf');
  if (isOnChanges && rule.optionalOldSelf !== true) return;
  const variable = (name: string): Result | undefined =>
    name === 'self' ? self : name === 'oldSelf' && isOnChanges ? optionalOf(undefined) : undefined;
  const result = program.run(variable);
  if (result === true) return;
  const at = isFault(result) ? path : [...path, ...parseFieldPath(rule.fieldPath ?? '')];
  const add = (verdict: CrdRuleResult['verdict'], message: string) =>
    void walk.results.push({ rule, path: at, verdict, message });
  if (isFault(result) && result.kind === 'unsupported') add('not-evaluated', result.message);
  else if (holdsLaterText(raw)) add('not-evaluated', 'a part of the value is put in later');
  else add('refused', messageOf(walk, rule, variable, isFault(result) ? result.message : undefined));
}

/** Variables of Flux, templates, ciphertext of SOPS. */
function holdsLaterText(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('ENC[') || value.includes('{{') || holdsVariable(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsLaterText);
}

/** As the server chooses: the expression for the message, the message, the rule itself. */
function messageOf(
  { cel, open }: Walk,
  rule: CelRule,
  variable: (name: string) => Result | undefined,
  reason: string | undefined,
): string {
  const written =
    rule.messageExpression === undefined || !open ? null : cel.compile(rule.messageExpression).run(variable);
  const isUsable = typeof written === 'string' && written.trim() !== '' && !written.includes('\n');
  const message = isUsable ? written.trim() : (rule.message ?? `failed rule: ${rule.rule}`);
  return reason === undefined || !open ? message : `${reason} evaluating rule: ${message}`;
}
