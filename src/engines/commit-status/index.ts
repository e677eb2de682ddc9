import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { DeliveryEngine, Diagnosis, Target } from '../delivery-engine.ts';
import { contextPattern } from './context-pattern.ts';
import { diagnosisOf } from './diagnose.ts';
import type { Rules } from './interpret.ts';
import { observe } from './observe.ts';
import { type Reading, readStatuses, rememberRelations, type Sources } from './reading.ts';

export interface CommitStatusOptions {
  /** For people: the config repository. */
  readonly location: string;
  /** Opens the config repository, once. @throws ToolError where it has no statuses */
  readonly open: () => Promise<Sources>;
  /** The branch whose newer commits are looked at; not given: the default branch. */
  readonly branch?: string;
  /** Contexts of one target that must have succeeded. */
  readonly required: number;
  /** Names that this run itself writes to. */
  readonly own: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * What Flux, Argo CD or anybody else says about commits of the config repository, with no access to the cluster. A target is
 * the name of a context, or a pattern of such names.
 */
export function connectCommitStatus(options: CommitStatusOptions, host: Host): DeliveryEngine {
  let latest: Reading = { spoken: [] };
  const remembering = rememberRelations();
  const rulesOf = ({ name }: Target): Rules => {
    const isMeant = contextPattern(name);
    return {
      matches: (context) => isMeant(context) && !options.own.includes(context),
      required: options.required,
    };
  };
  return {
    id: 'commit-status',
    location: options.location,
    showsImages: false,
    parseTarget,
    discover: async () => {
      throw new ToolError('input', 'contexts: none is given, and nothing else says which statuses to wait for', {
        hint: 'Name them, such as contexts: kustomization/apps/*.',
      });
    },
    sources: async () => [],
    observe: (targets, wanted, _observing, signal) => {
      if (!COMMIT.test(wanted.revision)) throw noCommit(wanted.revision);
      const read = async () => {
        const { repository, statuses } = await options.open();
        const sources = { repository: remembering(repository), statuses };
        latest = await readStatuses(sources, wanted.revision, options.branch);
        return latest;
      };
      return observe(targets, { host, wanted, read, rulesOf, signal });
    },
    act: async (_target, action) => ({
      kind: 'refused',
      reason: `${action} needs access to the engine, which commit statuses do not give`,
    }),
    diagnose: async (target): Promise<Diagnosis> => diagnosisOf(target, latest, rulesOf(target)),
    close: options.close,
  };
}

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

function noCommit(revision: string): ToolError {
  return new ToolError(
    'input',
    `revision: engine commit-status waits for a commit, and ${revision} is no full id of one`,
    {
      hint: 'Give all of its 40 digits, as git rev-parse shows them.',
    },
  );
}

function parseTarget(text: string): Target {
  const name = text.trim();
  if (name === '') throw new ToolError('input', 'contexts: an empty name');
  return { name, kind: 'Context' };
}
