import type { Path } from '../manifests/locate.ts';
import type { Problem } from './rules/rule.ts';
import { notInEnumProblem } from './rules/schema-enum.ts';
import { missingFieldProblem } from './rules/schema-missing-field.ts';
import { wrongTypeProblem } from './rules/schema-type.ts';
import { unknownFieldProblem } from './rules/schema-unknown-field.ts';
import { describe, isObject, scalarProblem } from './scalars.ts';
import type { KindSchema } from './schemas.ts';
import type { EitherShape, EnumShape, FieldsShape, ItemsShape, Scalar, Shape, ValuesShape } from './shape.ts';

export interface ShapeOptions {
  /** Where in the document the object stands. */
  readonly path: Path;
  /** False: an overlay may add fields, so none is missing. */
  readonly complete: boolean;
  /** Values are SOPS ciphertext where they look like it, and `sops` is no field of the object. */
  readonly encrypted: boolean;
  /** Values never appear in messages: the object is a Secret, or encrypted. */
  readonly secret: boolean;
}

/** One walk over an object. The path grows and shrinks with it, so that nothing is allocated where nothing is wrong. */
interface Walk {
  readonly schema: KindSchema;
  readonly options: ShapeOptions;
  readonly path: (string | number)[];
  readonly problems: Problem[];
  /** Below `status`, which the server sets aside: it is decoded, and not validated. */
  inStatus: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Compares an object with the schema of its kind, as the API server's decoder and its strict field validation would. */
export function checkShape(value: Json, schema: KindSchema, options: ShapeOptions): readonly Problem[] {
  const walk: Walk = { schema, options, path: [...options.path], problems: [], inStatus: false };
  visit(walk, value, schema.shape);
  return walk.problems;
}

function visit(walk: Walk, value: unknown, shape: Shape): void {
  const target = resolve(walk, shape);
  if (target === undefined || value === null || value === undefined || isDecidedLater(walk, value)) return;
  if (typeof target === 'string') visitScalar(walk, value, target as Scalar);
  else if ('fields' in target) visitFields(walk, value, target);
  else if ('items' in target) visitItems(walk, value, target);
  else if ('values' in target) visitValues(walk, value, target);
  else if ('enum' in target) visitEnum(walk, value, target);
  else visitEither(walk, value, target);
}

function resolve(walk: Walk, shape: Shape): Shape | undefined {
  let current: Shape | undefined = shape;
  while (typeof current === 'string' && current.startsWith('#')) current = walk.schema.definition(current.slice(1));
  return current;
}

/** Text that Flux replaces after this check (https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution), or that SOPS decrypts. */
function isDecidedLater(walk: Walk, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (walk.options.encrypted && value.startsWith('ENC[')) return true;
  return value.includes('${') && /\$\{[^}]+\}/.test(value);
}

function visitScalar(walk: Walk, value: unknown, shape: Scalar): void {
  const problem = scalarProblem(shape, value);
  if (problem !== undefined) report(walk, value, problem);
}

function report(walk: Walk, value: unknown, problem: string): void {
  const shown = walk.options.secret || typeof value === 'object' ? undefined : value;
  walk.problems.push(wrongTypeProblem([...walk.path], problem, shown));
}

function visitFields(walk: Walk, value: unknown, shape: FieldsShape): void {
  if (!isObject(value)) {
    wrongKind(walk, value, 'an object');
    return;
  }
  for (const name of Object.keys(value)) {
    const isRoot = walk.path.length === walk.options.path.length;
    if (isRoot && name === 'sops' && walk.options.encrypted) continue;
    walk.path.push(name);
    if (Object.hasOwn(shape.fields, name))
      visitField(walk, value[name], shape.fields[name] ?? 'any', isRoot && name === 'status');
    else if (shape.open !== true) unknown(walk, name, shape);
    walk.path.pop();
  }
  if (walk.options.complete && !walk.inStatus) requireFields(walk, value, shape);
}

function visitField(walk: Walk, value: unknown, shape: Shape, isStatus: boolean): void {
  walk.inStatus ||= isStatus;
  visit(walk, value, shape);
  if (isStatus) walk.inStatus = false;
}

function unknown(walk: Walk, name: string, shape: FieldsShape): void {
  const fields = Object.keys(shape.fields);
  const inside = fields.find((field) => {
    const child = resolve(walk, shape.fields[field] ?? 'any');
    return typeof child === 'object' && 'fields' in child && Object.hasOwn(child.fields, name);
  });
  walk.problems.push(unknownFieldProblem([...walk.path], fields, inside));
}

/** The server drops a field that is null, so a required one is then missing. */
function requireFields(walk: Walk, value: Json, shape: FieldsShape): void {
  for (const name of shape.required ?? []) {
    const present = Object.hasOwn(value, name);
    if (present && value[name] !== null && value[name] !== undefined) continue;
    walk.problems.push(missingFieldProblem([...walk.path], name, present));
  }
}

function visitItems(walk: Walk, value: unknown, shape: ItemsShape): void {
  if (!Array.isArray(value)) {
    wrongKind(walk, value, 'a list');
    return;
  }
  value.forEach((item: unknown, index) => {
    walk.path.push(index);
    visit(walk, item === null ? emptyItem(walk, shape.items) : item, shape.items);
    walk.path.pop();
  });
}

/** A null in a list is decoded to an item with nothing in it. */
function emptyItem(walk: Walk, shape: Shape): unknown {
  const item = resolve(walk, shape);
  return typeof item === 'object' && 'fields' in item ? {} : null;
}

function visitValues(walk: Walk, value: unknown, shape: ValuesShape): void {
  if (!isObject(value)) {
    wrongKind(walk, value, 'an object');
    return;
  }
  for (const name of Object.keys(value)) {
    walk.path.push(name);
    visit(walk, value[name], shape.values);
    walk.path.pop();
  }
}

/** An empty string is what an absent field is to the server, whatever the enum says. */
function visitEnum(walk: Walk, value: unknown, shape: EnumShape): void {
  if (typeof value !== 'string' && shape.enum.every((allowed) => typeof allowed === 'string')) {
    visitScalar(walk, value, 'string');
  } else if (value !== '' && !walk.inStatus && !shape.enum.includes(value)) {
    walk.problems.push(notInEnumProblem([...walk.path], shape.enum, walk.options.secret ? undefined : value));
  }
}

function visitEither(walk: Walk, value: unknown, shape: EitherShape): void {
  const choice = shape.either.find((candidate) => fits(resolve(walk, candidate), value));
  if (choice !== undefined) visit(walk, value, choice);
  else wrongKind(walk, value, shape.either.map((candidate) => nameOf(resolve(walk, candidate))).join(' or '));
}

function fits(shape: Shape | undefined, value: unknown): boolean {
  if (shape === undefined) return true;
  if (typeof shape === 'string') return scalarProblem(shape as Scalar, value) === undefined;
  if ('items' in shape) return Array.isArray(value);
  if ('fields' in shape || 'values' in shape) return isObject(value);
  return true;
}

function nameOf(shape: Shape | undefined): string {
  if (typeof shape === 'string') return shape === 'boolean' ? 'a boolean' : `a ${shape}`;
  return shape !== undefined && 'items' in shape ? 'a list' : 'an object';
}

function wrongKind(walk: Walk, value: unknown, wanted: string): void {
  report(walk, value, `must be ${wanted}, not ${describe(value)}`);
}
