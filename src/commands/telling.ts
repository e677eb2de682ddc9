import type { ProgressEvent } from '../engines/watch.ts';
import type { Forge, Revision } from '../forges/forge-client.ts';
import type { Host } from '../host.ts';
import type { InputDefinition } from '../inputs/define.ts';
import { INPUTS } from '../inputs/definitions.ts';
import type { TargetOutcome } from '../outcome.ts';
import { createRedactor } from '../reporting/redact.ts';
import { provenance } from './provenance.ts';
import { type Teller, tellDeployment, tellStatus } from './telling-lines.ts';
import { type Ending, endingOf, endingOfError, phaseWords } from './telling-words.ts';

/** What the inputs ask to be told. */
export interface TellingInputs {
  readonly environment?: string;
  readonly environmentUrl?: string;
  readonly commitStatus?: string;
  readonly baseBranch?: string;
  readonly dryRun: boolean;
}

export interface Subject {
  /** Absent where no repository was found. */
  readonly forge?: Pick<Forge, 'id' | 'location' | 'statuses' | 'repository'>;
  readonly revision: Revision;
  readonly targets: number;
}

/** The inputs that are secret, as the values of a command are named. */
const SECRETS: ReadonlySet<string> = new Set(
  Object.entries<InputDefinition>(INPUTS)
    .filter(([, { secret }]) => secret === true)
    .map(([name]) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())),
);

type Listen = (event: ProgressEvent) => void;

/**
 * Tells the forge of the config repository, as far as the inputs ask for it, that `body` waits for the revision, how far it
 * has come, and how it ended: cancelled, too. Being unable to tell is a warning and changes nothing else.
 */
export async function telling(
  subject: Subject,
  inputs: TellingInputs,
  host: Host,
  body: (listen: Listen) => Promise<readonly TargetOutcome[]>,
): Promise<readonly TargetOutcome[]> {
  const tellers = tellersOf(subject, inputs, host);
  const phases = phaseWords(subject.targets);
  for (const { begin } of tellers) begin(phases.first);
  const redacted = redaction(inputs);
  try {
    const outcomes = await body((event) => {
      const words = phases.after(event);
      if (words !== undefined) for (const { progress } of tellers) progress(words);
    });
    await end(tellers, redacted(endingOf(subject.revision, outcomes)));
    return outcomes;
  } catch (error) {
    await end(tellers, redacted(endingOfError(error, host.signal.aborted)));
    throw error;
  }
}

/** What the forge is told does not pass the log, which hides secrets otherwise. */
function redaction(inputs: TellingInputs): (ending: Ending) => Ending {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(inputs)) {
    if (SECRETS.has(name) && typeof value === 'string' && value.trim().length >= 8) redactor.add(value);
  }
  return (ending) => redactor.redactAll(ending);
}

async function end(tellers: readonly Teller[], ending: Ending): Promise<void> {
  await Promise.all(tellers.map((teller) => teller.end(ending)));
}

function tellersOf({ forge, revision }: Subject, inputs: TellingInputs, host: Host): readonly Teller[] {
  const { environment, environmentUrl, baseBranch, dryRun } = inputs;
  const context = statusContext(inputs);
  if (dryRun || (environment === undefined && context === undefined)) return [];
  if (forge?.statuses === undefined) {
    const who = forge === undefined ? 'No repository was found that' : `${forge.location} is on no forge that`;
    host.log.warning(
      `${who} can be told of deployments and statuses. Name it in config-repository, and its kind in forge.`,
    );
    return [];
  }
  const { pipelineUrl } = provenance(host.env);
  const page = pipelineUrl === undefined ? {} : { url: pipelineUrl };
  const scene = { forge: { ...forge, statuses: forge.statuses }, revision, host, ...page };
  return [
    ...(environment === undefined
      ? []
      : [
          tellDeployment(scene, {
            environment,
            ...(environmentUrl === undefined ? {} : { environmentUrl }),
            ...(baseBranch === undefined ? {} : { branch: baseBranch }),
          }),
        ]),
    ...(context === undefined ? [] : [tellStatus(scene, context)]),
  ];
}

/** The name of the status that the inputs ask for. One for each environment, so that two do not overwrite each other. */
export function statusContext({ commitStatus, environment }: Pick<TellingInputs, 'commitStatus' | 'environment'>) {
  const wanted = commitStatus?.trim() ?? '';
  if (wanted === '' || /^false$/i.test(wanted)) return undefined;
  if (!/^true$/i.test(wanted)) return wanted;
  return environment === undefined ? 'drawbridge' : `drawbridge/${environment}`;
}
