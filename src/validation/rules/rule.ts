import type { Path } from '../../manifests/locate.ts';
import type { ResourceId } from '../../manifests/resource.ts';
import type { Severity } from '../finding.ts';
import type { Schemas } from '../schemas.ts';

/** A kind of mistake. `docs/rules/<group>-<name>.md` explains it with an example that fails and one that passes. */
export interface Rule {
  /** `group/name`. */
  readonly id: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly severity: Severity;
}

/** A rule that looks at one object at a time, after its shape was checked. */
export interface ObjectRule extends Rule {
  check(object: ManifestObject, context: RuleContext): readonly Problem[];
}

/** One Kubernetes object of a file; an item of a List is an object of its own. */
export interface ManifestObject {
  readonly resource: ResourceId;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where in the document it stands: empty, or below `items` of a List. */
  readonly path: Path;
  /** False where an overlay in the tree may add what is missing. */
  readonly complete: boolean;
  /** Encrypted with SOPS: values are ciphertext. */
  readonly encrypted: boolean;
}

export interface RuleContext {
  readonly schemas: Schemas;
  readonly missingSchema: 'error' | 'warn' | 'skip';
}

/** What a rule found, with its place in the document instead of in the file. */
export interface Problem {
  readonly rule: Rule;
  readonly path: Path;
  /** Whether the key or the value at `path` is what is wrong. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
  /** In place of the rule's own. */
  readonly severity?: Severity;
}

/** `spec.template.spec.containers[0].image`; `the object` for the root. */
export function printPath(path: Path): string {
  if (path.length === 0) return 'the object';
  return path.reduce<string>((text, part) => text + printPart(part, text === ''), '');
}

function printPart(part: string | number, first: boolean): string {
  if (typeof part === 'number') return `[${part}]`;
  if (/^[\w$-]+$/.test(part)) return first ? part : `.${part}`;
  return `[${JSON.stringify(part)}]`;
}

/** A value for a message: short, on one line. */
export function printValue(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
