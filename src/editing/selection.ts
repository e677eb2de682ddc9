import { ToolError } from '../errors.ts';
import type { Site } from './site.ts';
import { presentSlots } from './site.ts';

/** Which of the places that hold a wanted image are meant. Within a list any may match; the lists must match together. */
export interface Selection {
  readonly resources: readonly { readonly kind: string; readonly name: string }[];
  readonly containers: readonly string[];
  /** Flux policies, `namespace:name`, as setter markers name them. */
  readonly markers: readonly string[];
}

export const SELECT_ALL: Selection = { resources: [], containers: [], markers: [] };

/**
 * Reads `Kind/name`, `container=NAME` and `marker=namespace:policy`, one a line.
 * @throws ToolError input with every problem at once
 */
export function parseSelection(lines: readonly string[]): Selection {
  const parsed = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseLine);
  const problems = parsed.flatMap((item) => (item.kind === 'problem' ? [item.problem] : []));
  if (problems.length > 0) {
    throw new ToolError(
      'input',
      problems.length === 1 ? `select: ${problems[0]}` : `select: ${problems.length} problems`,
      {
        hint: 'Write one a line: Kind/name, container=NAME or marker=namespace:policy.',
        problems,
      },
    );
  }
  return {
    resources: parsed.flatMap((item) => (item.kind === 'resource' ? [item.resource] : [])),
    containers: parsed.flatMap((item) => (item.kind === 'container' ? [item.name] : [])),
    markers: parsed.flatMap((item) => (item.kind === 'marker' ? [item.name] : [])),
  };
}

export function selects(selection: Selection, site: Site): boolean {
  const { resources, containers, markers } = selection;
  const { resource, container } = site;
  return (
    (resources.length === 0 || resources.some(({ kind, name }) => kind === resource?.kind && name === resource.name)) &&
    (containers.length === 0 || containers.some((name) => name === container)) &&
    (markers.length === 0 || markers.some((marker) => carriesMarker(site, marker)))
  );
}

type ParsedLine =
  | { readonly kind: 'resource'; readonly resource: { readonly kind: string; readonly name: string } }
  | { readonly kind: 'container' | 'marker'; readonly name: string }
  | { readonly kind: 'problem'; readonly problem: string };

function parseLine(line: string): ParsedLine {
  const assignment = /^(container|marker)=(\S+)$/.exec(line);
  if (assignment !== null)
    return { kind: assignment[1] === 'marker' ? 'marker' : 'container', name: assignment[2] ?? '' };
  const [, kind, name] = /^([A-Za-z][A-Za-z0-9]*)\/([^\s/=]+)$/.exec(line) ?? [];
  if (kind !== undefined && name !== undefined) return { kind: 'resource', resource: { kind, name } };
  return {
    kind: 'problem',
    problem: `${JSON.stringify(line)} is neither Kind/name nor container=NAME nor marker=namespace:policy`,
  };
}

/** `# {"$imagepolicy": "flux-system:podinfo:tag"}` (https://fluxcd.io/flux/guides/image-update/#configure-image-update-for-custom-resources). */
function carriesMarker(site: Site, marker: string): boolean {
  return presentSlots(site).some(({ node }) => {
    const [, policy] = /"\$imagepolicy"\s*:\s*"([^"]*)"/.exec(node.comment ?? '') ?? [];
    return policy === marker || policy?.startsWith(`${marker}:`) === true;
  });
}
