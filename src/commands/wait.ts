import type { DeliveryEngine, Target } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import type { InputValues } from '../inputs/definitions.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { type Ancestry, withAncestry } from './ancestry.ts';
import { changedPaths } from './changed-paths.ts';
import { withConfigRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { withPages } from './pages.ts';
import { openEngine, resultOf, waitFor, waitHeadline, waitOutputs, worstVerdict } from './waiting.ts';

/** Gates until exactly that revision, or a descendant of it, is live and healthy on every target. */
export async function wait(inputs: InputValues<'wait'>, context: CommandContext): Promise<Outcome> {
  const { revision } = inputs;
  const engine = await openEngine(inputs, context);
  const targets =
    inputs.targets.length > 0 ? parseTargets(engine, inputs.targets) : await discoverTargets(engine, inputs, context);
  return withAncestry({ inputs, engine, targets, wanted: revision }, context, async (ancestry) => {
    const { relation, ...repository } = ancestry;
    const waiting = { engine, targets, wanted: wantedOf(inputs, ancestry), relation };
    return withPages(waitOutcome(revision, await waitFor(waiting, inputs, context.host)), repository);
  });
}

/** @throws ToolError input with every wrong name at once */
export function parseTargets(engine: DeliveryEngine, names: readonly string[]): readonly Target[] {
  const problems: string[] = [];
  const targets = names.flatMap((name) => {
    try {
      return [engine.parseTarget(name)];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new ToolError('input', 'targets: some are not names of applications', { problems });
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

/** Every target whose source is the config repository and covers a file that the revision changed. */
function discoverTargets(
  engine: DeliveryEngine,
  inputs: InputValues<'wait'>,
  context: CommandContext,
): Promise<readonly Target[]> {
  return withConfigRepository(inputs, context, async (forge) => {
    const { repository = forge.location } = ancestryFor(forge.location);
    const changedFiles = await changedPaths(forge, inputs.revision);
    const branch = inputs.baseBranch === undefined ? {} : { branch: inputs.baseBranch };
    return engine.discover({ repository, changedFiles, ...branch }, context.host.signal);
  });
}

function ancestryFor(location: string): Pick<Ancestry, 'repository'> {
  return { repository: location };
}

function wantedOf({ revision, images, baseBranch }: InputValues<'wait'>, { repository }: Ancestry) {
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
