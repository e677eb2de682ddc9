import type { ManifestObject } from '../rules/rule.ts';
import { type Place, placesIn } from './reading.ts';
import { specOf } from './specs.ts';

function rulesOf(object: ManifestObject): readonly Place[] {
  const spec = specOf(object);
  return [...placesIn(spec, 'ingress'), ...placesIn(spec, 'egress')];
}

export function peersOf(object: ManifestObject): readonly Place[] {
  return rulesOf(object).flatMap((rule) => [...placesIn(rule, 'from'), ...placesIn(rule, 'to')]);
}

export function policyPortsOf(object: ManifestObject): readonly Place[] {
  return rulesOf(object).flatMap((rule) => placesIn(rule, 'ports'));
}
