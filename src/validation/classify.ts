import { baseName, directoryName, isCiFile, isHelmTemplate, isKustomizationFile } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import type { FileGraph } from './file-graph.ts';
import { isObject } from './scalars.ts';
import { isToolKind } from './tool-kinds.ts';

/** Why a document is not checked, in the words of the report. */
export type SkipReason =
  | 'CI configuration'
  | 'empty'
  | 'encrypted with git-crypt'
  | 'encrypted with SOPS'
  | 'Helm chart'
  | 'Helm template'
  | 'Helm values'
  | 'kustomization'
  | 'kustomize input'
  | 'kustomize patch'
  | 'kustomize patch by its name'
  | 'no schema'
  | 'not a Kubernetes object'
  | 'symbolic link'
  | 'template'
  | 'test assertion'
  | 'tool configuration';

/** Files by name alone, for a set of files that are looked at together. */
export interface FileNames {
  has(path: string): boolean;
  isChartRoot(folder: string): boolean;
}

export function fileNames(paths: Iterable<string>): FileNames {
  const names = new Set(paths);
  const charts = new Set([...names].filter((path) => baseName(path) === 'Chart.yaml').map(directoryName));
  return { has: (path) => names.has(path), isChartRoot: (folder) => charts.has(folder) };
}

/** What a file's name and the kustomizations around it say; undefined where its content has to. */
export function classifyFile(path: string, names: FileNames, graph: FileGraph): SkipReason | undefined {
  if (isHelmTemplate(path, (candidate) => names.has(candidate))) return 'Helm template';
  if (isChartData(path, names)) return 'Helm chart';
  if (isCiFile(path)) return 'CI configuration';
  if (isTestAssertion(path, names)) return 'test assertion';
  const role = graph.roleOf(path);
  if (role === 'patch') return 'kustomize patch';
  if (role === 'forgotten patch') return 'kustomize patch by its name';
  if (role === 'input') return 'kustomize input';
  if (role === 'values') return 'Helm values';
  if (role === 'assertion') return 'test assertion';
  return undefined;
}

/** Files that templates of a chart read as text (https://helm.sh/docs/chart_template_guide/accessing_files/). */
function isChartData(path: string, names: FileNames): boolean {
  const end = path.lastIndexOf('/files/');
  return end >= 0 && names.isChartRoot(path.slice(0, end));
}

/** Parts of objects that chainsaw and kuttl compare with (https://kyverno.github.io/chainsaw/, https://kuttl.dev/docs/kuttl-test-harness.html). */
function isTestAssertion(path: string, names: FileNames): boolean {
  const name = baseName(path);
  if (!/(^|[-_.])(assert|errors?)([-_.]|$)/.test(name)) return false;
  if (/^\d+-(assert|errors)\.ya?ml$/.test(name)) return true;
  return path.includes('.chainsaw-test/') || names.has(joinPath(directoryName(path), 'chainsaw-test.yaml'));
}

/** What the content of one document says; undefined for a Kubernetes object. */
export function classifyDocument(value: unknown, path: string, names: FileNames): SkipReason | undefined {
  if (value === null) return 'empty';
  const apiVersion = isObject(value) ? value.apiVersion : undefined;
  const kind = isObject(value) ? value.kind : undefined;
  if (isKustomizationFile(path) && !String(apiVersion ?? '').includes('toolkit.fluxcd.io')) return 'kustomization';
  if (!isObject(value) || !isObjectLike(value)) return otherFile(path, names);
  if (Object.hasOwn(value, '$patch')) return 'kustomize patch';
  if ((isCiphertext(kind) || isCiphertext(apiVersion)) && isSops(value)) return 'encrypted with SOPS';
  if (typeof apiVersion === 'string' && isToolKind(apiVersion, String(kind))) {
    return apiVersion.startsWith('kustomize.config.k8s.io/') ? 'kustomization' : 'tool configuration';
  }
  return undefined;
}

/** A document with both names; or with one of them, and metadata that shows that the other was forgotten. */
function isObjectLike(value: Readonly<Record<string, unknown>>): boolean {
  const has = (name: string) => Object.hasOwn(value, name) && value[name] !== null && typeof value[name] !== 'object';
  if (has('apiVersion') && has('kind')) return true;
  return (has('apiVersion') || has('kind')) && isObject(value.metadata);
}

function otherFile(path: string, names: FileNames): SkipReason {
  const name = baseName(path);
  if (name === 'Chart.yaml' || name === 'Chart.lock') return 'Helm chart';
  if (/(^|[-._])values([-._].*)?\.ya?ml$/i.test(name) || names.isChartRoot(directoryName(path))) return 'Helm values';
  return 'not a Kubernetes object';
}

/** Text of a template language: it may not be YAML before it is rendered. */
export function looksLikeTemplate(text: string): boolean {
  return /\{\{|\{%|<%/.test(text);
}

/** Without rules on what to encrypt, SOPS encrypts every value, and nobody can tell what the document is. */
function isCiphertext(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('ENC[');
}

/** https://getsops.io/docs/: the block that SOPS adds to every file that it encrypts. */
export function isSops(value: Readonly<Record<string, unknown>>): boolean {
  const block = Object.hasOwn(value, 'sops') ? value.sops : undefined;
  return isObject(block) && ['mac', 'version', 'lastmodified'].some((name) => Object.hasOwn(block, name));
}
