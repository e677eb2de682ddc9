import type { DeliveryEngine, Target } from '../engines/delivery-engine.ts';
import type { SeveralEngines } from '../engines/several.ts';
import { ToolError } from '../errors.ts';
import { normaliseRepositoryUrl } from '../forges/repository-url.ts';
import type { InputValues } from '../inputs/definitions.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { type Ancestry, withAncestry } from './ancestry.ts';
import { changedPaths } from './changed-paths.ts';
import { withEngine } from './choose-engine.ts';
import { openCluster, refuseApplied } from './cluster-engine.ts';
import { withConfigRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { withPages } from './pages.ts';
import { engineOfName, type TargetName } from './target-name.ts';
import { waitHeadline, worstVerdict } from './verdict-words.ts';
import { resultOf, waitFor, waitOutputs } from './waiting.ts';
import { short } from './words.ts';

/** Gates until exactly that revision, or a descendant of it, is live and healthy on every target. */
export async function wait(given: InputValues<'wait'>, context: CommandContext): Promise<Outcome> {
  const inputs = withEngine(given, context.host.env);
  if (inputs.engine === 'kubernetes') return waitOnCluster(inputs, context);
  refuseApplied(inputs);
  return waitForRevision(withRevision(inputs), context);
}

type RevisionInputs = InputValues<'wait'> & { readonly revision: string };

function withRevision({ revision, ...inputs }: InputValues<'wait'>): RevisionInputs {
  if (revision === undefined) {
    throw new ToolError('input', 'revision is missing: the full id of the commit that must be live', {
      hint: 'Only engine kubernetes does without one: it waits for what kubectl has applied.',
    });
  }
  return { ...inputs, revision };
}

async function waitForRevision(inputs: RevisionInputs, context: CommandContext): Promise<Outcome> {
  const opened = await openEngine(inputs, context);
  try {
    return await waitOn(opened, inputs, context);
  } finally {
    await opened.engine.close?.();
  }
}

async function waitOn(
  { engine, names, notes }: OpenEngine,
  inputs: RevisionInputs,
  context: CommandContext,
): Promise<Outcome> {
  const { revision } = inputs;
  const targets = names.length > 0 ? parseTargets(engine, names) : await discoverTargets(engine, inputs, context);
  return withAncestry({ inputs, engine, targets, wanted: revision }, context, async (ancestry) => {
    const { relation, forge, ...repository } = ancestry;
    const told = forge === undefined ? {} : { forge, changedFiles: () => changedPaths(forge, revision) };
    const waiting = { engine, targets, wanted: wantedOf(inputs, ancestry), relation, ...told };
    const outcome = waitOutcome(revision, await waitFor(waiting, inputs, context.host));
    return withPages({ ...outcome, notes }, repository);
  });
}

/** What kubectl has applied has no revision: what is wanted is what the files say, or the images. */
async function waitOnCluster(inputs: InputValues<'wait'>, context: CommandContext): Promise<Outcome> {
  const { engine, names, label, notes } = await openCluster(inputs, context);
  const query = { repository: '', changedFiles: [] };
  const named = names.map((text) => ({ engine: 'kubernetes' as const, text }));
  const targets = names.length > 0 ? parseTargets(engine, named) : await engine.discover(query, context.host.signal);
  const wanted = { revision: label, images: inputs.images };
  const relation = async () => 'lacks' as const;
  const outcome = waitOutcome(label, await waitFor({ engine, targets, wanted, relation }, inputs, context.host));
  const outputs = { ...outcome.outputs, revision: inputs.revision ?? '' };
  return { ...outcome, outputs, notes: [...notes, ...namedOnly(inputs)] };
}

/** Nothing has tied what was found to it. */
function namedOnly({ revision, manifests, images }: InputValues<'wait'>): readonly string[] {
  if (revision === undefined || manifests.length > 0 || images.length > 0) return [];
  return [
    `${short(revision)} is only a name here: Kubernetes shows no revision, and no manifests or images say what is wanted`,
  ];
}

/** @throws ToolError input with every wrong name at once */
export function parseTargets(engine: DeliveryEngine | SeveralEngines, names: readonly TargetName[]): readonly Target[] {
  const errors: ToolError[] = [];
  const parse = (name: TargetName): Target =>
    'parseTargetOf' in engine ? engine.parseTargetOf(name.engine, name.text) : engine.parseTarget(name.text);
  const targets = names.flatMap((name) => {
    try {
      return [parse(name)];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length > 0) throw notTargets(engine, names, errors);
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

function notTargets({ id }: DeliveryEngine, names: readonly TargetName[], errors: readonly ToolError[]): ToolError {
  const isOthers = names.some(({ engine, text }) => engine === id && engineOfName(text).engine !== engine);
  const hints = new Set([
    ...errors.map(({ hint }) => hint).filter((hint) => hint !== undefined),
    ...(isOthers ? ['Without engine each target is taken by how it is written, also those of several engines.'] : []),
  ]);
  const what = id.includes('+') ? 'cannot be waited for' : `name nothing that engine ${id} can wait for`;
  return new ToolError('input', `targets: some ${what}`, {
    problems: errors.map(({ message }) => message),
    ...(hints.size === 0 ? {} : { hint: [...hints].join(' ') }),
  });
}

/** Every target whose source is the config repository and covers a file that the revision changed. */
function discoverTargets(
  engine: DeliveryEngine,
  inputs: RevisionInputs,
  context: CommandContext,
): Promise<readonly Target[]> {
  return withConfigRepository(inputs, context, async (forge) => {
    const repository = normaliseRepositoryUrl(forge.location);
    const changedFiles = await changedPaths(forge, inputs.revision);
    const branch = inputs.baseBranch === undefined ? {} : { branch: inputs.baseBranch };
    return engine.discover({ repository, changedFiles, ...branch }, context.host.signal);
  });
}

function wantedOf({ revision, images, baseBranch }: RevisionInputs, { repository }: Ancestry) {
  return {
    revision,
    images,
    ...(repository === undefined ? {} : { repository }),
    ...(baseBranch === undefined ? {} : { branch: baseBranch }),
  };
}

function waitOutcome(revision: string, targets: readonly TargetOutcome[]): Outcome {
  const worst = worstVerdict(targets);
  const { result, exitCode } = worst === undefined ? { result: 'ok' as const, exitCode: 0 } : resultOf(worst);
  return {
    result,
    exitCode,
    outputs: { revision, ...waitOutputs(targets) },
    findings: [],
    edits: [],
    targets,
    headline: waitHeadline(revision, targets),
    notes: [],
  };
}
