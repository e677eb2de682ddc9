import { list, record, text, texts } from '../api/json.ts';

export interface TreeNode {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly health?: string;
  readonly message?: string;
  /** Such as `CrashLoopBackOff`, of a pod. */
  readonly statusReason?: string;
  readonly restarts: number;
  readonly images: readonly string[];
}

export function readResourceTree(value: unknown): readonly TreeNode[] {
  return list(record(value).nodes).map(readNode);
}

function readNode(value: unknown): TreeNode {
  const node = record(value);
  const health = record(node.health);
  const namespace = text(node.namespace);
  const details = new Map(
    list(node.info).map((item) => [text(record(item).name) ?? '', text(record(item).value) ?? '']),
  );
  const statusReason = details.get('Status Reason');
  return {
    kind: text(node.kind) ?? 'object',
    name: text(node.name) ?? '(unnamed)',
    uid: text(node.uid) ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...named('health', text(health.status)),
    ...named('message', text(health.message)),
    ...named('statusReason', statusReason),
    restarts: Number.parseInt(details.get('Restart Count') ?? '0', 10) || 0,
    images: texts(node.images),
  };
}

function named<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

export function isUnhealthy({ health }: TreeNode): boolean {
  return health !== undefined && health !== 'Healthy' && health !== 'Suspended';
}

export function tellNode({ kind, namespace, name, health, statusReason, message }: TreeNode): string {
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const why = [statusReason, message].filter((part) => part !== undefined && part !== health).join(': ');
  return `${kind} ${place} is ${health}${why === '' ? '' : `: ${why}`}`;
}
