type Json = Readonly<Record<string, unknown>>;

/** A ValidatingAdmissionPolicy, as far as it matters to an object that is created. */
export interface AdmissionPolicy {
  readonly name: string;
  /** What the server does where an expression fails: `Fail` refuses. */
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly match: MatchResources;
  readonly conditions: readonly NamedExpression[];
  readonly variables: readonly NamedExpression[];
  readonly validations: readonly Validation[];
  readonly paramKind: { readonly apiVersion: string; readonly kind: string } | undefined;
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

export interface Validation {
  readonly expression: string;
  readonly message: string | undefined;
  readonly messageExpression: string | undefined;
}

/** A ValidatingAdmissionPolicyBinding. */
export interface PolicyBinding {
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly match: MatchResources;
  readonly paramRef: ParamRef | undefined;
}

export interface ParamRef {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly selector: Json | undefined;
  readonly notFound: 'Allow' | 'Deny';
}

export interface MatchResources {
  /** Undefined: every resource. */
  readonly rules: readonly ResourceRule[] | undefined;
  readonly excluded: readonly ResourceRule[];
  /** `Equivalent` takes other versions of the same resource as well. */
  readonly policy: 'Exact' | 'Equivalent';
  readonly namespaceSelector: Json | undefined;
  readonly objectSelector: Json | undefined;
}

export interface ResourceRule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  readonly names: readonly string[];
  readonly scope: string;
}
