import type { Path } from '../../manifests/locate.ts';
import type { ResourceId } from '../../manifests/resource.ts';
import type { Severity } from '../finding.ts';
import type { ManifestSet } from '../manifest-set.ts';
import type { Schemas } from '../schemas.ts';

/** A kind of mistake. `docs/rules/<group>-<name>.md` explains it with an example that fails and one that passes. */
export interface Rule {
  /** `group/name`. */
  readonly id: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** Off unless `enable-rules` names it or its group. */
  readonly optIn?: true;
}

/** A rule that looks at one object at a time, after its shape was checked. */
export interface ObjectRule extends Rule {
  /** `group/Kind`, `/Kind` for the core group: those that it looks at. All kinds without it. */
  readonly kinds?: readonly string[];
  /** Fields, at whatever depth: an object without any of them is none that the rule can find something in. */
  readonly needs?: readonly string[];
  check(object: ManifestObject, context: RuleContext): readonly Problem[];
}

/** A rule that looks at all files together: what one of them says of another. */
export interface SetRule extends Rule {
  checkSet(set: ManifestSet): readonly SetProblem[];
}

/** A rule that looks at all objects of one rendered unit together, as the cluster gets them. */
export interface UnitRule extends Rule {
  checkUnit(deployed: Deployed): readonly UnitProblem[];
}

/** What one unit comes to, and what is known beside it. */
export interface Deployed {
  readonly objects: readonly ManifestObject[];
  /** What all units come to, this one among them. */
  readonly world: World;
  /** False for a text with something in it that only the cluster knows. */
  isKnown(text: string): boolean;
}

/** All that was rendered. */
export interface World {
  /** By `group/Kind`. An object without a namespace may get any. */
  has(groupKind: string, namespace: string | undefined, name: string): boolean;
  /** Objects that pods are made from. */
  podMakers(): readonly ManifestObject[];
}

/** As `Problem`, with the object of the unit that it is in. */
export interface UnitProblem extends Problem {
  readonly object: ManifestObject;
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
  /** A kustomization lists its file, and may still set namespaces, and with them the names of Namespaces. */
  readonly kustomized?: boolean;
  /** The same for objects that are shown one after the other in the same maps and lists: they differ in scalars alone. */
  readonly alike?: object;
}

export interface RuleContext {
  readonly schemas: Schemas;
  /** Rules that are switched off. */
  readonly off: ReadonlySet<Rule>;
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

/** As `Problem`, with the file that it is in. */
export interface SetProblem extends Problem {
  readonly file: string;
  /** From 1, within the file. */
  readonly document: number;
  readonly resource?: ResourceId;
  /**
   * Paths whose change can have brought the problem up, beside the file itself: with `changed-since` it is told where one
   * of them, or something below it, changed. `''` stands for every file.
   */
  readonly related: readonly string[];
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
