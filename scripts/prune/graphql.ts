interface TypeRef {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType: TypeRef | null;
}

interface Argument {
  readonly name: string;
  readonly type: TypeRef;
}

interface Type {
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly (Argument & { readonly args: readonly Argument[] })[] | null;
  readonly inputFields: readonly Argument[] | null;
  readonly enumValues: readonly { readonly name: string }[] | null;
}

interface Introspection {
  readonly __schema: { readonly types: readonly Type[] };
}

type Json = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<string, string>> = { Boolean: 'boolean', Int: 'integer', Float: 'number' };

/** `fields`: by type, the fields that are used; `$defs`: the inputs as JSON Schema. Null is never sent, so it is no value here. */
export function pruneGraphql({ __schema }: Introspection, used: Readonly<Record<string, readonly string[]>>): Json {
  const types = new Map(__schema.types.map((type) => [type.name, type]));
  const inputs = new Map<string, Json>();
  const fields = Object.fromEntries(
    Object.entries(used).map(([name, names]) => [name, fieldsOf(types, inputs, types.get(name), names)]),
  );
  return { fields, $defs: Object.fromEntries(inputs) };
}

function fieldsOf(
  types: ReadonlyMap<string, Type>,
  inputs: Map<string, Json>,
  type: Type | undefined,
  names: readonly string[],
): Json {
  return Object.fromEntries(
    names.map((name) => {
      const field = type?.fields?.find((one) => one.name === name);
      if (field === undefined) throw new Error(`${type?.name} has no field ${name}`);
      const args = field.args.map((one) => [one.name, schemaOf(types, inputs, one.type)] as const);
      const required = field.args.filter((one) => one.type.kind === 'NON_NULL').map((one) => one.name);
      const named = namedType(field.type);
      const isLeaf = ['SCALAR', 'ENUM'].includes(types.get(named)?.kind ?? '');
      return [
        name,
        {
          args: Object.fromEntries(args),
          required,
          nullable: field.type.kind !== 'NON_NULL',
          ...(isLeaf ? {} : { type: named }),
        },
      ];
    }),
  );
}

function namedType({ name, ofType }: TypeRef): string {
  return ofType === null ? (name ?? '') : namedType(ofType);
}

function schemaOf(types: ReadonlyMap<string, Type>, inputs: Map<string, Json>, ref: TypeRef): Json {
  if (ref.kind === 'NON_NULL' && ref.ofType !== null) return schemaOf(types, inputs, ref.ofType);
  if (ref.kind === 'LIST' && ref.ofType !== null) return { type: 'array', items: schemaOf(types, inputs, ref.ofType) };
  const type = types.get(ref.name ?? '');
  if (type?.kind === 'ENUM') return { enum: type.enumValues?.map(({ name }) => name) };
  if (type?.kind !== 'INPUT_OBJECT') return { type: SCALARS[ref.name ?? ''] ?? 'string' };
  if (!inputs.has(type.name)) {
    inputs.set(type.name, {});
    inputs.set(type.name, inputOf(types, inputs, type));
  }
  return { $ref: `#/$defs/${type.name}` };
}

function inputOf(types: ReadonlyMap<string, Type>, inputs: Map<string, Json>, { inputFields }: Type): Json {
  const all = inputFields ?? [];
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(({ name, type }) => [name, schemaOf(types, inputs, type)])),
    required: all.filter(({ type }) => type.kind === 'NON_NULL').map(({ name }) => name),
    additionalProperties: false,
  };
}
