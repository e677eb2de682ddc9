import { isObject } from './scalars.ts';

type Json = Readonly<Record<string, unknown>>;

/** One entry of `x-kubernetes-validations`: CEL, and what it says when it fails. */
export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The places of a kind that have CEL rules or defaults; the server applies the defaults first. All else is left out. */
export interface RuleNode {
  readonly rules?: readonly CelRule[];
  readonly default?: unknown;
  readonly fields?: Readonly<Record<string, RuleNode>>;
  readonly items?: RuleNode;
  readonly values?: RuleNode;
}

/** The rules and defaults of a structural schema, undefined where it has none. */
export function ruleNode(schema: Json): RuleNode | undefined {
  const rules = celRules(schema['x-kubernetes-validations']);
  const fields = isObject(schema.properties) ? fieldNodes(schema.properties) : [];
  const items = isObject(schema.items) ? ruleNode(schema.items) : undefined;
  const values = isObject(schema.additionalProperties) ? ruleNode(schema.additionalProperties) : undefined;
  const node: RuleNode = {
    ...(rules.length === 0 ? {} : { rules }),
    ...(schema.default === undefined || schema.default === null ? {} : { default: schema.default }),
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
    ...(items === undefined ? {} : { items }),
    ...(values === undefined ? {} : { values }),
  };
  return Object.keys(node).length === 0 ? undefined : node;
}

function fieldNodes(properties: Json): readonly (readonly [string, RuleNode])[] {
  return Object.entries(properties).flatMap(([name, inner]) => {
    const node = isObject(inner) ? ruleNode(inner) : undefined;
    return node === undefined ? [] : [[name, node] as const];
  });
}

function celRules(value: unknown): readonly CelRule[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((entry) => {
    const { rule, message, messageExpression, fieldPath, optionalOldSelf } = entry;
    if (typeof rule !== 'string') return [];
    return [
      {
        rule: rule.trim(),
        ...(typeof message === 'string' ? { message } : {}),
        ...(typeof messageExpression === 'string' ? { messageExpression: messageExpression.trim() } : {}),
        ...(typeof fieldPath === 'string' ? { fieldPath } : {}),
        ...(optionalOldSelf === true ? { optionalOldSelf } : {}),
      },
    ];
  });
}
