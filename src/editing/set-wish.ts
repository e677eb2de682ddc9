import { ToolError } from '../errors.ts';
import { oneLine } from './trailers.ts';

/** One value that somebody wants at one place: `FILE#path=value`. */
export interface SetWish {
  /** As it was written. */
  readonly text: string;
  readonly path: string;
  readonly steps: readonly SetStep[];
  /** The path within the file as it was written. */
  readonly place: string;
  readonly value: string;
}

/** `source` is the step as it was written, with the dot or bracket that it begins with. */
export type SetStep =
  | { readonly kind: 'key'; readonly key: string; readonly source: string }
  | { readonly kind: 'index'; readonly index: number; readonly source: string }
  /** An item of a list, or a document of the file, by the value of a field in it. */
  | { readonly kind: 'filter'; readonly field: readonly string[]; readonly value: string; readonly source: string };

/** What is wrong, as the end of a sentence that begins with the text itself. */
export interface SetProblem {
  readonly problem: string;
}

const HINT =
  'Write FILE#path=value: dots between keys, [0] or [name=app] for an item of a list, and \\. for a dot inside of a key.';

/**
 * Reads `FILE#spec.containers[name=app].image=value`, one a line. The value begins at the first `=` outside of brackets.
 * @throws ToolError input with every problem at once
 */
export function parseSets(lines: readonly string[]): readonly SetWish[] {
  const wishes: SetWish[] = [];
  const problems: string[] = [];
  for (const text of lines.filter((line) => line.trim() !== '')) {
    const wish = parseSet(text.trim());
    if ('problem' in wish) problems.push(`${JSON.stringify(oneLine(text, 200))} ${wish.problem}`);
    else wishes.push(wish);
  }
  if (problems.length === 0) return wishes;
  const summary = problems.length === 1 ? `set: ${problems[0]}` : `set: ${problems.length} problems`;
  throw new ToolError('input', summary, { hint: HINT, problems });
}

export function parseSet(text: string): SetWish | SetProblem {
  const hash = text.indexOf('#');
  if (hash < 0) return { problem: 'names no file: there is no # in it' };
  const path = text.slice(0, hash).replace(/^(?:\.\/)+/, '');
  if (path === '' || path.startsWith('/') || path.split('/').includes('..'))
    return { problem: 'does not begin with the path of a file in the repository' };
  const rest = text.slice(hash + 1);
  const equals = endOfPath(rest);
  if (equals < 0) return { problem: 'has no = behind its path' };
  const place = rest.slice(0, equals);
  const steps = readSteps(place);
  if ('problem' in steps) return steps;
  return { text, path, steps, place, value: rest.slice(equals + 1) };
}

/** The first `=` outside of brackets and not escaped. */
function endOfPath(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (character === '=' && depth <= 0) return at;
  }
  return -1;
}

const KEY = /^(?:\\.|[^\\.[\]])+/s;
const BRACKET = /^\[((?:\\.|[^\\\]])*)\]/s;

function readSteps(place: string): readonly SetStep[] | SetProblem {
  const steps: SetStep[] = [];
  for (let rest = place; rest !== ''; ) {
    const dot = steps.length > 0 && rest.startsWith('.') ? 1 : 0;
    const bracket = dot === 0 ? BRACKET.exec(rest) : null;
    const key = bracket === null && (dot === 1 || steps.length === 0) ? KEY.exec(rest.slice(dot)) : null;
    const source = bracket?.[0] ?? rest.slice(0, dot + (key?.[0].length ?? 0));
    const step = bracket === null ? readKey(key?.[0], source) : readBracket(bracket[1] ?? '', source);
    if (step === undefined)
      return { problem: `has a path that cannot be read from ${JSON.stringify(oneLine(rest, 60))} on` };
    steps.push(step);
    rest = rest.slice(source.length);
  }
  return steps.length === 0 ? { problem: 'has no path between # and =' } : steps;
}

function readKey(text: string | undefined, source: string): SetStep | undefined {
  return text === undefined ? undefined : { kind: 'key', key: withoutEscapes(text), source };
}

function readBracket(text: string, source: string): SetStep | undefined {
  if (/^\d{1,9}$/.test(text)) return { kind: 'index', index: Number(text), source };
  const equals = endOfPath(text);
  const field = equals < 0 ? undefined : readSteps(text.slice(0, equals));
  if (field === undefined || 'problem' in field) return undefined;
  const keys = field.flatMap((step) => (step.kind === 'key' ? [step.key] : []));
  return keys.length === field.length
    ? { kind: 'filter', field: keys, value: withoutEscapes(text.slice(equals + 1)), source }
    : undefined;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}
