import { ToolError } from '../errors.ts';
import { createLineIndex } from '../manifests/lines.ts';
import { createLocator, type Path } from '../manifests/locate.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import { nearest } from './nearest.ts';
import { RULES } from './rules/registry.ts';
import { isObject } from './scalars.ts';
import type { IgnoreEntry } from './suppress-configuration.ts';

export const CONFIGURATION_FILE = '.drawbridge.yaml';

export interface Configuration {
  readonly ignore: readonly IgnoreEntry[];
}

const FIELDS = ['rule', 'rules', 'path', 'paths', 'kind', 'namespace', 'name', 'reason'];
const RULE_NAMES: ReadonlySet<string> = new Set(
  RULES.flatMap(({ id }) => {
    const group = id.slice(0, id.indexOf('/'));
    return [id, group, `${group}/*`];
  }),
);

/** True for the id of a rule and for a group. */
export function isRuleName(name: string): boolean {
  return RULE_NAMES.has(name);
}

/** The hint for a name that is none. */
export function ruleSuggestion(name: string): string {
  const similar = nearest(name, [...RULE_NAMES]);
  return similar === undefined ? 'The rules are listed in docs/rules.' : `Did you mean ${similar}?`;
}

/**
 * Reads the configuration file.
 * @throws ToolError input with every place that is wrong
 */
export function readConfiguration(path: string, text: string): Configuration {
  const read = createYamlReader(16).read(text, 'kustomize');
  if (!read.ok) throw refused([`${path}:${createLineIndex(text)(read.problem.offset).line}: ${read.problem.message}`]);
  const locator = createLocator(text, 'kustomize');
  const place = createLineIndex(text);
  const placeOf = (at: Path) => ({ path, ...place(locator.key(at).start) });
  const problems: string[] = [];
  const report = (at: Path, problem: string) => void problems.push(`${path}:${placeOf(at).line}: ${problem}`);
  const root = read.value ?? {};
  if (!isObject(root)) throw refused([`${path}:1: must be a map with the list ignore`]);
  for (const key of Object.keys(root).filter((name) => name !== 'ignore')) report([key], `${key} is not known`);
  const items: readonly unknown[] = Array.isArray(root.ignore) ? root.ignore : [];
  if (!Array.isArray(root.ignore ?? [])) report(['ignore'], 'ignore must be a list');
  const ignore = items.flatMap((item, index) => readEntry(item, ['ignore', index], placeOf, report));
  if (problems.length > 0) throw refused(problems);
  return { ignore };
}

function readEntry(
  item: unknown,
  at: Path,
  placeOf: (at: Path) => IgnoreEntry['place'],
  report: (at: Path, problem: string) => void,
): readonly IgnoreEntry[] {
  if (!isObject(item)) {
    report(at, 'an entry of ignore must be a map');
    return [];
  }
  for (const key of Object.keys(item).filter((name) => !FIELDS.includes(name))) {
    const similar = nearest(key, FIELDS);
    report([...at, key], `${key} is not known${similar === undefined ? '' : `; did you mean ${similar}?`}`);
  }
  const texts = (name: string) => textsOf(item, name, at, report);
  const rules = [...texts('rule'), ...texts('rules')];
  if (rules.length === 0) report(at, 'an entry needs rule: the id of a rule, or a group');
  for (const name of rules.filter((rule) => !isRuleName(rule)))
    report(at, `${name} is no rule. ${ruleSuggestion(name)}`);
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((field) => texts(field)[0]);
  return [
    {
      rules,
      paths: [...texts('path'), ...texts('paths')],
      ...(kind === undefined ? {} : { kind }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      place: placeOf(at),
    },
  ];
}

/** The text of a field, or its list of texts where its name is a plural. */
function textsOf(
  item: Readonly<Record<string, unknown>>,
  name: string,
  at: Path,
  report: (at: Path, problem: string) => void,
): readonly string[] {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value === undefined || value === null) return [];
  if (typeof value === 'string' && value !== '') return [value];
  const isList = name.endsWith('s') && Array.isArray(value);
  if (isList && value.every((entry) => typeof entry === 'string' && entry !== '')) return value;
  report([...at, name], `${name} must be a text${name.endsWith('s') ? ' or a list of texts' : ''}`);
  return [];
}

function refused(problems: readonly string[]): ToolError {
  return new ToolError('input', `${CONFIGURATION_FILE} cannot be used as it is.`, {
    problems,
    hint: 'docs/suppressing.md shows what it may hold.',
  });
}
