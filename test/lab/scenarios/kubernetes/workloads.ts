/** Workloads of `registry.example/shop/web`, whose tag says how their pods behave: see ../../pods.ts. */
import { IMAGE } from '../manifests.ts';

export interface WorkloadObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
    };
  };
}

interface Options {
  readonly name?: string;
  /** Seconds until its pods are ready. */
  readonly ready?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** More of the specification. */
  readonly spec?: object;
}

function workload(kind: string, tag: string, { name = 'web', ready, labels = {}, spec = {} }: Options): WorkloadObject {
  const annotations = ready === undefined ? {} : { 'lab/ready-after': `${ready}s` };
  const app = { app: name };
  const containers = [{ name: 'web', image: `${IMAGE}:${tag}` }];
  const template = { metadata: { labels: app, annotations }, spec: { containers } };
  const selector = { matchLabels: app };
  const whole = { selector, template, ...spec };
  return { apiVersion: 'apps/v1', kind, metadata: { name, labels }, spec: whole };
}

export function deployment(tag: string, { spec = {}, ...options }: Options = {}): WorkloadObject {
  return workload('Deployment', tag, { ...options, spec: { replicas: 2, ...spec } });
}

export function statefulSet(tag: string): WorkloadObject {
  return workload('StatefulSet', tag, { spec: { replicas: 2, serviceName: 'web' } });
}

export const daemonSet = (tag: string): WorkloadObject => workload('DaemonSet', tag, {});

export function job(tag: string, spec: object = {}): WorkloadObject {
  const containers = [{ name: 'web', image: `${IMAGE}:${tag}` }];
  const template = { spec: { restartPolicy: 'Never', containers } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web' },
    spec: { ...{ backoffLimit: 0, template }, ...spec },
  };
}
