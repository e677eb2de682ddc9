import { groupKindOf } from '../kubernetes/pods.ts';
import { admission } from '../rules/policy-admission.ts';
import { crdRule } from '../rules/policy-crd-rule.ts';
import type { ManifestObject, Problem, Rule } from '../rules/rule.ts';
import type { Schemas } from '../schemas.ts';
import type { AdmissionIndex } from './admission-index.ts';
import { hasRules } from './crd-check.ts';
import type { PolicyObject } from './policy-object.ts';

/** Which objects are kept until there is an engine to evaluate rules and policies with. */
export interface PolicyWork {
  readonly index: AdmissionIndex;
  /** The object, with its place, where some rule or policy may be about it. `problems` are those that it has already. */
  keep(path: string, document: number, object: ManifestObject, problems: readonly Problem[]): readonly PolicyObject[];
  /** Whether policies may want to see the object as a parameter, or as the namespace of another one. */
  isContext(object: ManifestObject): boolean;
}

/** Objects of kinds without rules are let go, unless there are policies. */
export function policyWork(index: AdmissionIndex, schemas: Schemas, off: ReadonlySet<Rule>): PolicyWork {
  const hasPolicies = index.policies.length > 0 && !off.has(admission);
  const paramKinds = new Set(
    index.policies.flatMap(({ policy }) => (policy.paramKind === undefined ? [] : [kindOf(policy.paramKind)])),
  );
  const version = schemas.versions.at(-1) ?? '';
  return {
    index,
    keep(path, document, object, problems) {
      if (!object.complete || problems.some(blocks)) return [];
      const schema = schemas.find(object.resource.apiVersion, object.resource.kind, version);
      const isKept =
        hasPolicies || (!off.has(crdRule) && schema?.custom !== undefined && hasRules(schema.custom.rules()));
      return isKept ? [{ path, document, object, schema }] : [];
    },
    isContext(object) {
      if (!hasPolicies) return false;
      return groupKindOf(object) === '/Namespace' || paramKinds.has(kindOf(object.resource));
    },
  };
}

function kindOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion}/${kind}`;
}

/** The server looks at rules only where the schema is satisfied; what it does not know it drops before. */
function blocks({ rule, severity = rule.severity }: Problem): boolean {
  return severity === 'error' && rule.id.startsWith('schema/') && rule.id !== 'schema/unknown-field';
}
