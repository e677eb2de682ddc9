import type { Refusal, Success } from '../api/retry.ts';
import type { ActResult, Target } from '../delivery-engine.ts';
import type { Defaults } from './application-ref.ts';
import type { TreeNode } from './resource-tree.ts';

export interface Asking {
  readonly signal: AbortSignal;
  /** Milliseconds for one try. Default 30,000. */
  readonly timeout?: number;
  /** Default 6. */
  readonly tries?: number;
}

export interface Place {
  readonly name?: string;
  readonly namespace?: string | undefined;
  readonly project?: string | undefined;
}

/**
 * What is asked of an Argo CD, whichever way it is reached: by its own API server, or by the objects that it keeps in its
 * cluster. A refusal is a value; whatever else goes wrong is thrown: ToolError temporary, protocol, denied.
 */
export interface ArgocdApi {
  /** For people. */
  readonly location: string;
  /** What to do about a right that is missing, in the words of those who give it. */
  readonly hints: { readonly list: string; readonly nothing: string; readonly logs: string };
  /** What it means that an Application is answered with 403, after `the application shop `. */
  readonly forbidden: string;
  /** The Application; with `refresh`, once Argo CD has compared it anew. */
  application(target: Target, asking: Asking & { readonly refresh?: boolean }): Promise<Success | Refusal>;
  /** `{ items }` of all that may be read. */
  applications(which: Defaults, asking: Asking): Promise<Success | Refusal>;
  applicationSet(target: Target, asking: Asking): Promise<Success | Refusal>;
  /** As the API server computes it: `{ activeWindows, assignedWindows }`. */
  syncWindows(target: Target, asking: Asking): Promise<Success | Refusal>;
  /** The Applications that this one deploys, as they are and as they should be. */
  managedApplications(target: Target, asking: Asking): Promise<Success | Refusal>;
  /** Empty for what cannot be read. */
  resourceTree(target: Target, asking: Asking): Promise<readonly TreeNode[]>;
  /** Events of Kubernetes about a resource of the Application; empty for what cannot be read. */
  events(target: Target, node: TreeNode, asking: Asking): Promise<readonly unknown[]>;
  /** The last lines of a pod, of its run before this one where asked; undefined when it is forbidden. */
  logs(
    target: Target,
    pod: TreeNode,
    which: { readonly lines: number; readonly previous: boolean },
    asking: Asking,
  ): Promise<readonly string[] | undefined>;
  /** Passes on what changes until the stream ends, and says why it did. Never throws. */
  follow(place: Place, signal: AbortSignal, onChange: (type: string, application: unknown) => void): Promise<string>;
  /** See `DeliveryEngine.act`. */
  act(
    target: Target,
    action: 'refresh' | 'sync' | 'terminate',
    revision: string | undefined,
    signal: AbortSignal,
  ): Promise<ActResult>;
}
