import type { Path } from '../../manifests/locate.ts';
import type { CelEngine } from '../cel/engine.ts';
import { unsupported } from '../cel/value.ts';
import { admission } from '../rules/policy-admission.ts';
import { crdRule } from '../rules/policy-crd-rule.ts';
import { notEvaluated } from '../rules/policy-not-evaluated.ts';
import { printPath, type Rule, type SetProblem } from '../rules/rule.ts';
import { admissionFindings } from './admission-check.ts';
import type { AdmissionWorld } from './admission-world.ts';
import { crdRuleResults } from './crd-check.ts';
import type { PolicyObject } from './policy-object.ts';

export interface PolicyCheck {
  /** Objects that some rule or policy may be about, in the order of the files. */
  readonly objects: readonly PolicyObject[];
  readonly world: AdmissionWorld;
  /** The files that policies come from. */
  readonly policyPaths: readonly string[];
  /** Rules that are switched off. */
  readonly off: ReadonlySet<Rule>;
}

/** Undefined as engine: then every rule and policy is reported as not evaluated. */
export function policyProblems(
  { objects, world, policyPaths, off }: PolicyCheck,
  cel: CelEngine | undefined,
): readonly SetProblem[] {
  const gaps = new Map<string, Gap>();
  const problems: SetProblem[] = [];
  for (const object of objects) {
    if (!off.has(crdRule)) problems.push(...crdProblems(object, cel ?? NO_ENGINE, gaps));
    if (!off.has(admission)) {
      const found = admissionProblems(object, world, cel ?? NO_ENGINE, gaps);
      problems.push(...found.map((one) => ({ ...one, related: policyPaths })));
    }
  }
  return off.has(notEvaluated) ? problems : [...problems, ...[...gaps.values()].map(gapProblem)];
}

/** Something that was not evaluated: told once, at the first object, with the number of all. */
interface Gap {
  readonly object: PolicyObject;
  readonly path: SetProblem['path'];
  readonly what: string;
  readonly reason: string;
  readonly hint: string;
  count: number;
}

const NO_ENGINE: CelEngine = {
  compile: () => ({ names: new Set(), run: () => unsupported('nothing was loaded to evaluate it with') }),
};

function crdProblems(object: PolicyObject, cel: CelEngine, gaps: Map<string, Gap>): readonly SetProblem[] {
  const { object: manifest, schema } = object;
  if (schema?.custom === undefined || !manifest.complete) return [];
  const { kind } = manifest.resource;
  return crdRuleResults(manifest, schema, cel).flatMap(({ rule, path, verdict, message }) => {
    const hint = `Rule: ${shortened(rule.rule)}`;
    if (verdict === 'refused')
      return [problem(crdRule, object, path, `${place(path, object)}${sentence(message)}`, hint)];
    addGap(gaps, { object, path, what: `A rule of the CRD of ${kind}`, reason: message, hint, count: 1 }, rule.rule);
    return [];
  });
}

/** What Deny, Warn and Audit of a binding come to. */
const DOES = { error: 'denies it', warning: 'warns of it', info: 'notes it in the audit log' } as const;

function admissionProblems(
  object: PolicyObject,
  world: AdmissionWorld,
  cel: CelEngine,
  gaps: Map<string, Gap>,
): readonly SetProblem[] {
  const path = [...object.object.path, 'metadata', 'name'];
  if (!object.object.complete) return [];
  return admissionFindings(object, world, cel).flatMap((finding) => {
    if (finding.verdict === 'refused') {
      const message = `ValidatingAdmissionPolicy ${finding.policy} ${DOES[finding.severity]}: ${sentence(finding.message)}`;
      return [{ ...problem(admission, object, path, message), severity: finding.severity }];
    }
    const hint = `Expression: ${shortened(finding.expression)}`;
    addGap(
      gaps,
      { object, path, what: `ValidatingAdmissionPolicy ${finding.policy}`, reason: finding.message, hint, count: 1 },
      finding.expression,
    );
    return [];
  });
}

function addGap(gaps: Map<string, Gap>, gap: Gap, expression: string): void {
  const key = JSON.stringify([gap.what, expression, gap.reason]);
  const known = gaps.get(key);
  if (known === undefined) gaps.set(key, gap);
  else if (known.object !== gap.object) known.count++;
}

function gapProblem({ object, path, what, reason, hint, count }: Gap): SetProblem {
  const others = count === 1 ? '' : count === 2 ? ' and for one other object' : ` and for ${count - 1} other objects`;
  return problem(notEvaluated, object, path, `${what} cannot be evaluated here${others}: ${sentence(reason)}`, hint);
}

function problem(rule: Rule, object: PolicyObject, path: Path, message: string, hint?: string): SetProblem {
  const { path: file, document } = object;
  const { resource } = object.object;
  return {
    rule,
    file,
    document,
    resource,
    path,
    at: 'value',
    message,
    ...(hint === undefined ? {} : { hint }),
    related: [],
  };
}

/** `spec.replicas: `, seen from the object; nothing for the object itself. */
function place(path: Path, { object }: PolicyObject): string {
  const inside = path.slice(object.path.length);
  return inside.length === 0 ? '' : `${printPath(inside)}: `;
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
