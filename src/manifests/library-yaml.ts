import type { LoadOptions, Schema, Type, YAMLException } from 'js-yaml';
import { jsYaml } from './libraries.ts';
import { isAmbiguousScalar, type PlainValue, readPlainScalar, type YamlMode } from './plain-scalar.ts';
import type { YamlProblem, YamlReader } from './yaml-document.ts';

interface Notes {
  ambiguous: boolean;
  unknownTag: string | undefined;
}

/** js-yaml with the scalars of `mode`. */
export function createLibraryReader(maxDepth: number): YamlReader {
  const { load, YAMLException } = jsYaml();
  const notes: Notes = { ambiguous: false, unknownTag: undefined };
  const schemas = { cluster: createSchema('cluster', notes), kustomize: createSchema('kustomize', notes) };
  // The library has had maxDepth since 4.2; its published types do not know it.
  const options = (schema: Schema, json: boolean): LoadOptions & { maxDepth: number } => ({ schema, json, maxDepth });
  return {
    read(text, mode, duplicates) {
      notes.ambiguous = false;
      notes.unknownTag = undefined;
      try {
        const value: unknown = load(text, options(schemas[mode], duplicates === 'allow'));
        const { ambiguous, unknownTag } = notes;
        return { ok: true, value: value ?? null, ambiguous, ...(unknownTag === undefined ? {} : { unknownTag }) };
      } catch (error) {
        if (error instanceof YAMLException) return { ok: false, problem: problemOf(error) };
        throw error;
      }
    },
  };
}

function problemOf(error: YAMLException): YamlProblem {
  const reason = error.reason ?? error.message;
  const offset = error.mark?.position ?? 0;
  if (reason.startsWith('duplicated mapping key')) return { kind: 'duplicate-key', message: reason, offset };
  if (reason.includes('maxDepth')) return { kind: 'depth', message: reason, offset };
  return { kind: 'syntax', message: reason, offset };
}

function createSchema(mode: YamlMode, notes: Notes): Schema {
  const { Schema, Type } = jsYaml();
  return new Schema({
    implicit: [plainType(mode, notes), mergeType()],
    explicit: [
      new Type('tag:yaml.org,2002:str', { kind: 'scalar', construct: (text) => text ?? '' }),
      new Type('tag:yaml.org,2002:seq', { kind: 'sequence', construct: (items) => items ?? [] }),
      new Type('tag:yaml.org,2002:map', { kind: 'mapping', construct: (map) => map ?? {} }),
      ...coreTags(mode),
      ...unknownTags(notes),
    ],
  });
}

/** One implicit type for all that is not a string: js-yaml asks every type in turn, for every scalar. */
function plainType(mode: YamlMode, notes: Notes): Type {
  const { Type } = jsYaml();
  let last: PlainValue = null;
  return new Type('tag:yaml.org,2002:plain', {
    kind: 'scalar',
    resolve(text: string | null) {
      if (text === null) {
        last = null;
        return true;
      }
      if (isAmbiguousScalar(text)) notes.ambiguous = true;
      last = readPlainScalar(text, mode);
      return typeof last !== 'string';
    },
    construct: () => last,
  });
}

/** Tells js-yaml to act on `<<`, which it does by this very tag. */
function mergeType(): Type {
  const { Type } = jsYaml();
  return new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text) => text === '<<' || text === null });
}

function coreTags(mode: YamlMode): readonly Type[] {
  const { Type } = jsYaml();
  const scalar = (name: string, construct: (text: string) => unknown) =>
    new Type(`tag:yaml.org,2002:${name}`, { kind: 'scalar', construct: (text) => construct(String(text ?? '')) });
  return [
    ...['null', 'bool', 'int', 'float'].map((name) => scalar(name, (text) => readPlainScalar(text, mode))),
    scalar('timestamp', (text) => text),
    scalar('binary', decodeBase64),
  ];
}

function decodeBase64(text: string): string {
  const plain = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.length % 4 !== 0) return text;
  return new TextDecoder().decode(Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));
}

function unknownTags(notes: Notes): readonly Type[] {
  const { Type } = jsYaml();
  return (['scalar', 'sequence', 'mapping'] as const).map(
    (kind) =>
      new Type('', {
        kind,
        multi: true,
        resolve: () => true,
        construct(data, tag) {
          notes.unknownTag ??= String(tag);
          return data;
        },
      }),
  );
}
