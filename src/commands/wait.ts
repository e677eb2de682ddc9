import type { DeliveryEngine, Target } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import { normaliseRepositoryUrl } from '../forges/repository-url.ts';
import type { InputValues } from '../inputs/definitions.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { type Ancestry, withAncestry } from './ancestry.ts';
import { changedPaths } from './changed-paths.ts';
import { withEngine } from './choose-engine.ts';
import { openCluster, refuseApplied } from './cluster-engine.ts';
import { targetNames } from './commit-status-engine.ts';
import { withConfigRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { withPages } from './pages.ts';
import { waitHeadline, worstVerdict } from './verdict-words.ts';
import { openEngine, resultOf, waitFor, waitOutputs } from './waiting.ts';

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
  const names = targetNames(inputs);
  const engine = await openEngine(inputs, context);
  try {
    return await waitOn(engine, names, inputs, context);
  } finally {
    await engine.close?.();
  }
}

async function waitOn(
  engine: DeliveryEngine,
  names: readonly string[],
  inputs: RevisionInputs,
  context: CommandContext,
): Promise<Outcome> {
  const { revision } = inputs;
  const targets = names.length > 0 ? parseTargets(engine, names) : await discoverTargets(engine, inputs, context);
  return withAncestry({ inputs, engine, targets, wanted: revision }, context, async (ancestry) => {
    const { relation, forge, ...repository } = ancestry;
    const told = forge === undefined ? {} : { forge };
    const waiting = { engine, targets, wanted: wantedOf(inputs, ancestry), relation, ...told };
    return withPages(waitOutcome(revision, await waitFor(waiting, inputs, context.host)), repository);
  });
}

/** What kubectl has applied has no revision: what is wanted is what the files say, or the images. */
async function waitOnCluster(inputs: InputValues<'wait'>, context: CommandContext): Promise<Outcome> {
  const { engine, names, label, notes } = await openCluster(inputs, context);
  const query = { repository: '', changedFiles: [] };
  const targets = names.length > 0 ? parseTargets(engine, names) : await engine.discover(query, context.host.signal);
  const wanted = { revision: label, images: inputs.images };
  const relation = async () => 'lacks' as const;
  const outcome = waitOutcome(label, await waitFor({ engine, targets, wanted, relation }, inputs, context.host));
  return { ...outcome, outputs: { ...outcome.outputs, revision: inputs.revision ?? '' }, notes };
}

/** @throws ToolError input with every wrong name at once */
export function parseTargets(engine: DeliveryEngine, names: readonly string[]): readonly Target[] {
  const errors: ToolError[] = [];
  const targets = names.flatMap((name) => {
    try {
      return [engine.parseTarget(name)];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length > 0) throw notTargets(engine, errors);
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

function notTargets({ id }: DeliveryEngine, errors: readonly ToolError[]): ToolError {
  const hints = new Set(errors.map(({ hint }) => hint).filter((hint) => hint !== undefined));
  return new ToolError('input', `targets: some name nothing that engine ${id} can wait for`, {
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
