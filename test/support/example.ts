import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runStep, type Step } from './action-step.ts';
import { holds, interpolate, type Values } from './expression.ts';
import { ROOT, temporaryFolder } from './program.ts';

export const EXAMPLES = [
  'config-repository',
  'pull-request',
  'same-repository',
  'monorepo',
  'environment-folders',
  'environment-branches',
  'environment-repositories',
  'validate',
  'rollback',
  'kubectl-apply',
] as const;

export type Example = (typeof EXAMPLES)[number];

export function exampleText(example: Example, file: 'github.yml' | 'gitlab.yml'): string {
  return readFileSync(join(ROOT, 'docs/examples', example, file), 'utf8');
}

interface WorkflowStep {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly steps: readonly WorkflowStep[];
}

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A step of Drawbridge that ran, or one of another Action that would have. */
export type Ran =
  | { readonly job: string; readonly command: string; readonly step: Step }
  | {
      readonly job: string;
      readonly uses: string;
      readonly with: Readonly<Record<string, string>>;
      /** The files of the workspace that its inputs name. */
      readonly files: Readonly<Record<string, string>>;
    };

export interface WorkflowRun {
  readonly ran: readonly Ran[];
  readonly failed: boolean;
}

export interface Surroundings {
  /** What expressions refer to, but `env` and `steps`. */
  readonly values: Values;
  /** In place of those in the jobs of these names, as an environment has secrets of its own. */
  readonly valuesOf?: Readonly<Record<string, Values>>;
  /** Variables that the runner sets, and those that make a test quick. */
  readonly env: Readonly<Record<string, string>>;
  /** Stands for actions/checkout: fills the workspace. */
  readonly checkout?: (workspace: string) => void;
  /** Runs a script; without it scripts are passed over, since images are built there. */
  readonly script?: (text: string, workspace: string, env: Readonly<Record<string, string>>) => Promise<unknown>;
}

/**
 * Runs the jobs of an example in the order of their needs. Steps of Drawbridge run as the runner runs them, with the
 * example's own inputs and the defaults of the Action that they name; a checkout fills the workspace; other Actions and
 * scripts (images are built there) are passed over.
 */
export async function runWorkflow(text: string, surroundings: Surroundings): Promise<WorkflowRun> {
  const workflow = parse(text) as Workflow;
  const ran: Ran[] = [];
  const failed = new Set<string>();
  for (const [name, job] of inOrder(workflow.jobs)) {
    if (needsOf(job).some((need) => failed.has(need))) failed.add(name);
    else if (await runJob(name, job, workflow, surroundings, ran)) failed.add(name);
  }
  return { ran, failed: failed.size > 0 };
}

/** The steps of Drawbridge alone. */
export function stepsOf({ ran }: WorkflowRun): readonly { readonly command: string; readonly step: Step }[] {
  return ran.flatMap((one) => ('step' in one ? [one] : []));
}

function needsOf({ needs = [] }: Job): readonly string[] {
  return typeof needs === 'string' ? [needs] : needs;
}

function inOrder(jobs: Workflow['jobs']): readonly (readonly [string, Job])[] {
  const done = new Map<string, Job>();
  while (done.size < Object.keys(jobs).length) {
    const ready = Object.entries(jobs).find(
      ([name, job]) => !done.has(name) && needsOf(job).every((need) => done.has(need)),
    );
    if (ready === undefined) throw new Error('the jobs need each other, or one that is not there');
    done.set(...ready);
  }
  return [...done];
}

/** @returns whether it failed */
async function runJob(
  name: string,
  job: Job,
  { env = {} }: Workflow,
  { values: common, valuesOf = {}, env: variables, checkout, script }: Surroundings,
  ran: Ran[],
): Promise<boolean> {
  using folder = temporaryFolder();
  const values = { ...common, ...valuesOf[name] };
  let failed = false;
  const steps: Record<string, { outputs: Readonly<Record<string, string>> }> = {};
  const outer = Object.fromEntries(Object.entries(env).map(([key, text]) => [key, interpolate(text, values)]));
  for (const step of job.steps) {
    const known = { ...values, env: outer, steps };
    if (!holds(step.if, known, { failed })) continue;
    if (step.run !== undefined) {
      const own = Object.entries(step.env ?? {}).map(([key, text]) => [key, interpolate(text, known)]);
      await script?.(step.run, folder.path, { ...outer, ...Object.fromEntries(own) });
    }
    if (step.uses === undefined) continue;
    const given = Object.entries(step.with ?? {}).map(([key, value]) => [key, interpolate(String(value), known)]);
    const inputs: Readonly<Record<string, string>> = Object.fromEntries(given);
    const action = /^drawbridge\/drawbridge(\/.*)?@v0$/.exec(step.uses);
    if (action === null) {
      if (step.uses.startsWith('actions/checkout@')) checkout?.(folder.path);
      ran.push({ job: name, uses: step.uses, with: inputs, files: filesNamed(folder.path, inputs) });
      continue;
    }
    const all = withDefaults(action[1] ?? '', inputs);
    const result = await runStep({ with: all, env: { ...variables, ...outer }, workspace: folder.path });
    ran.push({ job: name, command: all.command ?? '', step: result });
    if (step.id !== undefined) steps[step.id] = { outputs: result.outputs };
    failed ||= result.exitCode !== 0;
  }
  return failed;
}

function filesNamed(workspace: string, inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const paths = Object.values(inputs).map((value) => [value, join(workspace, value)] as const);
  const files = paths.filter(([value, path]) => value !== '' && statSync(path, { throwIfNoEntry: false })?.isFile());
  return Object.fromEntries(files.map(([value, path]) => [value, readFileSync(path, 'utf8')]));
}

/** What the runner adds to the inputs. An input that the Action does not declare, which the runner only warns of, throws. */
function withDefaults(folder: string, inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { inputs: declared } = parse(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  };
  const unknown = Object.keys(inputs).filter((name) => !Object.hasOwn(declared, name));
  const missing = Object.keys(declared).filter((name) => declared[name]?.required === true && !inputs[name]);
  if (unknown.length + missing.length > 0) throw new Error(`unknown: ${unknown}; missing: ${missing}`);
  const defaults = Object.entries(declared).flatMap(([name, row]) =>
    row.default === undefined ? [] : [[name, row.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...inputs };
}
