import { printResource } from '../manifests/resource.ts';
import type { Finding } from '../validation/finding.ts';
import { duplicateObject } from '../validation/rules/duplicate-object.ts';
import { groupOf } from '../validation/schemas.ts';
import { sourcePlace, type Texts } from './source-place.ts';
import type { RenderedObject, RenderedUnit } from './unit.ts';
import { fieldOf } from './yaml-values.ts';

/** Objects that one unit makes twice: the cluster keeps one of them. Hooks of Helm come and go, and may share a name. */
export function duplicateFindings(units: readonly RenderedUnit[], texts: Texts): readonly Finding[] {
  return units.flatMap((unit) => {
    const objects = unit.outcome.state === 'rendered' ? unit.outcome.objects.filter((object) => !isHook(object)) : [];
    return [...Map.groupBy(objects, keyOf).values()].flatMap(([, ...again]) =>
      again.map((object) => findingOf(unit, object, texts)),
    );
  });
}

/** The version does not tell objects apart. */
function keyOf({ resource: { apiVersion, kind, namespace = '', name = '' } }: RenderedObject): string {
  return JSON.stringify([groupOf(apiVersion), kind, namespace, name]);
}

function isHook({ value, resource }: RenderedObject): boolean {
  return resource.name === undefined || fieldOf(value, 'metadata', 'annotations', 'helm.sh/hook') !== undefined;
}

function findingOf(unit: RenderedUnit, object: RenderedObject, texts: Texts): Finding {
  return {
    ruleId: duplicateObject.id,
    severity: duplicateObject.severity,
    ...sourcePlace(unit, object, { pointer: '/metadata/name', at: 'value' }, texts),
    resource: object.resource,
    pointer: '/metadata/name',
    message: `${printResource(object.resource)} is there twice in what rendering ${unit.unit.name} gives.`,
    unit: unit.unit.name,
  };
}
