import { digestProblem, type ImageRef, isImageProblem, parseImageRef, tagProblem } from '../../image/image-ref.ts';
import type { Site, Slot } from '../site.ts';

/** An image as its scalars read, and whether a tool may write there. */
export type ReadImage = Pick<Site, 'image' | 'fixed'>;

const VARIABLE = /\$\{|\$\(|\{\{|<[A-Za-z]|\$[A-Za-z]/;

/** Reads `registry/repository:tag@digest` from one scalar; undefined where it is no image. */
export function readReference(text: string): ReadImage | undefined {
  const parsed = parseImageRef(text);
  if (!isImageProblem(parsed)) return { image: parsed };
  const variable = VARIABLE.exec(text);
  if (variable === null || text[variable.index - 1] !== ':') return undefined;
  const name = parseImageRef(text.slice(0, variable.index - 1));
  return isImageProblem(name) ? undefined : { image: name, fixed: `takes its tag from ${text.slice(variable.index)}` };
}

export interface Parts {
  readonly registry?: Slot | undefined;
  readonly repository: string;
  readonly tag?: Slot | undefined;
  readonly digest?: Slot | undefined;
}

/** Puts an image together from a scalar per part; a tag may carry its digest (`v1@sha256:…`). */
export function readParts(parts: Parts): ReadImage | undefined {
  const registry = textOf(parts.registry);
  const name = parseImageRef(registry === '' ? parts.repository : `${registry}/${parts.repository}`);
  if (isImageProblem(name) || name.tag !== undefined || name.digest !== undefined) return undefined;
  const written = textOf(parts.tag);
  const at = written.indexOf('@');
  const tag = at < 0 ? written : written.slice(0, at);
  const behindTag = at < 0 ? '' : written.slice(at + 1);
  const keyed = textOf(parts.digest);
  const digest = keyed === '' ? behindTag : keyed;
  const fixed = partsProblem(tag, behindTag, keyed);
  const image: ImageRef = { ...name, ...(tag !== '' && { tag }), ...(digest !== '' && { digest }) };
  return fixed === undefined ? { image } : { image: name, fixed };
}

function partsProblem(tag: string, behindTag: string, keyed: string): string | undefined {
  if (keyed !== '' && behindTag !== '') return 'has two digests, one behind its tag and one under a key';
  if (tag !== '' && tagProblem(tag) !== undefined) return `has "${tag}" where its tag belongs`;
  const digest = keyed === '' ? behindTag : keyed;
  return digest !== '' && digestProblem(digest) !== undefined ? `has "${digest}" where its digest belongs` : undefined;
}

function textOf(slot: Slot | undefined): string {
  return slot?.kind === 'present' ? slot.text : '';
}
