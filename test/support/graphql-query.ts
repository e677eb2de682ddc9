import type { Schema } from './json-schema.ts';

/** A field of a type, as the description of the API has it. */
export interface GraphqlField {
  readonly args: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly nullable: boolean;
  /** Absent for a scalar. */
  readonly type?: string;
}

/** A field as it is selected. */
export interface Field {
  readonly alias: string;
  readonly name: string;
  /** Names of variables, without `$`. */
  readonly args: Readonly<Record<string, string>>;
  readonly selected: readonly Field[];
}

export interface Operation {
  readonly kind: 'query' | 'mutation';
  readonly selected: readonly Field[];
}

/** The part of GraphQL's language that is used: one operation without a name, arguments by variable, fields and aliases. */
export function parseOperation(text: string): Operation {
  const tokens: string[] = [...(text.match(/[A-Za-z_]\w*|\$\w+|[(){}:!,]|\S/g) ?? [])];
  const first = tokens[0];
  const kind = first === 'mutation' ? 'mutation' : 'query';
  if (first === 'query' || first === 'mutation') tokens.shift();
  if (tokens[0] === '(') tokens.splice(0, tokens.indexOf(')') + 1);
  const selected = selectionOf(tokens);
  if (tokens.length > 0) throw new Error(`this is not understood: ${tokens.join(' ')}`);
  return { kind, selected };
}

function selectionOf(tokens: string[]): readonly Field[] {
  if (tokens[0] !== '{') return [];
  tokens.shift();
  const fields: Field[] = [];
  while (tokens.at(0) !== '}') fields.push(fieldOf(tokens));
  tokens.shift();
  return fields;
}

function fieldOf(tokens: string[]): Field {
  const alias = nameOf(tokens);
  const name = tokens[0] === ':' ? nameOf(tokens, 1) : alias;
  return { alias, name, args: argsOf(tokens), selected: selectionOf(tokens) };
}

function nameOf(tokens: string[], skip = 0): string {
  const name = tokens.splice(0, skip + 1).at(-1) ?? '';
  if (!/^\w+$/.test(name)) throw new Error(`a name is expected, not ${JSON.stringify(name)}`);
  return name;
}

function argsOf(tokens: string[]): Readonly<Record<string, string>> {
  if (tokens[0] !== '(') return {};
  const inside = tokens.splice(0, tokens.indexOf(')') + 1).slice(1, -1);
  const args: Record<string, string> = {};
  for (const [index, token] of inside.entries()) {
    if (token.startsWith('$')) args[inside[index - 2] ?? ''] = token.slice(1);
  }
  return args;
}
