import type { Host } from '../host.ts';
import type { SourceTree } from './source-tree.ts';
import type { RenderedUnit } from './unit.ts';
import type { Workshop } from './workshop.ts';

export interface Shop {
  readonly host: Host;
  readonly tree: SourceTree;
  readonly workshop: Workshop;
  /** Such as `1.34`: what charts are told the cluster is. */
  readonly kubernetesVersion: string;
}

export type Made = Omit<RenderedUnit, 'unit' | 'variables'>;

/** What was not tried, or what a program refused. */
export function notMade(outcome: Made['outcome'], inputs: Iterable<string> = []): Made {
  return { outcome, inputs: new Set(inputs), kustomizations: new Map() };
}
