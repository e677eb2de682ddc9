/** A container image reference, split and not yet normalised: what was not written is absent. */
export interface ImageRef {
  /** `ghcr.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry?: string;
  /** Without the registry: `library/nginx`, `acme/api`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:<64 hex>` or `sha512:<128 hex>`. */
  readonly digest?: string;
}

export interface ImageProblem {
  /** What is wrong, as the end of a sentence that begins with the text itself. */
  readonly problem: string;
}

/** Longest registry and repository together, in characters; as in the reference grammar. */
const MAX_NAME = 255;
const MAX_TAG = 128;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };
const TAG = /^\w[\w.-]*$/;
const REPOSITORY_PART = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const HOST_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

export function isImageProblem(parsed: ImageRef | ImageProblem): parsed is ImageProblem {
  return 'problem' in parsed;
}

/**
 * Splits a reference by the grammar of https://github.com/distribution/reference: `[registry/]repository[:tag][@digest]`.
 * The first part is a registry only when it holds a dot or a port, or is `localhost` or an IPv6 address in brackets.
 * Takes linear time and never throws.
 */
export function parseImageRef(text: string): ImageRef | ImageProblem {
  if (text === '') return { problem: 'is empty' };
  const strange = /[^\x21-\x7e]/u.exec(text);
  if (strange !== null) return { problem: `holds the character ${printCharacter(strange[0])}` };
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = named.indexOf(':', Math.max(named.lastIndexOf('/'), named.lastIndexOf(']')) + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const { registry, repository } = splitName(name);
  const problem =
    nameProblem(name, registry, repository) ??
    (tag === undefined ? undefined : tagProblem(tag)) ??
    (digest === undefined ? undefined : digestProblem(digest));
  if (problem !== undefined) return { problem };
  return { ...(registry && { registry }), repository, ...(tag && { tag }), ...(digest && { digest }) };
}

/** The reference as it is written, `registry/repository:tag@digest`. */
export function printImageRef(ref: ImageRef): string {
  const tag = ref.tag === undefined ? '' : `:${ref.tag}`;
  const digest = ref.digest === undefined ? '' : `@${ref.digest}`;
  return `${printImageName(ref)}${tag}${digest}`;
}

/** The reference without tag and digest, spelled as it was written. */
export function printImageName(ref: ImageRef): string {
  return ref.registry === undefined ? ref.repository : `${ref.registry}/${ref.repository}`;
}

/**
 * One spelling for every way to write the same repository: `nginx`, `library/nginx`, `index.docker.io/nginx` and
 * `docker.io/library/nginx` are all `docker.io/library/nginx`. Tag and digest play no part.
 */
export function normaliseImageName(ref: ImageRef): string {
  const written = ref.registry?.toLowerCase() ?? 'docker.io';
  const registry = written === 'index.docker.io' || written === 'registry-1.docker.io' ? 'docker.io' : written;
  const official = registry === 'docker.io' && !ref.repository.includes('/');
  return `${registry}/${official ? 'library/' : ''}${ref.repository}`;
}

/** True when both name the same repository, whatever their tags and digests are. */
export function sameImage(a: ImageRef, b: ImageRef): boolean {
  return normaliseImageName(a) === normaliseImageName(b);
}

/** Why `tag` is no image tag, as the end of a sentence; undefined when it is one. */
export function tagProblem(tag: string): string | undefined {
  if (tag === '') return 'has a colon and no tag after it';
  if (tag.length > MAX_TAG) return `has a tag of ${tag.length} characters (at most ${MAX_TAG})`;
  if (TAG.test(tag)) return undefined;
  return `has the tag "${tag}", which is not made of letters, digits, "_", "." and "-" (a letter, digit or "_" first)`;
}

/** Why `digest` is none, as the end of a sentence; undefined when it is one. */
export function digestProblem(digest: string): string | undefined {
  const [algorithm = '', hex = ''] = digest.split(':', 2);
  const length = DIGEST_LENGTHS[algorithm];
  if (!Object.hasOwn(DIGEST_LENGTHS, algorithm) || length === undefined) {
    return `has the digest "${shorten(digest)}", which begins with neither sha256: nor sha512:`;
  }
  if (digest.length !== algorithm.length + 1 + length) {
    return `has a ${algorithm} digest of ${digest.length - algorithm.length - 1} characters (it needs ${length})`;
  }
  return /^[0-9a-f]+$/.test(hex) ? undefined : 'has a digest that is not lower-case hexadecimal';
}

function splitName(name: string): { registry?: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  if (slash < 0 || !(/[.:]/.test(first) || first === 'localhost')) return { repository: name };
  return { registry: first, repository: name.slice(slash + 1) };
}

function nameProblem(name: string, registry: string | undefined, repository: string): string | undefined {
  if (name.length > MAX_NAME) return `has a name of ${name.length} characters (at most ${MAX_NAME})`;
  if (registry !== undefined && !isRegistry(registry)) return `has the registry "${registry}", which is no host name`;
  if (repository === '') return 'names no repository';
  const wrong = repository.split('/').find((part) => !REPOSITORY_PART.test(part));
  if (wrong === undefined) return undefined;
  if (wrong === '') return 'has an empty part between slashes';
  if (REPOSITORY_PART.test(wrong.toLowerCase()))
    return `has upper-case letters in "${wrong}": repositories are lower case`;
  return `has the part "${shorten(wrong)}", which is no repository name`;
}

function isRegistry(text: string): boolean {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::[0-9]{1,5})?$/.exec(text);
  const host = match?.[1];
  if (host === undefined) return false;
  return host.startsWith('[') || host.split('.').every((label) => HOST_LABEL.test(label));
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function printCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
