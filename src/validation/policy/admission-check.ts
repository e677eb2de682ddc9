import type { CelEngine } from '../cel/engine.ts';
import type { Value } from '../cel/value.ts';
import type { Severity } from '../finding.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { isObject } from '../scalars.ts';
import { groupOf } from '../schema-source.ts';
import { type AdmissionTarget, isMatched } from './admission-match.ts';
import { type AdmissionResult, runPolicy } from './admission-run.ts';
import type { AdmissionPolicy, PolicyBinding } from './admission-types.ts';
import { admissionVariables } from './admission-variables.ts';
import { type AdmissionWorld, metadataOf } from './admission-world.ts';
import { isSecret, type PolicyObject } from './policy-object.ts';

export type AdmissionFinding = AdmissionResult & { readonly policy: string; readonly severity: Severity };

/** Holds an object against every policy that is about it, as if it were created. */
export function admissionFindings(
  object: PolicyObject,
  world: AdmissionWorld,
  cel: CelEngine,
): readonly AdmissionFinding[] {
  if (world.policies.length === 0 || EXEMPT.has(groupKindOf(object.object))) return [];
  const target = targetOf(object, world);
  let variables: Readonly<Record<string, Value>> | undefined;
  const run = (policy: AdmissionPolicy, params: Value) => {
    variables ??= admissionVariables(object, target, world);
    return runPolicy(policy, { variables: { ...variables, params }, open: !isSecret(object.object) }, cel);
  };
  const found = world.policies.flatMap(({ policy, bindings }) =>
    bindings.flatMap((binding) =>
      resultsOf(policy, binding, target, world, run).map((result) => ({
        ...result,
        policy: policy.name,
        severity: severityOf(binding),
      })),
    ),
  );
  return mostSevere(found);
}

/** The server lets nobody lock themselves out of its own admission configuration. */
const EXEMPT: ReadonlySet<string> = new Set(
  ['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy']
    .flatMap((kind) => [kind, `${kind}Binding`])
    .concat('ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration')
    .map((kind) => `admissionregistration.k8s.io/${kind}`),
);

function resultsOf(
  policy: AdmissionPolicy,
  binding: PolicyBinding,
  target: AdmissionTarget,
  world: AdmissionWorld,
  run: (policy: AdmissionPolicy, params: Value) => readonly AdmissionResult[],
): readonly AdmissionResult[] {
  const meant = [isMatched(policy.match, target), isMatched(binding.match, target)];
  if (meant.includes(false)) return [];
  if (meant.includes(undefined)) return [unknown(policy, 'the labels of the namespace are not known')];
  if (policy.paramKind === undefined) return run(policy, null);
  const params = world.params(policy.paramKind, binding.paramRef, target.namespace.name);
  if (params === undefined) return [unknown(policy, 'its parameters are not among the files')];
  return params.flatMap((one) => run(policy, one));
}

function unknown({ validations }: AdmissionPolicy, message: string): AdmissionResult {
  return { verdict: 'not-evaluated', expression: validations[0]?.expression ?? '', message };
}

function severityOf({ actions }: PolicyBinding): Severity {
  if (actions.includes('Deny')) return 'error';
  return actions.includes('Warn') ? 'warning' : 'info';
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Two bindings of a policy may say the same. */
function mostSevere(found: readonly AdmissionFinding[]): readonly AdmissionFinding[] {
  const kept = new Map<string, AdmissionFinding>();
  for (const finding of found) {
    const key = JSON.stringify([finding.policy, finding.verdict, finding.message]);
    const known = kept.get(key);
    if (known === undefined || RANK[finding.severity] < RANK[known.severity]) kept.set(key, finding);
  }
  return [...kept.values()];
}

function targetOf({ object, schema }: PolicyObject, world: AdmissionWorld): AdmissionTarget {
  const { apiVersion, kind, name = '', namespace } = object.resource;
  const around = world.namespace(namespace);
  const labelsOf = ({ labels }: Readonly<Record<string, unknown>>) => (isObject(labels) ? labels : {});
  return {
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind,
    resource: schema?.plural,
    name,
    labels: labelsOf(metadataOf(object.value)),
    namespaced: schema?.namespaced ?? true,
    namespace: { name: namespace, labels: labelsOf(metadataOf(around ?? {})), complete: around !== undefined },
  };
}
