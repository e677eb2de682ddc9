import type { DeliveryEngine } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { readAppliedObjects } from './applied-objects.ts';
import { readCertificate } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { clusterOptions, type WaitingInputs } from './engine-options.ts';

/** The engine for what kubectl has applied, and what is waited for. */
export interface OpenCluster {
  readonly engine: DeliveryEngine;
  /** Empty where a selector finds them. */
  readonly names: readonly string[];
  /** Targets that files tell how they should be. */
  readonly applied: ReadonlySet<string>;
  /** What is wanted, for people. */
  readonly label: string;
  readonly notes: readonly string[];
}

/** What only `wait` has: no commit brings anything to Kubernetes itself. */
export type ClusterInputs = WaitingInputs & Partial<Pick<InputValues<'wait'>, 'manifests' | 'selector' | 'revision'>>;

/** @throws ToolError input (nothing or too much to wait for), missing, data, io, denied */
export async function openCluster(
  inputs: ClusterInputs,
  { host, connectEngine }: CommandContext,
): Promise<OpenCluster> {
  const { manifests = [], selector, targets, revision } = inputs;
  if (selector !== undefined && targets.length + manifests.length > 0) {
    throw new ToolError('input', 'selector finds what is waited for, and targets or manifests name it', {
      hint: 'Leave one of them out.',
    });
  }
  const applications = targets.filter((text) => /^application(set)?s?[./]/i.test(text));
  if (applications.length > 0) {
    throw new ToolError('input', `engine kubernetes cannot judge ${applications.join(', ')}`, {
      hint: 'Applications of Argo CD have no conditions that say whether they are live: leave engine out, or set engine: argocd.',
    });
  }
  const ca = inputs.caCertificate === undefined ? undefined : await readCertificate(host, inputs.caCertificate);
  const applied = manifests.length === 0 ? undefined : await readAppliedObjects(host, manifests);
  const options = {
    cluster: await clusterOptions(inputs, ca, host),
    ...(selector === undefined ? {} : { selector }),
    ...(applied === undefined ? {} : { applied: applied.images }),
  };
  const engine = await connectEngine('kubernetes', options, host);
  const fromFiles = applied === undefined ? 'what is applied' : `the content of ${manifests.join(', ')}`;
  return {
    engine,
    applied: new Set(applied?.targets.map((text) => engine.parseTarget(text).name)),
    names: targets.length > 0 ? targets : (applied?.targets ?? []),
    label: revision ?? fromFiles,
    notes: applied?.notes ?? [],
  };
}

/** @throws ToolError input when files or a selector are given that no other engine would look at, or a selector beside names */
export function refuseApplied({ engine, manifests, selector }: InputValues<'wait'>): void {
  const name = manifests.length > 0 ? 'manifests' : 'selector';
  if (engine === 'auto' && selector !== undefined) {
    throw new ToolError('input', 'selector finds all that is waited for, and targets or contexts name something', {
      hint: 'Name the workloads in targets as well, such as Deployment/shop/web, or wait for them in a step of their own.',
    });
  }
  if (engine === 'auto' || (manifests.length === 0 && selector === undefined)) return;
  throw new ToolError('input', `${name} is for engine kubernetes, and engine is ${engine}`, {
    hint: `Leave ${name} out, or engine, which then takes each target by how it is written.`,
  });
}
