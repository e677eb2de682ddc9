import { splitDocuments } from '../../manifests/documents.ts';
import type { YamlReader } from '../../manifests/read-yaml.ts';
import type { SourceFile } from '../../manifests/source-file.ts';
import { decodeText, filesWith } from '../../manifests/text.ts';
import { isObject } from '../scalars.ts';
import { readBinding, readPolicy } from './admission-read.ts';
import type { AdmissionPolicy, MatchResources, PolicyBinding } from './admission-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** A policy that is in force, with the bindings that put it there. */
export interface BoundPolicy {
  readonly policy: AdmissionPolicy;
  readonly bindings: readonly PolicyBinding[];
}

export interface AdmissionIndex {
  readonly policies: readonly BoundPolicy[];
  /** All objects in the files that were given as policies: parameters and namespaces may be among them. */
  readonly objects: readonly Json[];
  /** Paths of the files to check that speak of policies. */
  readonly paths: readonly string[];
}

export interface PolicyFiles {
  /** The files to check. */
  readonly tree: readonly SourceFile[];
  /** False for one that is no manifest of its own. */
  isManifest(path: string): boolean;
  /** Files that hold policies, and are not checked. */
  readonly given: readonly SourceFile[];
}

/**
 * The policies in force. One in the tree needs its binding, as in the cluster; one that was given by itself denies, unless
 * there are bindings for it.
 */
export function admissionIndex({ tree, isManifest, given }: PolicyFiles, reader: YamlReader): AdmissionIndex {
  const mentioning = filesWith('ValidatingAdmissionPolicy', tree).filter(({ path }) => isManifest(path));
  const inTree = mentioning.flatMap((file) => objectsIn(file, reader));
  const objects = given.flatMap((file) => objectsIn(file, reader));
  const bindings = [...inTree, ...objects].flatMap((object) => readBinding(object) ?? []);
  const bound = (object: Json, unbound: readonly PolicyBinding[]): readonly BoundPolicy[] => {
    const policy = readPolicy(object);
    if (policy === undefined) return [];
    const own = bindings.filter(({ policyName }) => policyName === policy.name);
    const chosen = own.length > 0 ? own : unbound;
    return chosen.length === 0 ? [] : [{ policy, bindings: chosen }];
  };
  const all = [...objects.flatMap((object) => bound(object, [DENY])), ...inTree.flatMap((object) => bound(object, []))];
  const byName = new Map(all.toReversed().map((entry) => [entry.policy.name, entry]));
  const paths = mentioning.map(({ path }) => path);
  return { policies: [...byName.values()].toReversed(), objects, paths };
}

const ANY: MatchResources = {
  rules: undefined,
  excluded: [],
  policy: 'Equivalent',
  namespaceSelector: undefined,
  objectSelector: undefined,
};
const DENY: PolicyBinding = { policyName: '', actions: ['Deny'], match: ANY, paramRef: undefined };

/** What cannot be read is passed over here: the check of the file itself tells. */
function objectsIn({ bytes }: SourceFile, reader: YamlReader): readonly Json[] {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return [];
  return splitDocuments(decoded.text).flatMap(({ text }) => {
    const read = reader.read(text, 'cluster', 'allow');
    if (!read.ok || !isObject(read.value)) return [];
    return Array.isArray(read.value.items) ? read.value.items.filter(isObject) : [read.value];
  });
}
