import { isRecord } from './names.ts';
import type { RenderedApplication } from './render.ts';
import type { ApplicationState } from './types.ts';

/** Whether an application is among those that a list or a stream asks for. */
export function isSelected(state: ApplicationState, query: URLSearchParams): boolean {
  const { name, project, repoURL, labels } = state.application;
  const projects = [...query.getAll('projects'), ...query.getAll('project')].filter(Boolean);
  return (
    (query.get('name') ?? name) === name &&
    (projects.length === 0 || projects.includes(project)) &&
    (query.get('repo') ?? repoURL) === repoURL &&
    (query.get('appNamespace') || 'argocd') === 'argocd' &&
    matchesSelector(labels, query.get('selector') ?? '')
  );
}

/** A label selector: `a=b`, `a!=b`, `a`, `!a`, joined by commas. Sets are not known to the stand-in. */
export function matchesSelector(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return selector
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean)
    .every((term) => {
      const [, not, key = '', operator, value] = /^(!?)([^!=]+?)\s*(?:(!?={1,2})\s*(.*))?$/.exec(term) ?? [];
      if (operator === undefined) return key in labels !== (not === '!');
      return (labels[key] === value) === !operator.startsWith('!');
    });
}

// The list knows a fixed set of fields and silently drops the others:
// https://github.com/argoproj/argo-cd/blob/master/server/application/application.go
const LISTED = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'spec',
  'status.sync.status',
  'status.health',
  'status.summary',
  'status.resources',
];

/** An item of the list: no health of single resources since 3.0, and only the fields that were asked for. */
export function listItem(application: RenderedApplication, fields: string | null): unknown {
  const { status } = application;
  const resources = 'resources' in status ? status.resources?.map(({ health: _, ...rest }) => rest) : undefined;
  const item = { ...application, status: { ...status, ...(resources === undefined ? {} : { resources }) } };
  if (fields === null) return item;
  const wanted = fields.split(',').flatMap((field) => (field.startsWith('items.') ? [field.slice(6)] : []));
  return project(
    item,
    wanted.filter((field) => LISTED.some((known) => `${field}.`.startsWith(`${known}.`))),
  );
}

/** Only the parts of a value that lie at or below one of the paths. */
export function project(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => project(item, paths));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
    if (paths.includes(key)) return [[key, part]];
    const below = paths.flatMap((path) => (path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []));
    return below.length === 0 ? [] : [[key, project(part, below)]];
  });
  return Object.fromEntries(kept);
}
