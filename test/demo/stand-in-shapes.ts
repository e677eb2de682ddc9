/** Every key of a value as a path, with the types of its values: what a client has to be ready for. */
export function shapeOf(values: readonly unknown[]): ReadonlyMap<string, ReadonlySet<string>> {
  const shape = new Map<string, Set<string>>();
  for (const value of values) visit(value, '', shape);
  return shape;
}

function visit(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  shape.set(path, (shape.get(path) ?? new Set()).add(type));
  if (Array.isArray(value)) for (const item of value) visit(item, `${path}[]`, shape);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`, shape);
  }
}

/** Keys of the one that the other does not have, and keys with a type that the other does not have there. */
export function strangeKeys(
  ours: ReadonlyMap<string, ReadonlySet<string>>,
  theirs: ReadonlyMap<string, ReadonlySet<string>>,
) {
  return [...ours].flatMap(([path, types]) => {
    const known = theirs.get(path);
    if (known === undefined) return [`${path} does not exist there`];
    return [...types].filter((type) => !known.has(type)).map((type) => `${path} is never a ${type} there`);
  });
}
