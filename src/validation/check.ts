import { ToolError } from '../errors.ts';
import { lazily } from '../manifests/lazily.ts';
import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { CelEngine } from './cel/engine.ts';
import { affectedFiles, touches } from './changed.ts';
import { checkFile, type FileReport } from './check-file.ts';
import { classifyFile, fileNames } from './classify.ts';
import { withCrdsAmong } from './crd-files.ts';
import type { FileGraph } from './file-graph.ts';
import { compareFindings, type Finding } from './finding.ts';
import { settle } from './leave-out.ts';
import { fromTop, type ManifestSet, type PathKind } from './manifest-set.ts';
import { admissionIndex } from './policy/admission-index.ts';
import { admissionWorld } from './policy/admission-world.ts';
import { policyProblems } from './policy/policy-problems.ts';
import { policyWork } from './policy/policy-work.ts';
import { readFileGraph, readKustomizations } from './read-file-graph.ts';
import type { CheckOptions, CheckReport, RenderedFindings, SkippedDocument, UnreadFile } from './report.ts';
import { RULES, SET_RULES } from './rules/registry.ts';
import type { Rule, RuleContext, SetProblem } from './rules/rule.ts';
import { encoding } from './rules/yaml-encoding.ts';
import { limit } from './rules/yaml-limit.ts';
import type { Schemas } from './schemas.ts';
import { setFindings } from './set-findings.ts';
import { names as isNamed, isSwitchedOn } from './switched-on.ts';
import { createTree } from './tree.ts';
import { createProofs } from './twins/proofs.ts';
import { createTwins } from './twins/twins.ts';

export { compareReports } from './compare-reports.ts';
export type { CheckOptions, CheckReport };

/** A check that waits for what the files alone cannot tell. */
export interface Checking {
  /** Paths beside the files that something in them names: whether they exist is what `finish` wants to know. */
  readonly asked: readonly string[];
  /** Some object is of a kind whose CRD has rules in CEL, or there are policies: `finish` wants an engine. */
  readonly wantsCel: boolean;
  /**
   * @param known what is at a path; by default nothing is known, and nothing is said to be missing
   * @param rendered what was found in what the files are rendered to, where that was looked at as well
   * @param cel in place of that of the options
   */
  finish(known?: (path: string) => PathKind, rendered?: RenderedFindings, cel?: CelEngine): CheckReport;
}

/**
 * Checks manifests. All that is given is looked at together: kustomizations among the files say which others are patches.
 * Every document ends as checked or as skipped with a reason.
 */
export function check(
  files: readonly SourceFile[],
  schemas: Schemas,
  options: CheckOptions,
  known?: (path: string) => PathKind,
): CheckReport {
  return startCheck(files, schemas, options).finish(known);
}

/** As `check`, in two steps: in between, the caller can look up the paths that it asks for. */
export function startCheck(files: readonly SourceFile[], schemas: Schemas, options: CheckOptions): Checking {
  const steps = checkInSteps(files, schemas, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * As `startCheck`, file by file: other things may happen in between.
 * @throws ToolError data where there are more documents or findings than the limits allow
 */
export function* checkInSteps(
  files: readonly SourceFile[],
  schemas: Schemas,
  options: CheckOptions,
): Generator<undefined, Checking, undefined> {
  const reader = createYamlReader(LIMITS.depth);
  const paths = files.map((file) => file.path);
  const kustomizations = readKustomizations(files, reader);
  const { repository } = options;
  const at = repository === undefined ? undefined : (path: string) => fromTop(repository, path);
  const graph = readFileGraph(kustomizations, files, reader, at);
  const scope = scopeOf(paths, graph, options);
  const off = new Set(RULES.filter((rule) => !isSwitchedOn(rule, options)));
  const { missingSchema } = options;
  const withCrdsOfTree = withCrdsAmong(files, schemas, reader);
  const names = fileNames(paths);
  const isManifest = (path: string) => classifyFile(path, names, graph) === undefined;
  const index = admissionIndex({ tree: files, isManifest, given: options.policies ?? [] }, reader);
  const policies = policyWork(index, withCrdsOfTree, off);
  const rules: RuleContext = { schemas: withCrdsOfTree, off, missingSchema };
  const context = { ...rules, reader, twins: createTwins(), proofs: createProofs(rules), names, graph, policies };
  const reports: FileReport[] = [];
  let [documents, findings] = [0, 0];
  for (const file of files) {
    if (!scope.isRead(file.path)) continue;
    const report = checkFile(file, context);
    documents += report.documents + report.skipped.length;
    findings += report.findings.length;
    if (documents > LIMITS.totalDocuments) throw tooMany('documents to check', LIMITS.totalDocuments);
    if (findings > LIMITS.totalFindings) throw tooMany('findings', LIMITS.totalFindings);
    reports.push(report);
    yield;
  }
  const set = { objects: reports.flatMap((report) => report.members), kustomizations };
  const asTold = (known: (path: string) => PathKind) => {
    const tree = createTree(paths, known);
    return { problems: setProblems({ ...set, tree }, off, options), asked: tree.asked };
  };
  const untold = lazily(() => asTold(() => 'unknown'));
  return {
    get asked() {
      return [...untold().asked];
    },
    wantsCel: reports.some(({ policyObjects }) => policyObjects.length > 0),
    finish(known = () => 'unknown', rendered, cel = options.cel) {
      const meant = reports.filter(({ path }) => scope.isMeant(path));
      const { index } = policies;
      const isPolicyChanged = options.changed !== undefined && touches(options.changed, index.paths);
      const objects = (isPolicyChanged ? reports : meant).flatMap((report) => report.policyObjects);
      const around = [...index.objects, ...reports.flatMap((report) => report.policyContext)];
      const world = admissionWorld(index.policies, around);
      const ofPolicies = policyProblems({ objects, world, policyPaths: index.paths, off }, cel);
      const problems = [...(untold().asked.size === 0 ? untold() : asTold(known)).problems, ...ofPolicies].filter(
        scope.isAffected,
      );
      const ofSet = setFindings(problems, files, graph, reader);
      return reportOf(meant, [...ofSet, ...(rendered?.findings ?? [])], options, rendered);
    },
  };
}

function tooMany(what: string, limit: number): ToolError {
  return new ToolError('data', `There are more than ${limit.toLocaleString('en')} ${what}.`, {
    hint: 'Name fewer folders, or leave some out with ignore.',
  });
}

interface Scope {
  /** Read at all: what is not meant to be checked may still say what the rest is. */
  isRead(path: string): boolean;
  isMeant(path: string): boolean;
  isAffected(problem: SetProblem): boolean;
}

function scopeOf(paths: readonly string[], graph: FileGraph, { only, changed }: CheckOptions): Scope {
  const affected = changed === undefined ? undefined : affectedFiles(paths, changed, graph);
  const isMeant = (path: string) => (only?.(path) ?? true) && (affected?.has(path) ?? true);
  return {
    isRead: (path) => only === undefined || isMeant(path),
    isMeant,
    isAffected: ({ file, related }) => isMeant(file) || (changed !== undefined && touches(changed, related)),
  };
}

/** None where only some files were read: what the others hold would be missing. */
function setProblems(
  set: Pick<ManifestSet, 'objects' | 'kustomizations' | 'tree'>,
  off: ReadonlySet<Rule>,
  { only, repository, whole = false }: CheckOptions,
): readonly SetProblem[] {
  if (only !== undefined) return [];
  return SET_RULES.filter((rule) => !off.has(rule)).flatMap((rule) => rule.checkSet({ ...set, repository, whole }));
}

function reportOf(
  reports: readonly FileReport[],
  ofSet: readonly Finding[],
  options: CheckOptions,
  rendered?: RenderedFindings,
): CheckReport {
  const isKept = (finding: Finding) => finding.unit !== undefined || rendered?.replaces(finding) !== true;
  const unread = (options.unread ?? []).filter(({ path }) => options.changed?.has(path) ?? true);
  const found = [...reports.flatMap((report) => report.findings), ...ofSet, ...unread.flatMap(unreadFault)];
  const settled = settle(
    found.filter(({ ruleId }) => !isNamed(options.disableRules, ruleId)).map((finding) => eased(finding, options)),
    reports.flatMap((report) => report.suppressions),
    reports.map((report) => report.path),
    options,
  );
  const findings = settled.findings.filter(isKept).toSorted(compareFindings);
  const looked = new Set([...reports, ...unread].map(({ path }) => path));
  // A file that did not change may be wrong because of one that did.
  const elsewhere = new Set(
    options.changed === undefined ? [] : findings.map(({ path }) => path).filter((path) => !looked.has(path)),
  );
  return {
    findings,
    files: reports.length + unread.length + elsewhere.size,
    documents: reports.reduce(
      (sum, report) => sum + report.documents,
      unread.filter((file) => file.fault !== undefined).length,
    ),
    skipped: [...reports.flatMap((report) => report.skipped), ...unread.flatMap(skippedFile)],
    objects: reports.flatMap((report) => report.objects),
    suppressed: settled.suppressed,
    baseline: settled.baseline.filter(isKept),
  };
}

const LOOSENED: ReadonlySet<string> = new Set(['schema/unknown-field', 'yaml/duplicate-key']);

function eased(finding: Finding, options: CheckOptions): Finding {
  return options.strict || !LOOSENED.has(finding.ruleId) ? finding : { ...finding, severity: 'warning' };
}

function unreadFault({ path, reason, fault }: UnreadFile): readonly Finding[] {
  if (fault === undefined) return [];
  const { id, severity } = fault === 'size' ? limit : encoding;
  return [{ ruleId: id, severity, path, line: 1, column: 1, message: reason }];
}

function skippedFile({ path, reason, fault }: UnreadFile): readonly SkippedDocument[] {
  return fault === undefined ? [{ path, document: 1, line: 1, reason }] : [];
}
