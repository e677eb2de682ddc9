import type { Path } from '../../manifests/locate.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { podOf } from '../kubernetes/pods.ts';
import { isFilledInLater, type Json, objectIn, placeIn } from '../kubernetes/reading.ts';
import { selects } from '../kubernetes/selectors.ts';
import { rootOf, WORKLOADS } from '../kubernetes/specs.ts';
import { printValue } from './rule.ts';

export const selectorMismatch = objectRule({
  id: 'semantic/selector-mismatch',
  title: 'A selector that does not pick the pods of its own template',
  severity: 'error',
  wholeOnly: true,
  kinds: [...WORKLOADS, '/ReplicationController', 'batch/Job'],
  check(object, report) {
    const spec = placeIn(rootOf(object), 'spec');
    const selector = placeIn(spec, 'selector');
    const pod = podOf(object);
    if (selector === undefined || pod === undefined) return;
    if (object.resource.kind === 'Job' && spec?.value.manualSelector !== true) return;
    const wanted = object.resource.kind === 'ReplicationController' ? { matchLabels: selector.value } : selector.value;
    const labels = objectIn(pod.metadata.value, 'labels') ?? {};
    if (selects(wanted, labels) || hasVariables(wanted) || hasVariables(labels)) return;
    const [place, problem] = mismatch(wanted, labels, pod.metadata.path);
    report(place, problem, { at: 'key', hint: 'The labels of the template must hold all that the selector wants.' });
  },
});

/** The place is the label that differs, else the labels of the template, where the server looks too. */
function mismatch(selector: Json, labels: Json, metadata: Path): readonly [Path, string] {
  const wanted = Object.entries(objectIn(selector, 'matchLabels') ?? {});
  const [key, value] = wanted.find(([name, text]) => labels[name] !== text) ?? [];
  if (key === undefined) return [[...metadata, 'labels'], 'are not what matchExpressions of the selector want'];
  if (Object.hasOwn(labels, key))
    return [[...metadata, 'labels', key], `must be ${printValue(value)}, as in the selector`];
  return [[...metadata, 'labels'], `lacks ${key}: ${printValue(value)}, which the selector wants`];
}

function hasVariables(value: Json): boolean {
  return isFilledInLater(JSON.stringify(value).replaceAll('"ENC[', ' ENC['));
}
