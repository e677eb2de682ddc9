import type { YamlMode } from './plain-scalar.ts';

export type ReadDocument =
  | {
      readonly ok: true;
      /** Maps are plain objects, lists arrays; an alias is the very object that its anchor is. */
      readonly value: unknown;
      /** Some plain scalar is read differently by kubectl and by kustomize. */
      readonly ambiguous: boolean;
      /** The first tag that is none of YAML's own. */
      readonly unknownTag?: string;
      /** Maps, lists and scalars; only where none is shared, and every key is a scalar. */
      readonly nodes?: number;
    }
  | { readonly ok: false; readonly problem: YamlProblem };

export interface YamlProblem {
  readonly kind: 'syntax' | 'duplicate-key' | 'depth';
  readonly message: string;
  /** From 0, in the text that was read. */
  readonly offset: number;
}

export interface YamlReader {
  /** Reads one document. `duplicates`: the last of equal keys wins, as kubectl has it; else they are a problem. */
  read(text: string, mode: YamlMode, duplicates?: 'allow'): ReadDocument;
}
