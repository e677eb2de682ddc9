import type { Host } from '../host.ts';
import { LIMITS } from '../manifests/limits.ts';
import { withPauses } from '../manifests/pauses.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { type CheckOptions, checkInSteps } from '../validation/check.ts';
import { withCrdsAmong } from '../validation/crd-files.ts';
import { compareFindings, type Finding } from '../validation/finding.ts';
import type { RenderedFindings } from '../validation/report.ts';
import type { Schemas } from '../validation/schemas.ts';
import { affectedUnits } from './affected-units.ts';
import { coverage } from './coverage.ts';
import { duplicateFindings } from './duplicates.ts';
import { parsePointer, valueAt } from './pointer.ts';
import type { Rendered } from './render.ts';
import { renderedText } from './rendered-text.ts';
import { sourcePlace, type Texts } from './source-place.ts';
import { UNKNOWN } from './substitute.ts';
import type { RenderedUnit } from './unit.ts';
import { unitFindings, variableFindings } from './unit-findings.ts';
import { referenceFindings } from './unit-references.ts';

/**
 * What a text looks like once it is printed anew says nothing of the file that it came from. And kustomize, which knows no
 * custom kinds, gives a namespace to those that have none: the server leaves it away.
 */
const NOT_OF_RENDERED: readonly string[] = [
  'object/cluster-scope',
  'yaml/ambiguous-literal',
  'yaml/encoding',
  'secret',
  'suppress',
  'reference',
];

type JudgeOptions = Pick<CheckOptions, 'missingSchema' | 'strict' | 'disableRules' | 'enableRules' | 'changed'>;

/**
 * Checks what was rendered, as the cluster will get it: nothing is missing any more that a patch or a variable brings.
 * Findings come with the place in the source, and with the unit; what several units have in common is told once. With
 * `changed`, units that nothing of it went into are left out.
 */
export async function judge(
  host: Host,
  rendered: Rendered,
  files: readonly SourceFile[],
  schemas: Schemas,
  options: JudgeOptions,
): Promise<RenderedFindings> {
  const affected = options.changed === undefined ? rendered : affectedUnits(rendered, options.changed);
  const made = affected.units.filter(
    ({ unit, outcome }) => outcome.state === 'rendered' && unit.recipe.kind !== 'files',
  );
  const deployed = affected.units.filter(({ outcome }) => outcome.state === 'rendered');
  const texts = await readTexts(host, deployed);
  const withCrdsOfTree = withCrdsAmong(files, schemas, createYamlReader(LIMITS.depth));
  const findings = [
    ...(await checkRendered(host, made, withCrdsOfTree, options, texts)),
    ...duplicateFindings(made, texts),
    ...referenceFindings(deployed, rendered.units, texts, options),
    ...variableFindings(made, texts),
    ...unitFindings(affected),
  ];
  return { findings: merged(findings), replaces: coverage(made, texts, NOT_OF_RENDERED) };
}

async function checkRendered(
  host: Host,
  units: readonly RenderedUnit[],
  schemas: Schemas,
  options: JudgeOptions,
  texts: Texts,
): Promise<readonly Finding[]> {
  const text = renderedText(units);
  const disableRules = [...options.disableRules, ...NOT_OF_RENDERED];
  const { changed: _, ...rest } = options;
  const checking = await withPauses(host, checkInSteps(text.files, schemas, { ...rest, disableRules }));
  const { findings } = checking.finish();
  return findings.flatMap((finding) => {
    const found = text.objectAt(finding.path, finding.line);
    if (found === undefined || isAboutUnknown(finding, found.object.value)) return [];
    const { endLine: _line, endColumn: _column, ...rest } = finding;
    const target = { pointer: finding.pointer, at: isAtKey(finding, found.text) ? 'key' : 'value' } as const;
    const place = sourcePlace(found.unit, found.object, target, texts);
    const { resource } = found.object;
    return [{ ...rest, ...place, resource: finding.resource ?? resource, unit: found.unit.unit.name }];
  });
}

/** True where a finding begins at the name of a field. */
function isAtKey({ pointer = '', column }: Finding, line: string): boolean {
  const name = parsePointer(pointer).at(-1);
  return (
    name !== undefined &&
    line
      .slice(column - 1)
      .replace(/^["']/, '')
      .startsWith(name)
  );
}

/** A value that only the cluster knows cannot be judged. */
function isAboutUnknown({ pointer = '', message }: Finding, value: unknown): boolean {
  const found = valueAt(parsePointer(pointer), value);
  return message.includes(UNKNOWN) || (typeof found !== 'object' && String(found).includes(UNKNOWN));
}

/** Every file that something was made from. */
async function readTexts(host: Host, units: readonly RenderedUnit[]): Promise<Texts> {
  const paths = new Set(units.flatMap(({ inputs }) => [...inputs]));
  const texts = new Map<string, string>();
  for (const path of paths) {
    const bytes = await host.files.read(path);
    const decoded = bytes === undefined ? undefined : decodeText(bytes);
    if (decoded?.ok) texts.set(path, decoded.text);
  }
  return (path) => texts.get(path);
}

/** The same thing at the same place, seen in several units, is one finding: it names the first unit, and counts the others. */
function merged(findings: readonly Finding[]): readonly Finding[] {
  const same = Map.groupBy(findings, ({ ruleId, path, line, column, message }) =>
    JSON.stringify([ruleId, path, line, column, message]),
  );
  return [...same.values()]
    .flatMap((group) => {
      const [first] = group;
      const others = new Set(group.map(({ unit }) => unit)).size - 1;
      return first === undefined ? [] : [others > 0 ? { ...first, unit: `${first.unit} and ${others} more` } : first];
    })
    .sort(compareFindings);
}
