import { ToolError } from '../errors.ts';

/** One entry of `schema-locations`: a folder or a URL, with the templates of the files to ask for, in this order. */
export interface SchemaLocation {
  /** As it was written. */
  readonly text: string;
  readonly kind: 'url' | 'folder';
  readonly templates: readonly string[];
}

export interface KindName {
  readonly apiVersion: string;
  readonly kind: string;
  /** Minor or full version of Kubernetes. */
  readonly version: string;
}

/**
 * The two layouts in use: of https://github.com/yannh/kubernetes-json-schema and of
 * https://github.com/datreeio/CRDs-catalog.
 */
const LAYOUTS = [
  '{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json',
  '{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json',
];

/**
 * Reads `schema-locations`. The template syntax is kubeconform's
 * (https://github.com/yannh/kubeconform#overriding-schemas-location), and the other names that flux-schema has for the
 * same. `default` means the bundled schemas there; they are asked last in any case.
 * @throws ToolError input with every entry that cannot be used.
 */
export function parseLocations(entries: readonly string[]): readonly SchemaLocation[] {
  const wanted = entries.filter((entry) => entry !== 'default');
  const problems = wanted.flatMap((entry) => locationProblems(entry));
  if (problems.length === 0) return wanted.map(parseLocation);
  throw new ToolError('input', 'Some entries of schema-locations cannot be used.', {
    problems,
    ...(problems.some((problem) => problem.includes('{{')) ? { hint: templateHint() } : {}),
  });
}

function templateHint(): string {
  return `A template may use ${[...VARIABLES.keys()].map((name) => `{{.${name}}}`).join(', ')}.`;
}

function locationProblems(entry: string): readonly string[] {
  const unknown = [...entry.matchAll(/\{\{-?(.*?)-?\}\}/gs)]
    .map(([whole, inner = '']) => ({ whole, name: /^\s*\.(\w+)\s*$/.exec(inner)?.[1] }))
    .filter(({ name }) => name === undefined || !VARIABLES.has(name))
    .map(({ whole }) => `schema-locations: ${whole} in ${entry} is not known`);
  if (/^http:/i.test(entry) && !LOOPBACK.test(entry)) return [`schema-locations: ${entry} must be https`];
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(entry) && !isUrl(entry)) {
    return [`schema-locations: ${entry} is neither a URL with https nor the path of a folder`];
  }
  const isOpen = entry.replace(/\{\{.*?\}\}/gs, '').includes('{{');
  return isOpen ? [...unknown, `schema-locations: {{ is not closed in ${entry}`] : unknown;
}

const LOOPBACK = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/i;

/** Without a file name at the end, an entry is a folder in one of the two layouts. */
function parseLocation(text: string): SchemaLocation {
  const kind = isUrl(text) ? 'url' : 'folder';
  if (isFile(text)) return { text, kind, templates: [text] };
  const base = text.replace(/\/+$/, '');
  return { text, kind, templates: LAYOUTS.map((layout) => `${base}/${layout}`) };
}

function isUrl(entry: string): boolean {
  return /^https?:\/\//i.test(entry);
}

function isFile(entry: string): boolean {
  return /\.json$/.test(entry) || (entry.includes('{{') && /\.ya?ml$/.test(entry));
}

/** What of an entry is there whatever kind is asked for: a folder, or the one file that it names. */
export function fixedPart(entry: string): { readonly path: string; readonly isFolder: boolean } {
  const start = entry.indexOf('{{');
  if (start < 0) return { path: entry, isFolder: !isFile(entry) };
  const end = entry.slice(0, start).lastIndexOf('/');
  return { path: end < 0 ? '.' : entry.slice(0, Math.max(end, 1)), isFolder: true };
}

/** Path or URL of the schema of one kind. What the object says is escaped: it cannot lead out of the location. */
export function renderTemplate(template: string, name: KindName, location: SchemaLocation['kind']): string {
  return template.replace(/\{\{-?\s*\.(\w+)\s*-?\}\}/g, (_, variable: string) => {
    const value = VARIABLES.get(variable)?.(name) ?? '';
    const plain = location === 'url' ? encodeURIComponent(value) : value.replace(/[^\w.-]/g, '_');
    return plain.replace(/^\.+/, '_');
  });
}

const VARIABLES: ReadonlyMap<string, (name: KindName) => string> = new Map<string, (name: KindName) => string>([
  ['NormalizedKubernetesVersion', ({ version }) => fullVersion(version)],
  ['StrictSuffix', () => '-strict'],
  ['ResourceKind', ({ kind }) => kind.toLowerCase()],
  ['ResourceAPIVersion', ({ apiVersion }) => parts(apiVersion).version],
  ['Group', ({ apiVersion }) => parts(apiVersion).group],
  ['KindSuffix', ({ apiVersion }) => kindSuffix(apiVersion)],
  ['Kind', ({ kind }) => kind.toLowerCase()],
  ['Version', ({ apiVersion }) => parts(apiVersion).version],
  ['GroupPrefix', ({ apiVersion }) => parts(apiVersion).group.split('.')[0] ?? ''],
]);

/** Schemas are published for each patch; the first one stands for the minor. */
function fullVersion(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `v${version}.0` : `v${version}`;
}

/** Of the core group, which has no name, both parts are the version. */
function parts(apiVersion: string): { group: string; version: string } {
  const [group = '', version = group] = apiVersion.split('/');
  return { group, version };
}

function kindSuffix(apiVersion: string): string {
  const [group = '', version] = apiVersion.toLowerCase().split('/');
  const prefix = group.split('.')[0] ?? '';
  return version === undefined ? `-${prefix}` : `-${prefix}-${version}`;
}
