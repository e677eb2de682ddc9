import { type Json, list, record, text } from '../engines/api/json.ts';
import { type ContainerImages, containerImages, podTemplateOf } from '../engines/object-health/pod-template.ts';
import { isWorthWaitingFor } from '../engines/object-health/worth-waiting.ts';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { discover } from '../manifests/discover.ts';
import { splitDocuments } from '../manifests/documents.ts';
import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { count } from './words.ts';

/** What files say is on the cluster, once `kubectl apply` has been given them. */
export interface AppliedObjects {
  /** Targets as the engine for Kubernetes takes them. */
  readonly targets: readonly string[];
  /** By target, for those that run pods. */
  readonly images: ReadonlyMap<string, ContainerImages>;
  /** What is not waited for. */
  readonly notes: readonly string[];
}

/**
 * The objects in the files that can tell whether they are live.
 * @throws ToolError missing (a path that does not exist, no object worth waiting for), data (what is no YAML), io
 */
export async function readAppliedObjects(host: Host, paths: readonly string[]): Promise<AppliedObjects> {
  const { files } = await discover(host, paths, { ignore: [] });
  const objects = files.flatMap(objectsOf);
  const awaited = objects.filter(isWorthWaitingFor);
  if (awaited.length === 0) {
    throw new ToolError('missing', `there is no object to wait for in ${paths.join(', ')}`, {
      hint: 'Name the files that kubectl apply was given. ConfigMaps, Secrets and other objects without a health of their own are not waited for.',
    });
  }
  const images = awaited.flatMap((object) => {
    const template = podTemplateOf(object);
    return template === undefined ? [] : [[targetText(object), containerImages(template)] as const];
  });
  return { targets: awaited.map(targetText), images: new Map(images), notes: leftOut(objects) };
}

function objectsOf({ path, bytes }: SourceFile): readonly Json[] {
  const decoded = decodeText(bytes);
  if (!decoded.ok) throw new ToolError('data', `${path}: ${decoded.problem}`);
  const reader = createYamlReader(LIMITS.depth);
  return splitDocuments(decoded.text).flatMap((document) => {
    const read = reader.read(document.text, 'cluster', 'allow');
    if (!read.ok) throw new ToolError('data', `${path}:${document.line}: ${read.problem.message}`);
    return flatten(record(read.value));
  });
}

/** A List holds others, as kubectl takes them; what names no object is none. */
function flatten(object: Json): readonly Json[] {
  const { kind, apiVersion, items, metadata } = object;
  if (kind === 'List' && apiVersion === 'v1') return list(items).flatMap((item) => flatten(record(item)));
  return text(kind) === undefined || text(record(metadata).name) === undefined ? [] : [object];
}

function targetText({ apiVersion, kind, metadata }: Json): string {
  const { name, namespace } = record(metadata);
  const [group = '', version] = (text(apiVersion) ?? '').split('/');
  const word = version === undefined ? String(kind) : `${String(kind)}.${group}`;
  return [word, ...(text(namespace) === undefined ? [] : [namespace]), name].join('/');
}

function leftOut(objects: readonly Json[]): readonly string[] {
  const kinds = objects.filter((object) => !isWorthWaitingFor(object)).map(({ kind }) => String(kind));
  if (kinds.length === 0) return [];
  const names = [...new Set(kinds)].toSorted().join(', ');
  return [`${count(kinds.length, 'object')} not waited for, since nothing tells their health: ${names}`];
}
