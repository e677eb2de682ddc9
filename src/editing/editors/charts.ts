import type { Site, Slot } from '../site.ts';
import { readParts } from './parts.ts';

/** Where a chart comes from and the version that is asked of it. */
export interface ChartPlace {
  /** Without `oci://`; undefined where the chart comes from no container registry. */
  readonly repository: string | undefined;
  readonly name?: string;
  readonly version: Slot | undefined;
}

/**
 * A chart in a container registry is an image like any other: `oci://ghcr.io/acme/charts` with the name `shop` is
 * `ghcr.io/acme/charts/shop`, and its version the tag (https://helm.sh/docs/topics/registries/). A range stays a range.
 */
export function chartSite(base: Pick<Site, 'document' | 'resource' | 'place'>, chart: ChartPlace): readonly Site[] {
  const { repository, name, version } = chart;
  if (repository === undefined || version === undefined) return [];
  const url = repository.replace(/\/+$/, '');
  const read = readParts({ repository: name === undefined ? url : `${url}/${name}`, tag: version });
  if (read?.image.registry === undefined) return [];
  const range = version.kind === 'present' && isRange(version.text);
  const fixed = range ? { fixed: `follows the range ${version.text}` } : {};
  return [{ ...base, ...read, ...fixed, slots: { kind: 'split', tag: version } }];
}

/** The address of a chart registry without its scheme; undefined for every other kind of address. */
export function registryOf(url: string | undefined): string | undefined {
  return url?.startsWith('oci://') ? url.slice('oci://'.length) : undefined;
}

/** As Helm and Flux read version constraints: an operator, a wildcard, or more than one version. */
function isRange(version: string): boolean {
  return /[<>=~^*|, ]|(^|\.)[xX](\.|$)/.test(version);
}
