import { ToolError } from '../../errors.ts';
import type { Target } from '../delivery-engine.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

export interface Defaults {
  readonly project?: string;
  readonly applicationNamespace?: string;
}

/** How an ApplicationSet is named as a target. */
const SET = /^(?:ApplicationSet|appset)\//;

/**
 * `name` or `namespace/name` of an Application; `ApplicationSet/` or `appset/` before it of an ApplicationSet.
 * @throws ToolError input
 */
export function parseApplicationTarget(written: string, defaults: Defaults): Target {
  const isSet = SET.test(written.trim());
  const parts = written.trim().replace(SET, '').split('/');
  const name = parts.at(-1) ?? '';
  const namespace = parts.length === 2 ? parts[0] : defaults.applicationNamespace;
  if (parts.length > 2 || !NAME.test(name) || (namespace !== undefined && !NAME.test(namespace))) {
    throw new ToolError('input', `targets: ${JSON.stringify(written)} is no name of an Argo CD application`, {
      hint: 'Write name, namespace/name, ApplicationSet/name or ApplicationSet/namespace/name: lower-case letters, digits, "-" and ".".',
    });
  }
  return {
    name: isSet ? `ApplicationSet/${parts.join('/')}` : written.trim(),
    kind: isSet ? 'ApplicationSet' : 'Application',
    ...(namespace === undefined ? {} : { namespace }),
    ...(defaults.project === undefined ? {} : { project: defaults.project }),
  };
}

export function applicationName({ name }: Target): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/**
 * `/api/v1/applications/{name}` and what is below it. The namespace belongs into the query of every one of them: in the path
 * it is not understood, and without it a bare name can answer with another Application of the same name.
 */
export function applicationPath(target: Target, below = ''): string {
  return `/api/v1/applications/${encodeURIComponent(applicationName(target))}${below}`;
}

/** With the project a missing Application is a 404; without it the same 403 as for a forbidden one. */
export function applicationQuery({ namespace, project }: Target): Readonly<Record<string, string | undefined>> {
  return { project, appNamespace: namespace };
}
