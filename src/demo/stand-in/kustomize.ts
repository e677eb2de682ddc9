import { ToolError } from '../../errors.ts';
import { documentsOf, type Tree } from './manifests.ts';
import { isRecord } from './names.ts';
import type { Manifest } from './types.ts';

type Content = Manifest['content'];

const RENDERED = new Set(['apiVersion', 'kind', 'metadata', 'resources', 'images', 'namespace']);
const DEPTH = 20;

/** The kustomization file of a folder; undefined where it has none. */
export function kustomizationOf(tree: Tree, folder: string): string | undefined {
  return ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
    .map((name) => join(folder, name))
    .find((path) => tree.files.has(path));
}

/**
 * What `kustomize build` makes of a folder, for the fields `resources`, `images` and `namespace`.
 * @throws ToolError data when a resource is missing, or the kustomization has a field that the stand-in does not render.
 */
export function buildKustomization(tree: Tree, folder: string, depth = 0): readonly Content[] {
  const path = kustomizationOf(tree, folder);
  if (path === undefined || depth > DEPTH) throw failure(`unable to find one of 'kustomization.yaml' in '${folder}'`);
  const kustomization = documentsOf({ ...tree, files: withKind(tree, path) }, path)[0] ?? {};
  const unknown = Object.keys(kustomization).find((field) => !RENDERED.has(field));
  if (unknown !== undefined) {
    throw failure(
      `the stand-in renders only resources, images and namespace of a kustomization: ${path} has ${unknown}`,
    );
  }
  const namespace = kustomization.namespace;
  return list(kustomization.resources)
    .flatMap((resource) => resourceOf(tree, folder, String(resource), depth))
    .map((content) => withImages(content, list(kustomization.images).filter(isRecord)))
    .map((content) => (typeof namespace === 'string' ? withNamespace(content, namespace) : content));
}

// A kustomization may leave out its kind: https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#kustomization
function withKind(tree: Tree, path: string): ReadonlyMap<string, string> {
  const text = tree.files.get(path) ?? '';
  return /^kind:/m.test(text) ? tree.files : new Map([[path, `kind: Kustomization\n${text}`]]);
}

function resourceOf(tree: Tree, folder: string, resource: string, depth: number): readonly Content[] {
  const path = join(folder, resource);
  if (tree.files.has(path)) return documentsOf(tree, path);
  if (kustomizationOf(tree, path) !== undefined) return buildKustomization(tree, path, depth + 1);
  throw failure(
    `accumulating resources: accumulation err='accumulating resources from '${resource}': no such file or directory'`,
  );
}

function failure(problem: string): ToolError {
  return new ToolError('data', `rpc error: code = Unknown desc = \`kustomize build\` failed: Error: ${problem}`);
}

function withNamespace(content: Content, namespace: string): Content {
  const metadata = isRecord(content.metadata) ? content.metadata : {};
  return { ...content, metadata: { ...metadata, namespace } };
}

// kustomize looks for `containers` and `initContainers` at any depth: https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/builtins/ImageTagTransformer.go
function withImages(content: Content, images: readonly Content[]): Content {
  const entries = Object.entries(content).map(([key, value]) => [key, replaced(key, value, images)] as const);
  return Object.fromEntries(entries);
}

function replaced(key: string, value: unknown, images: readonly Content[]): unknown {
  if (isRecord(value)) return withImages(value, images);
  if (!Array.isArray(value) || !/^(initC|c)ontainers$/.test(key)) return value;
  return value.map((container: unknown) =>
    isRecord(container) && typeof container.image === 'string'
      ? { ...container, image: images.reduce(transformImage, container.image) }
      : container,
  );
}

/** Applies one entry of `images`: `newName`, `newTag`, `digest`; a digest drops the tag, a new tag drops the digest. */
export function transformImage(image: string, entry: Content): string {
  const [name, tag, digest] = splitImage(image);
  if (name !== entry.name) return image;
  const text = (field: string) => (entry[field] === undefined ? undefined : String(entry[field]));
  const newTag = text('newTag');
  const newDigest = text('digest');
  const version = newDigest !== undefined ? `@${newDigest}` : newTag !== undefined ? `:${newTag}` : tag + digest;
  return (text('newName') ?? name) + version;
}

function splitImage(image: string): readonly [name: string, tag: string, digest: string] {
  const at = image.indexOf('@') < 0 ? image.length : image.indexOf('@');
  const colon = image.lastIndexOf(':', at);
  const end = colon > image.lastIndexOf('/', at) && colon < at ? colon : at;
  return [image.slice(0, end), image.slice(end, at), image.slice(at)];
}

/** A path below a folder of the repository, with `.` and `..` taken out; `..` above the root stays at the root. */
export function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
