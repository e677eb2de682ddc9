import type { ManifestObject } from '../rules/rule.ts';
import type { KindSchema } from '../schema-source.ts';

/** An object that some policy may be about, and where it stands. */
export interface PolicyObject {
  /** The file. */
  readonly path: string;
  /** From 1, within the file. */
  readonly document: number;
  readonly object: ManifestObject;
  readonly schema: KindSchema | undefined;
}

/** Nothing of the object's values may be told: only messages that do not depend on them. */
export function isSecret({ resource, encrypted }: ManifestObject): boolean {
  return encrypted || resource.kind === 'Secret';
}
