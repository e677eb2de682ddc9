import { isMap } from 'yaml';
import { printImageName } from '../image/image-ref.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import { kustomization } from './editors/kustomization.ts';
import type { SitesLook } from './look.ts';
import { type NewEntry, planEntries } from './new-entry.ts';
import { textAt } from './reading.ts';
import type { PlacedRefusal } from './refusal.ts';
import type { Write } from './write.ts';
import { lineIn, type YamlDocument } from './yaml-file.ts';

export interface CreatedEntries {
  readonly writes: readonly Write[];
  readonly problems: readonly PlacedRefusal[];
  /** Images that are taken care of, or refused, here. */
  readonly images: ReadonlySet<WantedImage>;
}

/**
 * Gives images that are used nowhere an entry in the kustomization. Among several it is not clear which one is meant, and an
 * entry in the wrong one would stay unnoticed, so that is refused.
 */
export function createEntries(images: readonly WantedImage[], looks: readonly SitesLook[]): CreatedEntries {
  const documents = looks.flatMap(({ file }) => file.documents.filter(takesEntries));
  const [document, ...others] = documents;
  if (document === undefined || images.length === 0) return { writes: [], problems: [], images: new Set() };
  if (others.length > 0) return { writes: [], problems: [severalPlaces(images, documents)], images: new Set(images) };
  return { writes: writesFor(document, images), problems: [], images: new Set(images) };
}

/** A component is given to many kustomizations. */
function takesEntries(document: YamlDocument): boolean {
  return (
    kustomization.reads(document) && isMap(document.root) && textAt(document, document.root, 'kind') !== 'Component'
  );
}

function writesFor(document: YamlDocument, images: readonly WantedImage[]): readonly Write[] {
  const entries = images.map(entryFor);
  const planned = planEntries(document, entries);
  return images.map((wanted, index) => {
    const { name = '', newTag = '', digest } = entries[index] ?? {};
    const own = planned?.[index];
    const { ref, text } = wanted;
    return {
      document,
      planned: own,
      line: own === undefined ? 1 : lineIn(document.file, own.splice.start),
      place: `images[name=${name}]`,
      before: '',
      after: digest === undefined ? newTag : `${newTag}@${digest}`,
      wish: text,
      image: { name: printImageName(ref), before: withoutVersion(wanted), after: ref },
    };
  });
}

function entryFor({ name, ref }: WantedImage): NewEntry {
  const [own, written] = [printImageName(name ?? ref), printImageName(ref)];
  return {
    name: own,
    ...(written !== own && { newName: written }),
    ...(ref.tag !== undefined && { newTag: ref.tag }),
    ...(ref.digest !== undefined && { digest: ref.digest }),
  };
}

function withoutVersion({ name, ref }: WantedImage) {
  const { registry, repository } = name ?? ref;
  return { ...(registry !== undefined && { registry }), repository };
}

function severalPlaces(images: readonly WantedImage[], documents: readonly YamlDocument[]): PlacedRefusal {
  const paths = [...new Set(documents.map(({ file }) => file.path))];
  const shown = `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;
  return {
    path: paths[0] ?? '',
    line: 1,
    code: 'ambiguous',
    reason: `is one of ${paths.length} kustomizations that could be given ${images.map(({ text }) => text).join(', ')}: ${shown}`,
    hint: 'Name the one that is meant in files.',
  };
}
