import type { DeliveryEngine, Target } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import type { Forge } from '../forges/forge-client.ts';
import type { Published } from '../forges/publish.ts';
import { normaliseRepositoryUrl } from '../forges/repository-url.ts';
import { printImageRef } from '../image/image-ref.ts';
import { parseWantedImages, type WantedImage } from '../image/wanted-image.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Outcome, type TargetOutcome } from '../outcome.ts';
import type { Finding } from '../validation/finding.ts';
import { loadSchemas } from '../validation/schemas.ts';
import { ancestryOf } from './ancestry.ts';
import { mayWrite, publishBump, writeOutputs } from './bumping.ts';
import { withConfigRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { createGate, type Gatekeeper } from './delivery-gate.ts';
import { publishRollback } from './rolling-back.ts';
import { versionsOf } from './validate.ts';
import { parseTargets } from './wait.ts';
import { openEngine, resultOf, waitFor, waitHeadline, waitOutputs, worstVerdict } from './waiting.ts';
import { short } from './words.ts';

type DeliverInputs = InputValues<'deliver'>;

interface Delivery {
  readonly inputs: DeliverInputs;
  readonly context: CommandContext;
  readonly engine: DeliveryEngine;
  readonly forge: Forge;
  readonly images: readonly WantedImage[];
}

/** Bump, check what the bump made, publish, wait; on failure, undo it by a commit and wait for that too, and still fail. */
export async function deliver(inputs: DeliverInputs, context: CommandContext): Promise<Outcome> {
  const images = parseWantedImages(inputs.images);
  const engine = await openEngine(inputs, context);
  const named = parseTargets(engine, inputs.targets);
  const gatekeeper = createGate(await loadSchemas(context.host, versionsOf(inputs.kubernetesVersion)), inputs);
  return withConfigRepository(inputs, context, async (forge) => {
    const delivery: Delivery = { inputs, context, engine, forge, images };
    const published = await publishBump(forge, images, inputs, context.host, gatekeeper.gate);
    if (gatekeeper.stopped) return stopped(published, gatekeeper);
    if (!mayWrite(inputs)) return dryRun(published, gatekeeper, forge);
    tellPublished(delivery, published);
    const targets = named.length > 0 ? named : await discoverTargets(delivery, published);
    const outcomes = await waitForRevision(
      delivery,
      targets,
      published.revision,
      images.map(({ ref }) => printImageRef(ref)),
    );
    const notes = await rollBackIfFailed(delivery, targets, published, outcomes);
    return finished(published, gatekeeper, outcomes, notes);
  });
}

function tellPublished({ context, forge }: Delivery, { changed, branch, revision }: Published): void {
  const where = `${branch} of ${forge.location}`;
  context.host.log.info(
    changed
      ? `Committed ${short(revision)} to ${where}.`
      : `Nothing to change: ${where} has these images at ${short(revision)}.`,
  );
}

async function discoverTargets({ engine, forge, context }: Delivery, published: Published): Promise<readonly Target[]> {
  const changedFiles = published.change?.files.map(({ path }) => path) ?? [];
  const repository = normaliseRepositoryUrl(forge.location);
  return engine.discover({ repository, branch: published.branch, changedFiles }, context.host.signal);
}

function waitForRevision(
  { engine, forge, inputs, context }: Delivery,
  targets: readonly Target[],
  revision: string,
  images: readonly string[],
): Promise<readonly TargetOutcome[]> {
  const { relation, repository } = ancestryOf(forge, revision);
  const wanted = { revision, images, ...(repository === undefined ? {} : { repository }) };
  return waitFor({ engine, targets, wanted, relation }, inputs, context.host);
}

/** The change failed, or was applied and did not become healthy in time. Nothing else is a reason to undo it. */
function deservesRollback(outcomes: readonly TargetOutcome[]): boolean {
  return outcomes.some(
    ({ verdict: { kind, phase } }) =>
      kind === 'failed' || (kind === 'timedOut' && ['applied', 'rolling', 'settling'].includes(phase)),
  );
}

/** @returns lines that say what became of the rollback */
async function rollBackIfFailed(
  delivery: Delivery,
  targets: readonly Target[],
  published: Published,
  outcomes: readonly TargetOutcome[],
): Promise<readonly string[]> {
  const { inputs, context, forge } = delivery;
  if (inputs.onFailure !== 'rollback' || !deservesRollback(outcomes)) return [];
  if (!published.changed) return ['Not rolled back: this run wrote nothing.'];
  try {
    context.host.log.info(`Rolling back ${short(published.revision)}.`);
    const request = { ...inputs, commit: published.revision, images: [], files: [], baseBranch: published.branch };
    const { published: undone } = await publishRollback(forge, withoutMessage(request), context.host);
    const after = await waitForRevision(delivery, targets, undone.revision, []);
    return [`Rolled back by commit ${short(undone.revision)}: ${waitHeadline(undone.revision, after)}.`];
  } catch (error) {
    if (!(error instanceof ToolError) || context.host.signal.aborted) throw error;
    return [`Not rolled back: ${error.message}`, ...error.problems, ...(error.hint === undefined ? [] : [error.hint])];
  }
}

/** The subject of the bump says the wrong thing about its rollback. */
function withoutMessage<T extends { readonly commitMessage?: string }>({
  commitMessage: _,
  ...others
}: T): Omit<T, 'commitMessage'> {
  return others;
}

function finished(
  published: Published,
  gatekeeper: Gatekeeper,
  targets: readonly TargetOutcome[],
  notes: readonly string[],
): Outcome {
  const worst = worstVerdict(targets);
  return {
    ...(worst === undefined ? { result: 'ok' as const, exitCode: EXIT_CODE.ok } : resultOf(worst)),
    outputs: { ...writeOutputs(published), ...gatekeeper.outputs(), ...waitOutputs(targets) },
    findings: gatekeeper.findings(),
    edits: published.change?.edits ?? [],
    targets,
    headline: waitHeadline(published.revision, targets),
    notes,
  };
}

function stopped(published: Published, gatekeeper: Gatekeeper): Outcome {
  const findings: readonly Finding[] = gatekeeper.findings();
  return {
    result: 'failed',
    exitCode: EXIT_CODE.failed,
    outputs: { ...writeOutputs(published), ...gatekeeper.outputs() },
    findings,
    edits: [],
    targets: [],
    headline: 'Nothing was written: the change brings new errors into the files that it edits',
    notes: [],
  };
}

function dryRun(published: Published, gatekeeper: Gatekeeper, forge: Forge): Outcome {
  const edits = published.change?.edits ?? [];
  return {
    result: 'ok',
    exitCode: EXIT_CODE.ok,
    outputs: { ...writeOutputs(published), ...gatekeeper.outputs() },
    findings: gatekeeper.findings(),
    edits,
    targets: [],
    headline: `Dry run: ${edits.length} places would change on ${published.branch} of ${forge.location}; nothing was written or waited for`,
    notes: [],
  };
}
