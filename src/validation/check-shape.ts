import type { Path } from '../manifests/locate.ts';
import { holdsVariable } from './brackets.ts';
import { refusesEmpty } from './empty-choices.ts';
import { repeatedItems } from './list-duplicates.ts';
import type { Problem } from './rules/rule.ts';
import { notInEnumProblem } from './rules/schema-enum.ts';
import { duplicateItemProblem, isCheckedElsewhere } from './rules/schema-list-map-duplicate.ts';
import { missingFieldProblem } from './rules/schema-missing-field.ts';
import { wrongTypeProblem } from './rules/schema-type.ts';
import { unknownFieldProblem } from './rules/schema-unknown-field.ts';
import { describe, isObject, scalarProblem } from './scalars.ts';
import { limitProblems } from './schema-limits.ts';
import type { KindSchema } from './schemas.ts';
import type {
  EitherShape,
  EnumShape,
  FieldsShape,
  ItemsShape,
  LimitedShape,
  Scalar,
  Shape,
  ValuesShape,
} from './shape.ts';

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
  /** Definitions of the schema that were looked up before, by their references. */
  readonly resolved: Map<string, Shape | undefined>;
  readonly options: ShapeOptions;
  readonly path: (string | number)[];
  readonly problems: Problem[];
  /** Below `status`, which the server sets aside: it is decoded, and not validated. */
  inStatus: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Compares an object with the schema of its kind, as the API server's decoder and its strict field validation would. */
export function checkShape(value: Json, schema: KindSchema, options: ShapeOptions): readonly Problem[] {
  const resolved = definitionsOf(schema);
  const walk: Walk = { schema, resolved, options, path: [...options.path], problems: [], inStatus: false };
  visit(walk, value, schema.shape);
  return walk.problems;
}

const RESOLVED = new WeakMap<KindSchema, Map<string, Shape | undefined>>();

function definitionsOf(schema: KindSchema): Map<string, Shape | undefined> {
  const known = RESOLVED.get(schema) ?? new Map();
  RESOLVED.set(schema, known);
  return known;
}

function visit(walk: Walk, value: unknown, shape: Shape): void {
  const target = resolve(walk, shape);
  if (target === undefined || value === null || value === undefined || isDecidedLater(walk, value)) return;
  if (typeof target === 'string') visitScalar(walk, value, target as Scalar);
  else if ('fields' in target) visitFields(walk, value, target);
  else if ('items' in target) visitItems(walk, value, target);
  else if ('values' in target) visitValues(walk, value, target);
  else if ('enum' in target) visitEnum(walk, value, target);
  else if ('of' in target) visitLimited(walk, value, target);
  else visitEither(walk, value, target);
}

function resolve(walk: Walk, shape: Shape): Shape | undefined {
  let current: Shape | undefined = shape;
  while (typeof current === 'string' && current.charCodeAt(0) === 0x23) current = definition(walk, current);
  return current;
}

function definition(walk: Walk, reference: string): Shape | undefined {
  const known = walk.resolved.get(reference);
  if (known !== undefined) return known;
  const found = walk.schema.definition(reference.slice(1));
  walk.resolved.set(reference, found);
  return found;
}

/** Text that Flux replaces after this check (https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution), or that SOPS decrypts. */
function isDecidedLater(walk: Walk, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (walk.options.encrypted && value.startsWith('ENC[')) return true;
  return holdsVariable(value);
}

function visitScalar(walk: Walk, value: unknown, shape: Scalar): void {
  const problem = scalarProblem(shape, value);
  if (problem !== undefined) report(walk, value, problem);
}

function report(walk: Walk, value: unknown, problem: string): void {
  const isHidden = walk.options.secret || typeof value === 'object' || isOfSecret(walk.path);
  const shown = isHidden ? undefined : value;
  walk.problems.push(wrongTypeProblem([...walk.path], problem, shown));
}

/** The value of a variable of a container may be a password, and so may what an ExternalSecret puts into the data of its Secret. */
function isOfSecret(path: readonly (string | number)[]): boolean {
  const isVariable = path.at(-1) === 'value' && path.at(-3) === 'env';
  return isVariable || path.at(-2) === 'stringData' || (path.at(-2) === 'data' && path.at(-3) === 'template');
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
    if (!isAbsent(value, name, shape)) continue;
    walk.problems.push(missingFieldProblem([...walk.path], name, Object.hasOwn(value, name)));
  }
  for (const name of shape.expected ?? []) {
    if (!isAbsent(value, name, shape)) continue;
    walk.problems.push({
      ...missingFieldProblem([...walk.path], name, Object.hasOwn(value, name)),
      severity: 'warning',
      hint: 'The server takes it as empty.',
    });
  }
}

function isAbsent(value: Json, name: string, shape: FieldsShape): boolean {
  if (!Object.hasOwn(value, name) || value[name] === undefined) return true;
  return value[name] === null && !isNullable(shape.fields[name]);
}

function visitItems(walk: Walk, value: unknown, shape: ItemsShape): void {
  if (!Array.isArray(value)) {
    wrongKind(walk, value, 'a list');
    return;
  }
  value.forEach((item: unknown, index) => {
    walk.path.push(index);
    if (item === null && walk.schema.custom !== undefined) visitNullItem(walk, shape.items);
    else visit(walk, item === null ? emptyItem(walk, shape.items) : item, shape.items);
    walk.path.pop();
  });
  if (shape.list !== undefined && !walk.inStatus) reportRepeatedItems(walk, value, shape);
}

/** The metadata of a custom resource is read as that of Kubernetes' own kinds. */
function reportRepeatedItems(walk: Walk, items: readonly unknown[], shape: ItemsShape): void {
  const isCustom = walk.schema.custom !== undefined && walk.path[walk.options.path.length] !== 'metadata';
  if (!isCustom && isCheckedElsewhere(walk.path)) return;
  for (const index of repeatedItems(items, shape))
    walk.problems.push(duplicateItemProblem([...walk.path, index], shape.keys ?? [], isCustom));
}

/** In a list of a custom resource a null stays what it is. */
function visitNullItem(walk: Walk, shape: Shape): void {
  if (shape !== 'any' && !isNullable(shape) && !walk.inStatus) report(walk, null, 'must not be null');
}

function isNullable(shape: Shape | undefined): boolean {
  return typeof shape === 'object' && shape.nullable === true;
}

/** A null in a list is decoded to an item with nothing in it. */
function emptyItem(walk: Walk, shape: Shape): unknown {
  const item = resolve(walk, shape);
  if (typeof item !== 'object') return null;
  return 'fields' in item ? {} : 'enum' in item ? '' : null;
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

/** An empty string is what an absent field is to the server, whatever the enum says; not so in a custom resource. */
function visitEnum(walk: Walk, value: unknown, shape: EnumShape): void {
  if (typeof value !== 'string' && shape.enum.every((allowed) => typeof allowed === 'string')) {
    visitScalar(walk, value, 'string');
  } else if (
    (value !== '' || walk.schema.custom !== undefined || refusesEmpty(walk.path)) &&
    !walk.inStatus &&
    !shape.enum.includes(value)
  ) {
    walk.problems.push(notInEnumProblem([...walk.path], shape.enum, walk.options.secret ? undefined : value));
  }
}

/** A scalar of the wrong type has no limits of its own; text that is put in later makes those of an object a guess. */
function visitLimited(walk: Walk, value: unknown, shape: LimitedShape): void {
  const before = walk.problems.length;
  visit(walk, value, shape.of);
  const isWrong = walk.problems.length > before && typeof value !== 'object';
  if (isWrong || shape.limits === undefined || walk.inStatus) return;
  const problems = limitProblems(shape.limits, value, walk.options);
  if (problems.length === 0 || (typeof value === 'object' && holdsLaterText(walk, value))) return;
  for (const problem of problems) report(walk, value, problem);
}

function holdsLaterText(walk: Walk, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isDecidedLater(walk, value);
  return Object.values(value).some((inner) => holdsLaterText(walk, inner));
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
  // Where an overlay may patch the object, `{}` for a list is what a JSON patch replaces.
  if (!walk.options.complete && isEmpty(value)) return;
  report(walk, value, `must be ${wanted}, not ${describe(value)}`);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
