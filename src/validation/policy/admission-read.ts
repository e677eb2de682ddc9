import { isObject } from '../scalars.ts';
import type {
  AdmissionPolicy,
  MatchResources,
  NamedExpression,
  PolicyBinding,
  ResourceRule,
} from './admission-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the object says as a ValidatingAdmissionPolicy; undefined where it is none, or says too little. */
export function readPolicy(object: Json): AdmissionPolicy | undefined {
  const name = nameOf(object, 'ValidatingAdmissionPolicy');
  const spec = isObject(object.spec) ? object.spec : undefined;
  if (name === undefined || spec === undefined) return undefined;
  return {
    name,
    failurePolicy: spec.failurePolicy === 'Ignore' ? 'Ignore' : 'Fail',
    match: readMatch(spec.matchConstraints),
    conditions: named(spec.matchConditions),
    variables: named(spec.variables),
    validations: objects(spec.validations).flatMap(({ expression, message, messageExpression }) =>
      typeof expression === 'string'
        ? [{ expression, message: text(message), messageExpression: text(messageExpression) }]
        : [],
    ),
    paramKind: readParamKind(spec.paramKind),
  };
}

/** The same for a ValidatingAdmissionPolicyBinding. */
export function readBinding(object: Json): PolicyBinding | undefined {
  const name = nameOf(object, 'ValidatingAdmissionPolicyBinding');
  const spec = isObject(object.spec) ? object.spec : undefined;
  const policyName = text(spec?.policyName);
  if (name === undefined || policyName === undefined) return undefined;
  const paramRef = isObject(spec?.paramRef) ? spec.paramRef : undefined;
  return {
    policyName,
    actions: texts(spec?.validationActions),
    match: readMatch(spec?.matchResources),
    paramRef:
      paramRef === undefined
        ? undefined
        : {
            name: text(paramRef.name),
            namespace: text(paramRef.namespace),
            selector: isObject(paramRef.selector) ? paramRef.selector : undefined,
            notFound: paramRef.parameterNotFoundAction === 'Allow' ? 'Allow' : 'Deny',
          },
  };
}

function nameOf({ apiVersion, kind, metadata }: Json, wanted: string): string | undefined {
  const isMeant = kind === wanted && text(apiVersion)?.startsWith('admissionregistration.k8s.io/') === true;
  return isMeant && isObject(metadata) ? text(metadata.name) : undefined;
}

function readMatch(value: unknown): MatchResources {
  const match = isObject(value) ? value : {};
  return {
    rules: Array.isArray(match.resourceRules) ? objects(match.resourceRules).map(readRule) : undefined,
    excluded: objects(match.excludeResourceRules).map(readRule),
    policy: match.matchPolicy === 'Exact' ? 'Exact' : 'Equivalent',
    namespaceSelector: isObject(match.namespaceSelector) ? match.namespaceSelector : undefined,
    objectSelector: isObject(match.objectSelector) ? match.objectSelector : undefined,
  };
}

function readRule(rule: Json): ResourceRule {
  return {
    groups: texts(rule.apiGroups),
    versions: texts(rule.apiVersions),
    resources: texts(rule.resources),
    operations: texts(rule.operations),
    names: texts(rule.resourceNames),
    scope: text(rule.scope) ?? '*',
  };
}

function readParamKind(value: unknown): AdmissionPolicy['paramKind'] {
  const [apiVersion, kind] = isObject(value) ? [text(value.apiVersion), text(value.kind)] : [];
  return apiVersion === undefined || kind === undefined ? undefined : { apiVersion, kind };
}

function named(value: unknown): readonly NamedExpression[] {
  return objects(value).flatMap(({ name, expression }) =>
    typeof name === 'string' && typeof expression === 'string' ? [{ name, expression }] : [],
  );
}

function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
