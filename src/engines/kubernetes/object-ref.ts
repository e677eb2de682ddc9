import { ToolError } from '../../errors.ts';
import type { Target } from '../delivery-engine.ts';
import type { ResourceType } from '../kubernetes-api/cluster.ts';
import { KNOWN_KINDS, knownKind } from './kinds.ts';

/** One object, as it is written: `Deployment/shop/web`, `Deployment/web`, `Certificate.cert-manager.io/shop/tls`. */
export interface ObjectRef {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly namespace?: string;
  readonly name: string;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/; those of RBAC may hold more. */
const PART = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;
const FORMS =
  'Write Kind/namespace/name or, in the namespace of the context, Kind/name. Kinds beside those of Kubernetes itself need their group: Certificate.cert-manager.io/shop/tls.';

/** @throws ToolError input when the text names no object */
export function parseObjectTarget(text: string, defaultNamespace: string): Target {
  const parts = text.trim().split('/');
  const [first = '', ...rest] = parts;
  const [kind = '', ...group] = first.split('.');
  const written = group.length === 0 ? undefined : group.join('.');
  const known = knownKind(kind, written);
  const names = rest.every((part) => PART.test(part));
  if (!names || rest.length < 1 || rest.length > 2 || !/^[A-Za-z][A-Za-z0-9]*$/.test(kind)) throw wrong(text);
  if (known === undefined && written === undefined) throw wrong(text);
  const [name = '', namespace] = [...rest].reverse();
  if (known === undefined) return targetOf({ kind, group: written ?? '', name, ...(namespace && { namespace }) });
  if (!known.namespaced) return targetOf({ kind: known.kind, group: known.group, name });
  return targetOf({ kind: known.kind, group: known.group, name, namespace: namespace ?? defaultNamespace });
}

function wrong(text: string): ToolError {
  return new ToolError('input', `${JSON.stringify(text)} names no object of Kubernetes`, { hint: FORMS });
}

/** The target of that object; one name for one object, however it was written. */
export function targetOf({ kind, group, namespace, name }: ObjectRef): Target {
  const word = KNOWN_KINDS.some((known) => known.kind === kind && known.group === group) ? kind : `${kind}.${group}`;
  const parts = [word, ...(namespace === undefined ? [] : [namespace]), name];
  return { name: parts.join('/'), kind, ...(namespace === undefined ? {} : { namespace }) };
}

/** The object that a target of this engine stands for. */
export function refOf(target: Target): ObjectRef {
  const parts = target.name.split('/');
  const [word = ''] = parts;
  const name = parts.at(-1) ?? '';
  const [kind = '', ...group] = word.split('.');
  const known = group.length === 0 ? knownKind(kind, undefined) : undefined;
  const { namespace } = target;
  return { kind, group: known?.group ?? group.join('.'), name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The type of the object where it is known without asking. */
export function knownType({ kind, group }: ObjectRef): ResourceType | undefined {
  return knownKind(kind, group);
}
