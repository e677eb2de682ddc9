import type { DeliveryEngine } from '../engines/delivery-engine.ts';
import { ToolError } from '../errors.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { readAppliedObjects } from './applied-objects.ts';
import { readCertificate } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { clusterOptions } from './engine-options.ts';

/** The engine for what kubectl has applied, and what is waited for. */
export interface OpenCluster {
  readonly engine: DeliveryEngine;
  /** Empty where a selector finds them. */
  readonly names: readonly string[];
  /** What is wanted, for people. */
  readonly label: string;
  readonly notes: readonly string[];
}

/** @throws ToolError input (nothing or too much to wait for), missing, data, io, denied */
export async function openCluster(
  inputs: InputValues<'wait'>,
  { host, connectEngine }: CommandContext,
): Promise<OpenCluster> {
  const { manifests, selector, targets, revision } = inputs;
  if (selector !== undefined && targets.length + manifests.length > 0) {
    throw new ToolError('input', 'selector finds what is waited for, and targets or manifests name it', {
      hint: 'Leave one of them out.',
    });
  }
  const ca = inputs.caCertificate === undefined ? undefined : await readCertificate(host, inputs.caCertificate);
  const applied = manifests.length === 0 ? undefined : await readAppliedObjects(host, manifests);
  const options = {
    cluster: await clusterOptions(inputs, ca, host),
    ...(selector === undefined ? {} : { selector }),
    ...(applied === undefined ? {} : { applied: applied.images }),
  };
  const fromFiles = applied === undefined ? 'what is applied' : `the content of ${manifests.join(', ')}`;
  return {
    engine: await connectEngine('kubernetes', options, host),
    names: targets.length > 0 ? targets : (applied?.targets ?? []),
    label: revision ?? fromFiles,
    notes: applied?.notes ?? [],
  };
}

/** @throws ToolError input when files or a selector are given that no other engine would look at */
export function refuseApplied({ engine, manifests, selector }: InputValues<'wait'>): void {
  if (manifests.length === 0 && selector === undefined) return;
  const name = manifests.length > 0 ? 'manifests' : 'selector';
  throw new ToolError('input', `${name} is for engine kubernetes, and engine is ${engine}`, {
    hint: `Leave ${name} out, or set engine: kubernetes.`,
  });
}
