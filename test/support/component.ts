import { load, loadAll } from 'js-yaml';

/** A GitLab component as far as the tests need it: what its header declares, and its body as text. */
export interface Component {
  readonly inputs: Readonly<Record<string, ComponentInput>>;
  readonly body: string;
}

export interface ComponentInput {
  readonly type: 'string' | 'boolean';
  readonly description: string;
  readonly default?: string | boolean;
  readonly options?: readonly string[];
  readonly regex?: string;
}

export interface Job {
  readonly extends?: readonly string[];
  readonly environment?: unknown;
  readonly stage: string;
  readonly image: { readonly name: string; readonly entrypoint: readonly string[] };
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: unknown;
}

export function readComponent(text: string): Component {
  const cut = text.indexOf('\n---\n');
  const header = load(text.slice(0, cut)) as { spec: { inputs: Component['inputs'] } };
  return { inputs: header.spec.inputs, body: text.slice(cut + 5) };
}

/** True when GitLab would take this value for the input. Its regular expressions are RE2's without flags: no multi-line mode. */
export function accepts(input: ComponentInput, value: string | boolean): boolean {
  if (input.type === 'boolean') return typeof value === 'boolean';
  if (typeof value !== 'string') return false;
  if (input.options !== undefined) return input.options.includes(value);
  return input.regex !== undefined && new RegExp(input.regex).test(value);
}

/**
 * The pipeline that GitLab makes of the component: blocks replaced as text, whatever the text is, then parsed as YAML
 * (https://docs.gitlab.com/ci/inputs/).
 */
export function interpolate(
  component: Component,
  values: Readonly<Record<string, string | boolean>>,
): Readonly<Record<string, Job>> {
  const text = component.body.replace(/\$\[\[ inputs\.([a-z-]+) \]\]/g, (block, name: string) => {
    const value = values[name] ?? component.inputs[name]?.default;
    if (value === undefined) throw new Error(`no value for ${block}`);
    return String(value);
  });
  const documents = loadAll(text) as Readonly<Record<string, Job>>[];
  if (documents.length !== 1 || documents[0] === undefined) throw new Error(`${documents.length} documents`);
  return withoutHidden(documents[0]);
}

/** Hidden jobs are there to be extended: maps are merged, and of everything else the last one counts. */
function withoutHidden(pipeline: Readonly<Record<string, Job>>): Readonly<Record<string, Job>> {
  const jobs = Object.entries(pipeline).filter(([name]) => !name.startsWith('.'));
  return Object.fromEntries(
    jobs.map(([name, { extends: bases = [], ...job }]) => {
      const known = bases.map((base) => {
        const found = pipeline[base];
        if (found === undefined) throw new Error(`there is no ${base} to extend`);
        return found;
      });
      return [name, [...known, job].reduce(merged, {}) as Job];
    }),
  );
}

function merged(one: unknown, other: unknown): unknown {
  if (!isMap(one) || !isMap(other)) return other;
  const entries = Object.entries(other).map(([key, value]) => [key, key in one ? merged(one[key], value) : value]);
  return { ...one, ...Object.fromEntries(entries) };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
