import { type Json, list, record, text, time } from '../api/json.ts';
import { conditionsOf, count, keyOf } from '../kubernetes-api/objects.ts';
import type { ObjectHealth } from './object-health.ts';
import { degraded, healthy, lost, progressing } from './verdicts.ts';

/**
 * Why a pod does not run.
 * - `crash`: a container ends again and again.
 * - `restarted`: it has ended once, runs again, and is not ready yet or has not run for long enough to be believed.
 * - `image`: it cannot be pulled.
 * - `container`: it cannot be made, such as when a ConfigMap is missing.
 * - `unschedulable`: no node takes it.
 * - `failed`: it has ended, and will not be started again.
 */
export interface PodTrouble {
  readonly pod: string;
  readonly kind: 'crash' | 'restarted' | 'image' | 'container' | 'unschedulable' | 'failed';
  readonly container?: string;
  /** A sentence with the pod in it. */
  readonly reason: string;
}

export interface PodTroubleOptions {
  /** Milliseconds since 1970 by the server's clock: a container that has crashed shortly before is in trouble though it runs. */
  readonly now?: number;
}

/** Milliseconds for which a container must run after a crash before it counts as running. */
export const RECOVERED_AFTER = 10_000;

/** What the kubelet waits for (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states). */
const WAITING: Readonly<Record<string, PodTrouble['kind']>> = {
  CrashLoopBackOff: 'crash',
  ImagePullBackOff: 'image',
  ErrImagePull: 'image',
  ErrImageNeverPull: 'image',
  InvalidImageName: 'image',
  ImageInspectError: 'image',
  RegistryUnavailable: 'image',
  SignatureValidationFailed: 'image',
  CreateContainerConfigError: 'container',
  CreateContainerError: 'container',
  CreatePodSandboxError: 'container',
  RunContainerError: 'container',
  StartError: 'container',
  PreCreateHookError: 'container',
  PreStartHookError: 'container',
  PostStartHookError: 'container',
};

/**
 * What is wrong with the pods of a workload, one entry for each pod in trouble. Pods that are being deleted are left out: they
 * belong to what is going.
 */
export function podTrouble(pods: readonly Json[], options: PodTroubleOptions = {}): readonly PodTrouble[] {
  return pods.flatMap((pod) => (isLeaving(pod) ? [] : (troubleOf(pod, options) ?? [])));
}

/** It is being deleted. */
export function isLeaving(object: Json): boolean {
  return text(record(object.metadata).deletionTimestamp) !== undefined;
}

function troubleOf(pod: Json, options: PodTroubleOptions): PodTrouble | undefined {
  const { name } = keyOf(pod);
  const status = record(pod.status);
  if (status.phase === 'Succeeded') return undefined;
  if (status.phase === 'Failed') return { pod: name, kind: 'failed', reason: failure(name, status) };
  for (const container of containersOf(pod)) {
    const trouble = containerTrouble(name, container, options);
    if (trouble !== undefined) return trouble;
  }
  return unschedulable(pod);
}

/** Init containers first: the others wait for them. */
function containersOf(pod: Json): readonly Json[] {
  const { initContainerStatuses, containerStatuses } = record(pod.status);
  return [...list(initContainerStatuses), ...list(containerStatuses)].map(record);
}

function containerTrouble(pod: string, container: Json, options: PodTroubleOptions): PodTrouble | undefined {
  const name = text(container.name) ?? '';
  const waiting = record(record(container.state).waiting);
  const why = text(waiting.reason) ?? '';
  const kind = Object.hasOwn(WAITING, why) ? WAITING[why] : undefined;
  const at = `pod ${pod}, container ${name}`;
  const restarts = `${count(container.restartCount)} restarts`;
  if (kind !== undefined) {
    const detail = text(waiting.message) ?? lastExit(container);
    const often = kind === 'crash' ? `, ${restarts}` : '';
    return { pod, container: name, kind, reason: `${at}: ${why}${often}${detail === undefined ? '' : `: ${detail}`}` };
  }
  const exit = hasDoneItsPart(container) ? undefined : badExit(container);
  if (exit === undefined || !isShaken(container, options)) return undefined;
  const isOnce = record(container.state).running !== undefined && count(container.restartCount) < 2;
  return {
    pod,
    container: name,
    kind: isOnce ? 'restarted' : 'crash',
    reason: `${at}: it ended with ${exit}, ${restarts}`,
  };
}

/** An init container that has ended well is ready from then on, however often it had to be tried. */
function hasDoneItsPart({ state, ready }: Json): boolean {
  return ready === true && record(record(state).terminated).exitCode === 0;
}

/** How the container ended badly, or has ended before; with a restart an end without an error is one as well. */
function badExit({ state, lastState, restartCount }: Json): string | undefined {
  const before = record(lastState).terminated;
  return exitOf(record(state).terminated) ?? exitOf(before) ?? (count(restartCount) > 0 ? endOf(before) : undefined);
}

/** It does not run, is not ready, or has run for a short time only. */
function isShaken({ state, ready }: Json, { now }: PodTroubleOptions): boolean {
  const { running } = record(state);
  const since = time(record(running).startedAt);
  return (
    running === undefined ||
    ready !== true ||
    (now !== undefined && since !== undefined && now - since < RECOVERED_AFTER)
  );
}

function lastExit({ lastState }: Json): string | undefined {
  const exit = endOf(record(lastState).terminated);
  return exit === undefined ? undefined : `it ended with ${exit}`;
}

function exitOf(value: unknown): string | undefined {
  const { exitCode, signal } = record(value);
  return exitCode === 0 && signal === undefined ? undefined : endOf(value);
}

function endOf(value: unknown): string | undefined {
  const { exitCode, reason } = record(value);
  if (typeof exitCode !== 'number') return undefined;
  return `exit code ${exitCode}${text(reason) === undefined ? '' : ` (${text(reason)})`}`;
}

function failure(name: string, { reason, message }: Json): string {
  const said = [text(reason), text(message)].filter((part) => part !== undefined).join(': ');
  return `pod ${name} has failed${said === '' ? '' : `: ${said}`}`;
}

function unschedulable(pod: Json): PodTrouble | undefined {
  const { name } = keyOf(pod);
  const condition = conditionsOf(pod).find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (condition?.reason !== 'Unschedulable') return undefined;
  return { pod: name, kind: 'unschedulable', reason: `pod ${name} finds no node: ${condition.message}` };
}

/** Of all containers of the pod together; it only grows while the pod lives. */
export function restartsOf(pod: Json): number {
  return containersOf(pod).reduce((sum, container) => sum + count(container.restartCount), 0);
}

/** It is ready, has ended for good, or is going. */
export function hasSettled(pod: Json): boolean {
  const { phase } = record(pod.status);
  return isReady(pod) || phase === 'Succeeded' || phase === 'Failed' || isLeaving(pod);
}

export function isReady(pod: Json): boolean {
  return conditionsOf(pod).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** A pod that stands for itself. */
export function podHealth(object: Json): ObjectHealth {
  const { phase } = record(object.status);
  if (phase === 'Succeeded') return healthy();
  const [trouble] = podTrouble([object]);
  if (trouble?.kind === 'failed') return lost(trouble.reason);
  // A cluster that grows by need takes minutes to make a node.
  if (trouble !== undefined) return (trouble.kind === 'unschedulable' ? progressing : degraded)(trouble.reason);
  return isReady(object)
    ? healthy()
    : progressing(`the pod is ${text(phase) ?? 'not seen by a node yet'}, and not ready`);
}
