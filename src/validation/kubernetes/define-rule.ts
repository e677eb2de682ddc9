import type { Path } from '../../manifests/locate.ts';
import type { Severity } from '../finding.ts';
import {
  type ManifestObject,
  type ObjectRule,
  type Problem,
  printPath,
  type Rule,
  type RuleContext,
} from '../rules/rule.ts';
import { type Container, containersOf, POD_KINDS, type Pod, podOf } from './pods.ts';
import type { Place } from './reading.ts';

/** Adds a problem. `problem` goes on where its place ends: `must be 1 to 65535`; the full stop is added. */
export type Report = (path: Path, problem: string, more?: ReportMore) => void;

export interface ReportMore {
  readonly hint?: string | undefined;
  /** Whether the key or the value is wrong; the value by default. */
  readonly at?: 'key' | 'value';
  /** In place of the rule's own: a warning for what the server takes and what still cannot work. */
  readonly severity?: Severity;
}

export interface RuleOn<Subject> extends Rule {
  /** `group/Kind`, `/Kind` for the core group; all kinds without it. */
  readonly kinds?: readonly string[];
  /** Fields, at whatever depth: an object without any of them is none that the rule can find something in. */
  readonly needs?: readonly string[];
  /** Only objects that no overlay in the tree adds to: something absent is what is wrong. */
  readonly wholeOnly?: boolean;
  check(subject: Subject, report: Report, context: RuleContext): void;
}

/** A rule on objects of some kinds. */
export function objectRule(rule: RuleOn<ManifestObject>): ObjectRule {
  return adapt(rule, (object, report, context) => rule.check(object, report, context));
}

/** A rule on one place of objects of some kinds, such as their `spec`; objects without it are passed over. */
export function placeRule(find: (object: ManifestObject) => Place | undefined, rule: RuleOn<Place>): ObjectRule {
  return adapt(rule, (object, report, context) => {
    const place = find(object);
    if (place !== undefined) rule.check(place, report, context);
  });
}

/** A rule on pods, and on the pod templates of the built-in workloads. */
export function podRule(rule: RuleOn<Pod>): ObjectRule {
  return adapt({ kinds: POD_KINDS, ...rule }, (object, report, context) => {
    const pod = podOf(object);
    if (pod !== undefined) rule.check(pod, report, context);
  });
}

/** A rule on each container of a pod: the usual ones, init containers and ephemeral ones. */
export function containerRule(rule: RuleOn<Container>): ObjectRule {
  return adapt({ kinds: POD_KINDS, ...rule }, (object, report, context) => {
    for (const container of containersOf(object)) rule.check(container, report, context);
  });
}

const NONE: readonly Problem[] = [];

function adapt<Subject>(
  rule: RuleOn<Subject>,
  check: (object: ManifestObject, report: Report, context: RuleContext) => void,
): ObjectRule {
  const { id, title, severity, kinds, needs, optIn, wholeOnly } = rule;
  // One of each for all objects: rules are asked hundreds of thousands of times, and nearly always find nothing.
  let problems: Problem[] | undefined;
  const report: Report = (path, problem, { hint, at = 'value', severity: own } = {}) => {
    const message = `${printPath(path)} ${problem}.`;
    const more = { ...(hint === undefined ? {} : { hint }), ...(own === undefined ? {} : { severity: own }) };
    problems ??= [];
    problems.push({ rule: adapted, path, at, message, ...more });
  };
  const adapted: ObjectRule = {
    id,
    title,
    severity,
    ...(kinds === undefined ? {} : { kinds }),
    ...(needs === undefined ? {} : { needs }),
    ...(optIn === undefined ? {} : { optIn }),
    check(object, context) {
      if (wholeOnly === true && !object.complete) return NONE;
      problems = undefined;
      check(object, report, context);
      return problems ?? NONE;
    },
  };
  return adapted;
}
