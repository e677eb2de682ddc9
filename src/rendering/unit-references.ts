import { createWorld } from '../validation/deployed/world.ts';
import { printPointer } from '../validation/file-findings.ts';
import type { Finding } from '../validation/finding.ts';
import { UNIT_RULES } from '../validation/rules/registry.ts';
import type { ManifestObject, UnitProblem } from '../validation/rules/rule.ts';
import { isSwitchedOn, type RuleChoice } from '../validation/switched-on.ts';
import { sourcePlace, type Texts } from './source-place.ts';
import { UNKNOWN } from './substitute.ts';
import type { RenderedObject, RenderedUnit } from './unit.ts';

/**
 * What objects of one unit say of each other and is not so.
 * @param units those that are looked at
 * @param all what else is rendered: what is there is not missing
 */
export function referenceFindings(
  units: readonly RenderedUnit[],
  all: readonly RenderedUnit[],
  texts: Texts,
  choice: RuleChoice,
): readonly Finding[] {
  const rules = UNIT_RULES.filter((rule) => isSwitchedOn(rule, choice));
  if (rules.length === 0 || units.length === 0) return [];
  const made = new Map<RenderedObject, ManifestObject>(
    all.flatMap(objectsOf).map((object) => [object, manifestObject(object)]),
  );
  const world = createWorld([...made.values()]);
  const isKnown = (text: string) => !text.includes(UNKNOWN);
  return units.flatMap((unit) => {
    const sources = new Map(objectsOf(unit).map((object) => [made.get(object) ?? manifestObject(object), object]));
    const deployed = { objects: [...sources.keys()], world, isKnown };
    return rules
      .flatMap((rule) => rule.checkUnit(deployed))
      .flatMap((problem) => findingOf(problem, unit, sources.get(problem.object), texts));
  });
}

function objectsOf({ outcome }: RenderedUnit): readonly RenderedObject[] {
  return outcome.state === 'rendered' ? outcome.objects : [];
}

function manifestObject({ resource, value }: RenderedObject): ManifestObject {
  return { resource, value, path: [], complete: true, encrypted: false };
}

function findingOf(
  { rule, path, at, message, hint, severity = rule.severity }: UnitProblem,
  unit: RenderedUnit,
  object: RenderedObject | undefined,
  texts: Texts,
): readonly Finding[] {
  if (object === undefined) return [];
  const pointer = printPointer(path);
  const place = sourcePlace(unit, object, { pointer, at }, texts);
  const { resource } = object;
  const more = hint === undefined ? {} : { hint };
  return [{ ruleId: rule.id, severity, ...place, resource, pointer, message, ...more, unit: unit.unit.name }];
}
