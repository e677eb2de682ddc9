import { isMap } from 'yaml';
import { normaliseImageName } from '../image/image-ref.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import { isHelmTemplate } from '../manifests/file-names.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { findSites, unreadTexts } from './editors/registry.ts';
import { mapAt, textAt } from './reading.ts';
import type { PlacedRefusal } from './refusal.ts';
import type { Site } from './site.ts';
import { MAX_FILE_BYTES, parseFile, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** A file or place that was passed over, and why. */
export interface Skipped {
  readonly path: string;
  readonly line?: number;
  readonly reason: string;
}

/** What one file turned out to hold. */
export type Look =
  | {
      readonly kind: 'sites';
      readonly source: SourceFile;
      readonly file: YamlFile;
      readonly sites: readonly Site[];
      /** YAML inside of strings that could not be read although it may hold a wanted image. */
      readonly unread: readonly Unreadable[];
    }
  /** Names none of the wanted images: not parsed. */
  | { readonly kind: 'unrelated'; readonly source: SourceFile }
  | Unreadable;

export type SitesLook = Extract<Look, { kind: 'sites' }>;

/** What was passed over; refused where that could leave a wanted image behind. */
export type Unreadable =
  | { readonly kind: 'skipped'; readonly skipped: Skipped }
  | { readonly kind: 'refused'; readonly refusal: PlacedRefusal };

/**
 * Looks for images in one file. Without `wanted` every image is found; with it, files that cannot hold one of them are not
 * parsed, unless `whole` asks for that. A file that names a wanted image and cannot be read is refused, unless it is a
 * template.
 */
export function lookInto(
  source: SourceFile,
  paths: ReadonlySet<string>,
  wanted?: readonly WantedImage[],
  whole = wanted === undefined,
): Look {
  const { path } = source;
  if (source.mode === '120000') return { kind: 'skipped', skipped: { path, reason: printLink(source, paths) } };
  const decoded = decodeText(source.bytes);
  if (!decoded.ok) return unreadable(path, 1, `cannot be read: ${decoded.problem}`, false);
  const { text } = decoded;
  if (!whole && !wanted?.some((image) => mentionsLastPart(text, image))) return { kind: 'unrelated', source };
  const named = isNamed(text, wanted);
  if (source.bytes.length > MAX_FILE_BYTES)
    return unreadable(path, 1, `is larger than ${MAX_FILE_BYTES >> 20} MiB`, named);
  if (text.includes('{{') && isHelmTemplate(path, (other) => paths.has(other))) {
    return { kind: 'skipped', skipped: { path, reason: 'is a template of a Helm chart' } };
  }
  const parsed = parseFile(source);
  if (!parsed.ok) return unparsed(path, parsed.line, text, parsed.problem, named);
  const { file } = parsed;
  const sites = file.documents.flatMap(findSites);
  return { kind: 'sites', source, file, sites, unread: unreadIn(file, wanted) };
}

function unreadIn({ path, documents }: YamlFile, wanted?: readonly WantedImage[]): readonly Unreadable[] {
  return documents
    .flatMap((document) => (wanted === undefined ? [] : unreadTexts(document)))
    .filter(({ text }) => isNamed(text, wanted))
    .map(({ text, place, line, problem }) => unparsed(path, line, text, `${place}: ${problem}`, true));
}

function isNamed(text: string, wanted: readonly WantedImage[] = []): boolean {
  return wanted.some((image) => mentionsName(text, image));
}

function unparsed(path: string, line: number, text: string, problem: string, named: boolean): Unreadable {
  const template = text.includes('{{');
  const reason = template ? 'is a template, not YAML' : `does not parse: ${problem}`;
  return unreadable(path, line, reason, named && !template);
}

/** The document that makes a file one of SOPS (https://getsops.io/docs/); undefined for others. */
export function encryptedDocument(file: YamlFile): YamlDocument | undefined {
  return file.documents.find((document) => {
    const sops = isMap(document.root) ? mapAt(document, document.root, 'sops') : undefined;
    return (
      sops !== undefined && ['mac', 'lastmodified', 'version'].some((key) => textAt(document, sops, key) !== undefined)
    );
  });
}

function unreadable(path: string, line: number, reason: string, refuse: boolean): Unreadable {
  if (!refuse) return { kind: 'skipped', skipped: { path, line, reason } };
  const hint = 'Repair the file, or leave it out with files.';
  return {
    kind: 'refused',
    refusal: { path, line, code: 'unreadable', reason: `names a wanted image but ${reason}`, hint },
  };
}

function mentionsLastPart(text: string, image: WantedImage): boolean {
  const { repository } = image.name ?? image.ref;
  if (text.includes(repository.slice(repository.lastIndexOf('/') + 1))) return true;
  return image.name !== undefined && mentionsLastPart(text, { text: '', ref: image.ref });
}

/** True when the repository stands in the text as a whole name, not as a part of a longer one. */
function mentionsName(text: string, image: WantedImage): boolean {
  const [, ...parts] = normaliseImageName(image.name ?? image.ref).split('/');
  const name = parts.join('/').replace(/^library\//, '');
  const whole = new RegExp(`(?<![\\w.-])${name.replace(/[.]/g, '\\.')}(?![\\w./-])`);
  return whole.test(text);
}

function printLink(source: SourceFile, paths: ReadonlySet<string>): string {
  const target = new TextDecoder().decode(source.bytes);
  const shown = JSON.stringify(target.length > 200 ? `${target.slice(0, 200)}…` : target);
  const inside = paths.has(resolveLink(source.path, target));
  return `is a symbolic link to ${shown}${inside ? ', which is edited under its own path when it is among the files' : ''}`;
}

function resolveLink(path: string, target: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
