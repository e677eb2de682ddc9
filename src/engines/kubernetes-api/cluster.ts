import type { TlsOptions } from '../../host.ts';
import type { Json } from '../api/json.ts';

/** A kind as a server serves it (https://kubernetes.io/docs/reference/using-api/api-concepts/#standard-api-terminology). */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Some objects of one kind: all of a namespace or of the cluster, narrowed by a selector or to one name. */
export interface Scope {
  readonly type: ResourceType;
  /** Absent: all namespaces, or a kind that has none. */
  readonly namespace?: string;
  /** As `kubectl --selector` writes it. */
  readonly labels?: string;
  /** As `kubectl --field-selector` writes it. */
  readonly fields?: string;
  /** Only the object of this name. Rights may be given for single names, and they hold for such a scope. */
  readonly name?: string;
}

export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/**
 * What a read comes to.
 * - `absent`: there is no such object, or the server does not serve that kind. Told only to those who may look.
 * - `forbidden`: not allowed to look, or, for all that one can know, absent. Also said to an allowed user for a moment after
 *   a server's start, while it has not loaded its roles.
 * - `expired`: that resource version is gone (410); list again.
 * - `refused`: any other no, such as a conflict (409) or a selector that cannot be (400).
 */
export type Reading<T> =
  | { readonly kind: 'found'; readonly value: T; readonly serverNow?: number }
  | {
      readonly kind: 'absent' | 'forbidden' | 'expired' | 'refused';
      readonly status: number;
      readonly message: string;
    };

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly Json[];
}

/** One line of a watch (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). */
export type WatchEvent =
  | { readonly kind: 'changed' | 'deleted'; readonly object: Json }
  /** Only its resource version counts: the object of a bookmark is empty but for that. */
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  | { readonly kind: 'error'; readonly expired: boolean; readonly message: string };

export interface WatchStream {
  /** Ends when the server ends it. @throws ToolError temporary when the connection breaks */
  readonly events: AsyncIterable<WatchEvent>;
  close(): void;
}

export interface LogOptions {
  readonly container?: string;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  /** The last so many lines. */
  readonly lines: number;
}

/** One API server, asked as one user. Reads are tried up to six times while it is down or overloaded; writes are sent once. */
export interface Cluster {
  /** For people: the context and the server's address. */
  readonly location: string;
  /** Where objects without a namespace of their own are looked for. */
  readonly namespace: string;
  /**
   * The kinds of an API group in the version that the server prefers; empty where it does not serve the group. Asked once.
   * @throws ToolError temporary, protocol, denied
   */
  resources(group: string, signal: AbortSignal): Promise<readonly ResourceType[]>;
  /** @throws ToolError temporary, protocol, denied (401, certificate) */
  get(type: ResourceType, key: ObjectKey, signal: AbortSignal): Promise<Reading<Json>>;
  /** All pages. @throws ToolError temporary, protocol, denied */
  list(scope: Scope, signal: AbortSignal): Promise<Reading<ObjectList>>;
  /** What changes after `resourceVersion`, with bookmarks. @throws ToolError temporary, denied */
  watch(scope: Scope, resourceVersion: string, signal: AbortSignal): Promise<Reading<WatchStream>>;
  /** A JSON merge patch, sent once. @throws ToolError temporary, protocol, denied */
  patch(type: ResourceType, key: ObjectKey, patch: Json, signal: AbortSignal): Promise<Reading<Json>>;
  /** The last log lines of a pod's container. @throws ToolError temporary, protocol, denied */
  logs(pod: ObjectKey, options: LogOptions, signal: AbortSignal): Promise<Reading<readonly string[]>>;
}

/** What one proves who one is with. Both may come from a program, and run out. */
export interface Credentials {
  /** The whole header. */
  readonly authorization?: string;
  /** PEM. */
  readonly certificate?: string;
  /** PEM. */
  readonly key?: string;
}

/** How to reach one API server as one user; from a kubeconfig, or from inside a cluster. */
export interface ClusterAccess {
  /** Name of the context, for people. */
  readonly name: string;
  /** A URL without a slash at its end; it may have a path, as behind a tunnel. */
  readonly server: string;
  readonly namespace: string;
  readonly tls: Pick<TlsOptions, 'ca' | 'onlyCa' | 'serverName'>;
  /** URL of an HTTP proxy. */
  readonly proxy?: string;
  /** Headers of every request, such as those of impersonation; several values are several lines. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** @throws ToolError denied, missing, deadline when the program that should give them does not */
  readonly credentials: (signal: AbortSignal) => Promise<Credentials>;
  /** Called after a 401: true when the next `credentials` may be others than these. */
  readonly renew: (refused: Credentials) => boolean;
}
