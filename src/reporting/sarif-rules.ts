import type { Severity } from '../validation/finding.ts';
import { RULES } from '../validation/rules/registry.ts';
import { safeText } from './foreign-text.ts';

export const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** Where the project is at home, as the Action is called; addresses in SARIF must be absolute. */
export const PROJECT_PAGE = 'https://github.com/drawbridge/drawbridge';

/** Of what SARIF calls a `reportingDescriptor`, the part that is always there. */
interface Descriptor {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** A `reportingDescriptor` (SARIF 2.1.0, 3.49) for each of the rules, in the order of the docs; of an unknown one its id. */
export function sarifRules(usedIds: readonly string[]): readonly Descriptor[] {
  const used = new Set(usedIds);
  const known = RULES.filter(({ id }) => used.has(id));
  const others = [...used].filter((id) => !known.some((rule) => rule.id === id)).sort();
  return [...known.map(describe), ...others.map((id) => ({ id: safeText(id) }))];
}

function describe({ id, title, severity }: (typeof RULES)[number]): Descriptor {
  const page = rulePage(id);
  const text = `${title}.`;
  const advice = `Leave the rule out with the input disable-rules: ${id}.`;
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text },
    fullDescription: { text },
    defaultConfiguration: { level: LEVEL[severity] },
    helpUri: page,
    help: {
      text: `${text} Why it matters, with an example that fails and one that passes: ${page}. ${advice}`,
      markdown: `${text}\n\n[Why it matters, with an example that fails and one that passes](${page})\n\n${advice}`,
    },
    properties: { tags: ['kubernetes', id.slice(0, id.indexOf('/'))] },
  };
}

/** The page of the rule's own example. */
export function rulePage(id: string): string {
  return `${PROJECT_PAGE}/blob/main/docs/rules/${id.replace('/', '-')}.md`;
}

/** `schema/unknown-field` becomes `SchemaUnknownField`. */
function pascalCase(id: string): string {
  return id.replace(/(?:^|[/-])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
