import type { DeliveryEngine, Target } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import type { Forge } from '../forges/forge-client.ts';
import { normaliseRepositoryUrl } from '../forges/repository-url.ts';
import { type PublishedByRequest, requestsOf } from '../forges/request-types.ts';
import { printImageRef } from '../image/image-ref.ts';
import { parseWantedImages, type WantedImage } from '../image/wanted-image.ts';
import { verifyImages } from '../image-registry/verify.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Outcome, type TargetOutcome } from '../outcome.ts';
import type { Finding } from '../validation/finding.ts';
import { loadCel } from '../validation/load-cel.ts';
import { ancestryOf } from './ancestry.ts';
import { mayWrite, publishBump, writeOutputs } from './bumping.ts';
import { withEngine } from './choose-engine.ts';
import { withLinkedRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { createGate, type Gatekeeper } from './delivery-gate.ts';
import { deliverySchemas } from './delivery-schemas.ts';
import { openJudge } from './judged-change.ts';
import { openEngine } from './open-engine.ts';
import { readPolicies } from './policies.ts';
import { withPreview } from './preview.ts';
import { isRendering } from './rendering.ts';
import { type Settled, settle } from './requesting.ts';
import { publishRollback, type RollbackInputs } from './rolling-back.ts';
import { waitHeadline, worstVerdict } from './verdict-words.ts';
import { parseTargets } from './wait.ts';
import { resultOf, waitFor, waitOutputs } from './waiting.ts';
import { short } from './words.ts';

type DeliverInputs = InputValues<'deliver'>;

interface Delivery {
  readonly inputs: DeliverInputs;
  readonly context: CommandContext;
  readonly engine: DeliveryEngine;
  readonly forge: Forge;
  readonly images: readonly WantedImage[];
}

/** Bump, check what the bump made, publish, (wait for the merge,) wait; on failure, undo it if asked, and still fail. */
export async function deliver(given: DeliverInputs, context: CommandContext): Promise<Outcome> {
  const inputs = withEngine(given, context.host.env);
  const wanted = parseWantedImages(inputs.images);
  const images = await verifyImages(context.host, wanted, { verify: inputs.verifyImage, pin: inputs.pinDigest });
  const { engine, names } = await openEngine(inputs, context);
  try {
    return await deliverTo(engine, parseTargets(engine, names), images, inputs, context);
  } finally {
    await engine.close?.();
  }
}

async function deliverTo(
  engine: DeliveryEngine,
  named: readonly Target[],
  images: readonly WantedImage[],
  inputs: DeliverInputs,
  context: CommandContext,
): Promise<Outcome> {
  const evaluation = { cel: await loadCel(), ...(await readPolicies(context.host, inputs.policies)) };
  const schemasFor = await deliverySchemas(inputs, context.host);
  return withLinkedRepository(inputs, context, async (forge) => {
    const schemas = await schemasFor(forge);
    const judge = isRendering(inputs) ? await openJudge(forge, inputs, schemas, context.host) : undefined;
    const gatekeeper = createGate(schemas, inputs, evaluation, judge);
    if (inputs.onFailure === 'rollback-pull-request') requestsOf(forge, 'on-failure');
    const delivery: Delivery = { inputs, context, engine, forge, images };
    const published = await publishBump(forge, images, inputs, context.host, gatekeeper);
    const outcome = await outcomeOf(delivery, published, named, gatekeeper);
    return withPreview(outcome, gatekeeper, gatekeeper.stopped || published.change !== undefined);
  });
}

async function outcomeOf(
  delivery: Delivery,
  published: PublishedByRequest,
  named: readonly Target[],
  gatekeeper: Gatekeeper,
): Promise<Outcome> {
  if (gatekeeper.stopped) return stopped(published, gatekeeper, isRendering(delivery.inputs));
  if (!mayWrite(delivery.inputs)) return dryRun(published, gatekeeper, delivery.forge);
  return follow(delivery, published, named, gatekeeper);
}

/** From the published change to the verdict. The deadline is one for all waiting. */
async function follow(
  { inputs, context, ...others }: Delivery,
  published: PublishedByRequest,
  named: readonly Target[],
  gatekeeper: Gatekeeper,
): Promise<Outcome> {
  const { host } = context;
  const start = host.clock.monotonic();
  const settled = await settle(others.forge, published, { ...inputs, waitForMerge: true }, host);
  if (settled.kind !== 'on-base') return notMerged(settled, gatekeeper);
  const timeout = Math.max(0, inputs.timeout - (host.clock.monotonic() - start));
  const delivery: Delivery = { ...others, context, inputs: { ...inputs, timeout } };
  tellPublished(delivery, settled.published);
  const targets = named.length > 0 ? named : await discoverTargets(delivery, settled.published);
  const references = others.images.map(({ ref }) => printImageRef(ref));
  const outcomes = await waitForRevision(delivery, targets, settled.published.revision, references);
  const rollback: Delivery = { ...delivery, inputs };
  const notes = await rollBackIfFailed(rollback, targets, settled.published, outcomes);
  return finished(settled.published, gatekeeper, outcomes, [...(published.notes ?? []), ...notes]);
}

function tellPublished({ context, forge }: Delivery, { changed, branch, revision, request }: PublishedByRequest): void {
  const where = `${branch} of ${forge.location}`;
  const what = changed
    ? `Committed ${short(revision)} to ${where}.`
    : `Nothing to change: ${where} has these images at ${short(revision)}.`;
  context.host.log.info(request === undefined ? what : `Merged into ${where} as ${short(revision)}.`);
}

async function discoverTargets(
  { engine, forge, context }: Delivery,
  published: PublishedByRequest,
): Promise<readonly Target[]> {
  const { request, change, revision } = published;
  const planned = change?.files.map(({ path }) => path) ?? [];
  const changedFiles = request === undefined ? planned : await forge.repository.changedPaths(revision);
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
  const changedFiles = () => forge.repository.changedPaths(revision);
  return waitFor({ engine, targets, wanted, relation, forge, changedFiles }, inputs, context.host);
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
  published: PublishedByRequest,
  outcomes: readonly TargetOutcome[],
): Promise<readonly string[]> {
  const { inputs, context } = delivery;
  if (inputs.onFailure === 'fail' || !deservesRollback(outcomes)) return [];
  if (!published.changed && published.request === undefined) return ['Not rolled back: this run wrote nothing.'];
  try {
    context.host.log.info(`Rolling back ${short(published.revision)}.`);
    return await rollBack(delivery, targets, published);
  } catch (error) {
    if (!(error instanceof ToolError) || context.host.signal.aborted) throw error;
    return [`Not rolled back: ${error.message}`, ...error.problems, ...(error.hint === undefined ? [] : [error.hint])];
  }
}

async function rollBack(
  delivery: Delivery,
  targets: readonly Target[],
  published: PublishedByRequest,
): Promise<readonly string[]> {
  const { inputs, context, forge } = delivery;
  const undone = await publishRollback(forge, rollbackOf(inputs, published), context.host);
  const settling = { ...inputs, waitForMerge: false };
  const settled = await settle(forge, undone.published, settling, context.host);
  if (settled.kind === 'open') return [`The rollback is proposed by ${settled.request.request.url}.`];
  if (settled.kind === 'ended') return [`Not rolled back: ${settled.headline}`];
  const { revision } = settled.published;
  const after = await waitForRevision(delivery, targets, revision, []);
  return [`Rolled back by commit ${short(revision)}: ${waitHeadline(revision, after)}.`];
}

/** What names the bump (its message, title and branch) says the wrong thing about its rollback. */
function rollbackOf(inputs: DeliverInputs, { revision, branch, request }: PublishedByRequest): RollbackInputs {
  const { commitMessage: _message, title: _title, branch: _branch, ...others } = inputs;
  const byRequest = inputs.onFailure === 'rollback-pull-request';
  return {
    ...others,
    strategy: byRequest ? 'pull-request' : 'commit',
    skipCi: inputs.skipCi && !byRequest,
    commit: revision,
    images: [],
    files: [],
    baseBranch: branch,
    ...(request === undefined ? {} : { describedBy: request.head }),
  };
}

/** The change is in a request that did not reach the base branch; nothing was waited for on the cluster. */
function notMerged(settled: Exclude<Settled, { kind: 'on-base' }>, gatekeeper: Gatekeeper): Outcome {
  const { published } = settled;
  const url = published.request?.request.url ?? 'the request';
  const end =
    settled.kind === 'ended'
      ? settled
      : ({ result: 'blocked', exitCode: EXIT_CODE.blocked, headline: `${url} is open` } as const);
  return {
    result: end.result,
    exitCode: end.exitCode,
    outputs: { ...writeOutputs(published), ...gatekeeper.outputs() },
    findings: gatekeeper.findings(),
    edits: published.change?.edits ?? [],
    targets: [],
    headline: end.headline,
    notes: published.notes ?? [],
  };
}

function finished(
  published: PublishedByRequest,
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

function stopped(published: PublishedByRequest, gatekeeper: Gatekeeper, rendered: boolean): Outcome {
  const findings: readonly Finding[] = gatekeeper.findings();
  return {
    result: 'failed',
    exitCode: EXIT_CODE.failed,
    outputs: { ...writeOutputs(published), ...gatekeeper.outputs() },
    findings,
    edits: [],
    targets: [],
    headline: `Nothing was written: the change brings new errors into the files that it edits${rendered ? ', or into what they render to' : ''}`,
    notes: [],
  };
}

function dryRun(published: PublishedByRequest, gatekeeper: Gatekeeper, forge: Forge): Outcome {
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
