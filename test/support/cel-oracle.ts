import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';

const FOLDER = resolve(import.meta.dirname, '../validation/fixtures/cel');
export const CEL_VERDICTS_PATH = resolve(FOLDER, 'verdicts.json');

export type Json = Readonly<Record<string, unknown>>;

/** What a server said of an expression: its value, a fault while it ran, or that it does not compile. */
export type ExpressionVerdict = 'true' | 'false' | 'fault' | 'refused';

/** What a server said of an object. */
export interface ObjectVerdict {
  /** `field: message` of each rule that is broken, or the message of the first policy that denies. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export interface CelVerdicts {
  /** Version of the server. */
  readonly kubernetes: string;
  readonly expressions: Readonly<Record<string, ExpressionVerdict>>;
  readonly rules: Readonly<Record<string, ObjectVerdict>>;
  readonly admission: Readonly<Record<string, ObjectVerdict>>;
}

export function readCelVerdicts(): CelVerdicts {
  return JSON.parse(readFileSync(CEL_VERDICTS_PATH, 'utf8')) as CelVerdicts;
}

/** The groups of expressions, each over the object of `table.yaml`. */
export function expressionGroups(): Readonly<Record<string, readonly string[]>> {
  return load(readFileSync(resolve(FOLDER, 'expressions.yaml'), 'utf8')) as Record<string, string[]>;
}

export interface Table {
  readonly crd: Json;
  readonly object: Json;
  /** As YAML. */
  readonly text: string;
}

export function readTable(): Table {
  const [crd, object] = documents('table.yaml');
  return { crd: crd?.value ?? {}, object: object?.value ?? {}, text: object?.text ?? '' };
}

/** The CRD of the table with these expressions as rules of its `spec`; the message of each is its number. */
export function tableWith(crd: Json, expressions: readonly string[]): Json {
  const changed = structuredClone(crd) as { spec: { versions: { schema: { openAPIV3Schema: Properties } }[] } };
  const spec = changed.spec.versions[0]?.schema.openAPIV3Schema.properties.spec;
  if (spec !== undefined)
    spec['x-kubernetes-validations'] = expressions.map((rule, index) => ({ rule, message: `rule ${index}` }));
  return changed as unknown as Json;
}

interface Properties {
  readonly properties: Record<string, Record<string, unknown>>;
}

export interface Scene {
  /** What is there before: CRDs, policies, and what they look at. */
  readonly setting: readonly OracleDocument[];
  readonly objects: readonly (OracleDocument & { readonly title: string })[];
}

export interface OracleDocument {
  readonly value: Json;
  readonly text: string;
}

/** `rules.yaml` or `admission.yaml`. */
export function readScene(file: string): Scene {
  const all = documents(file);
  const titled = all.map((one) => ({ ...one, title: /^# object: (.*)$/m.exec(one.text)?.[1] ?? '' }));
  return {
    setting: all.filter((_, index) => titled[index]?.title === ''),
    objects: titled.filter(({ title }) => title !== ''),
  };
}

function documents(file: string): readonly OracleDocument[] {
  return readFileSync(resolve(FOLDER, file), 'utf8')
    .split(/^---\n/m)
    .map((text) => ({ text, value: load(text) as Json }));
}
