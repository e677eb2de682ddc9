import type { DeliveryEngine } from '../engines/delivery-engine.ts';
import { severalEngines } from '../engines/several.ts';
import { withoutRevision } from '../engines/without-revision.ts';
import { ToolError } from '../errors.ts';
import { normaliserBeside } from '../forges/repository-url.ts';
import { chooseEngines, writtenTargets } from './choose-engine.ts';
import { type ClusterInputs, openCluster } from './cluster-engine.ts';
import { openCommitStatus, targetNames } from './commit-status-engine.ts';
import { readCertificate } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { argocdOptions, clusterOptions, type WaitingInputs } from './engine-options.ts';
import type { SingleEngine, TargetName } from './target-name.ts';

/** What a wait is done with. */
export interface OpenEngine {
  readonly engine: DeliveryEngine;
  /** What is named; empty where the engine finds it. */
  readonly names: readonly TargetName[];
  /** What is not waited for. */
  readonly notes: readonly string[];
}

type Open = (inputs: ClusterInputs, context: CommandContext) => Promise<OpenEngine>;

/** How the inputs open each engine. */
const OPENERS: { readonly [Id in SingleEngine]: Open } = {
  argocd: async (inputs, context) => alone(await openArgocd(inputs, context)),
  'commit-status': async (inputs, context) => alone(await openCommitStatus(inputs, context)),
  flux: async (inputs, context) => alone(await openFlux(inputs, context)),
  kubernetes: openBeside,
};

function alone(engine: DeliveryEngine): OpenEngine {
  return { engine, names: [], notes: [] };
}

/**
 * The engine, or all of those that the targets need as one.
 * @throws ToolError input (no server, half a login, no engine at all), io (certificate file), and those of `connectEngine`, of
 * all engines at once
 */
export async function openEngine(inputs: ClusterInputs, context: CommandContext): Promise<OpenEngine> {
  const ids = chooseEngines(inputs, context.host.env);
  const names = targetNames(inputs);
  if (ids.every((id) => id === 'kubernetes')) throw nothingBringsIt();
  const engines = await openAll(ids, inputs, context);
  const [one, ...others] = engines;
  if (one !== undefined && others.length === 0) return { ...one, names };
  // What files say is waited for where nothing of theirs is named.
  const found = engines.flatMap((opened) => opened.names);
  return {
    engine: severalEngines(
      engines.map(({ engine }) => engine),
      context.host,
    ),
    names: [...names.filter(({ engine }) => !found.some((name) => name.engine === engine)), ...found],
    notes: engines.flatMap(({ notes }) => notes),
  };
}

/** What `kubectl` has applied is waited for by `wait` alone, which opens this engine itself: no commit brings anything there. */
function nothingBringsIt(): ToolError {
  return new ToolError('input', 'engine: kubernetes is for wait, since nothing brings a commit to the cluster there', {
    hint: 'Apply the manifests, and then run wait with engine: kubernetes, or name what brings the commit in targets as well.',
  });
}

/** @throws ToolError with what is wrong with each of them */
async function openAll(
  ids: readonly SingleEngine[],
  inputs: ClusterInputs,
  context: CommandContext,
): Promise<readonly OpenEngine[]> {
  const opened = await Promise.allSettled(ids.map((id) => OPENERS[id](inputs, context)));
  const errors = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (errors.length === 0) return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.engine.close?.() : undefined)));
  throw allOf(errors);
}

/** The same trouble of two engines, such as a kubeconfig that both need, is told once. */
function allOf(errors: readonly unknown[]): unknown {
  const unforeseen = errors.find((error) => !(error instanceof ToolError));
  const known = errors.filter((error) => error instanceof ToolError);
  const [first, ...others] = new Map(known.map((error) => [error.message, error])).values();
  if (unforeseen !== undefined || first === undefined) return unforeseen;
  if (others.length === 0) return first;
  const different = [first, ...others];
  const hints = new Set(different.map(({ hint }) => hint).filter((hint) => hint !== undefined));
  return new ToolError(first.code, 'engine: several that the targets need cannot be reached as the inputs say', {
    problems: different.flatMap(({ message, problems }) => [message, ...problems]),
    ...(hints.size === 0 ? {} : { hint: [...hints].join(' ') }),
  });
}

/** Kubernetes itself, beside engines that bring a commit. */
async function openBeside(inputs: ClusterInputs, context: CommandContext): Promise<OpenEngine> {
  const mine = writtenTargets(inputs).filter(({ engine }) => engine === 'kubernetes');
  const targets = mine.map(({ text }) => text);
  const { engine, applied, names, notes } = await openCluster({ ...inputs, targets }, context);
  return {
    engine: withoutRevision(engine, applied),
    names: names.map((text) => ({ engine: 'kubernetes', text })),
    notes,
  };
}

async function openArgocd(inputs: WaitingInputs, { host, connectEngine }: CommandContext): Promise<DeliveryEngine> {
  const ca = inputs.caCertificate === undefined ? undefined : await readCertificate(host, inputs.caCertificate);
  return connectEngine('argocd', await argocdOptions(inputs, ca, host), host);
}

async function openFlux(inputs: WaitingInputs, { host, connectEngine }: CommandContext): Promise<DeliveryEngine> {
  const ca = inputs.caCertificate === undefined ? undefined : await readCertificate(host, inputs.caCertificate);
  const cluster = await clusterOptions(inputs, ca, host);
  const options = {
    cluster,
    grace: inputs.degradedGrace,
    normaliseRepository: normaliserBeside(inputs.configRepository),
  };
  return connectEngine('flux', options, host);
}
