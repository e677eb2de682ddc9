import type { DeliveryEngine, Target } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import { resolveConfigRepository } from '../forges/address.ts';
import type { Forge, Relation, RepositoryAddress, Revision } from '../forges/forge-client.ts';
import { normaliseRepositoryUrl, parseRepositoryUrl } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import { addressOf, isOwnServer, openForge, type RepositoryInputs } from './config-repository.ts';
import type { CommandContext } from './context.ts';

/** How revisions are compared during a wait, and which repository that was asked of. */
export interface Ancestry {
  readonly relation: (revision: Revision) => Promise<Relation>;
  /** Normalised; absent where only equality is known. */
  readonly repository?: string;
  /** Pages of that repository. */
  readonly links?: NonNullable<Forge['links']>;
  readonly forge?: Forge;
}

interface Question {
  readonly inputs: RepositoryInputs;
  readonly engine: DeliveryEngine;
  readonly targets: readonly Target[];
  readonly wanted: Revision;
}

/**
 * Finds the repository that can tell whether a live commit contains the wanted one: the one that is named, else the one that
 * a target names as its source, else the current checkout's; each only where it holds the wanted revision. Without any,
 * equality is all there is, and that is said.
 */
export async function withAncestry<T>(
  question: Question,
  context: CommandContext,
  body: (ancestry: Ancestry) => Promise<T>,
): Promise<T> {
  const forge = await findRepository(question, context);
  if (forge === undefined) {
    context.host.log.warning(
      'No repository tells how commits stand to each other, so only this very revision counts as live. Name one in config-repository.',
    );
    return body({ relation: async (revision) => (revision === question.wanted ? 'equal' : 'unknown') });
  }
  try {
    return await body(ancestryOf(forge, question.wanted));
  } finally {
    await forge.close();
  }
}

export function ancestryOf(forge: Forge, wanted: Revision): Ancestry {
  return {
    relation: (revision) => forge.repository.relation(revision, wanted),
    repository: normaliseRepositoryUrl(forge.location),
    forge,
    ...(forge.links === undefined ? {} : { links: forge.links }),
  };
}

async function findRepository(question: Question, context: CommandContext): Promise<Forge | undefined> {
  const { inputs, wanted } = question;
  const { host } = context;
  if (inputs.configRepository !== undefined) return openForge(inputs, await addressOf(inputs, host), context);
  for await (const address of candidates(question, host)) {
    const forge = await openForge(trustedWith(inputs, address, host), address, context);
    if (await holdsRevision(forge, wanted)) {
      host.log.info(`Ancestry is read from ${forge.location}.`);
      return forge;
    }
    await forge.close();
  }
  return undefined;
}

/** Targets that are asked for their sources at a time: most often the first of them name the repository already. */
const ASKED = 8;

async function* candidates({ engine, targets }: Question, host: Host): AsyncGenerator<RepositoryAddress> {
  const known = new Set<string>();
  for (let first = 0; first < targets.length; first += ASKED) {
    const asked = targets.slice(first, first + ASKED);
    const named = await Promise.all(asked.map((target) => engine.sources(target, host.signal).catch(() => [])));
    for (const { repository: url } of named.flat()) {
      if (known.has(url) || parseRepositoryUrl(url).kind !== 'url') continue;
      known.add(url);
      yield { kind: 'url', url };
    }
  }
  const remote = await resolveConfigRepository(host, undefined).catch(missingIsNone);
  if (remote !== undefined) yield remote;
}

function missingIsNone(error: unknown): undefined {
  if (error instanceof ToolError && (error.code === 'missing' || error.code === 'input')) return undefined;
  throw error;
}

/** Credentials were not given for an address that a server names: they go only to the host of the CI system that issued them. */
function trustedWith(inputs: RepositoryInputs, address: RepositoryAddress, { env }: Host): RepositoryInputs {
  const { token: _token, appId: _id, appPrivateKey: _key, ...others } = inputs;
  return isOwnServer(address, env) ? inputs : others;
}

async function holdsRevision(forge: Forge, wanted: Revision): Promise<boolean> {
  try {
    return (await forge.repository.log({ from: wanted, limit: 1 })).length > 0;
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}
