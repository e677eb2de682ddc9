import type { RuleNode } from '../crd-rules.ts';
import { isObject } from '../scalars.ts';
import type { Shape } from '../shape.ts';
import { isNullable, resolve } from './typed-values.ts';

type Definition = (name: string) => Shape | undefined;

/**
 * A custom resource with the defaults of its schema, which the server fills in before it looks at the rules
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting). What has no
 * default is the same object as before.
 */
export function withDefaults(
  value: unknown,
  node: RuleNode | undefined,
  shape: Shape,
  definition: Definition,
): unknown {
  if (node === undefined || typeof value !== 'object' || value === null) return value;
  const target = unlimited(shape, definition);
  if (Array.isArray(value)) {
    const items = target !== undefined && 'items' in target ? target.items : 'any';
    return value.map((item) => withDefaults(item, node.items, items, definition));
  }
  if (!isObject(value)) return value;
  const { values } = node;
  if (values !== undefined) {
    const inner = target !== undefined && 'values' in target ? target.values : 'any';
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withDefaults(item, values, inner, definition)]),
    );
  }
  return node.fields === undefined ? value : fieldsWithDefaults(value, node.fields, target, definition);
}

function fieldsWithDefaults(
  value: Readonly<Record<string, unknown>>,
  nodes: NonNullable<RuleNode['fields']>,
  target: Exclude<Shape, string> | undefined,
  definition: Definition,
): unknown {
  const changed: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(nodes)) {
    const shape = target !== undefined && 'fields' in target ? (target.fields[name] ?? 'any') : 'any';
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    const isAbsent = own === undefined || (own === null && !isNullable(shape));
    const filled = isAbsent ? node.default : own;
    const inner = withDefaults(filled, node, shape, definition);
    if (inner !== own && inner !== undefined) changed[name] = inner;
  }
  return Object.keys(changed).length === 0 ? value : { ...value, ...changed };
}

/** The shape itself, without limits around it. */
export function unlimited(shape: Shape, definition: Definition): Exclude<Shape, string> | undefined {
  const target = resolve(shape, definition);
  if (target === undefined || typeof target === 'string') return undefined;
  return 'of' in target ? unlimited(target.of, definition) : target;
}
