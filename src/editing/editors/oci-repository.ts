import type { YAMLMap } from 'yaml';
import { mapAt, slotAt, textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { registryOf } from './charts.ts';
import type { Editor } from './editor.ts';
import { readParts } from './parts.ts';
import { joinPlace, ownerOf, resourcesOf } from './shapes.ts';

/** `ref.tag` and `ref.digest` of a Flux OCIRepository, whose `url` is the image (https://fluxcd.io/flux/components/source/ocirepositories/#reference). */
export const ociRepository: Editor = {
  id: 'oci-repository',
  reads: (document) => resourcesOf(document).some((root) => isOciRepository(document, root)),
  findSites: (document) =>
    resourcesOf(document).flatMap((root) => (isOciRepository(document, root) ? findInRepository(document, root) : [])),
};

function isOciRepository(document: YamlDocument, root: YAMLMap): boolean {
  const group = textAt(document, root, 'apiVersion')?.split('/')[0];
  return group === 'source.toolkit.fluxcd.io' && textAt(document, root, 'kind') === 'OCIRepository';
}

function findInRepository(document: YamlDocument, root: YAMLMap): readonly Site[] {
  const { owner, resource } = ownerOf(document, root);
  const repository = registryOf(textAt(document, root, 'spec', 'url'));
  const ref = mapAt(document, root, 'spec', 'ref');
  if (repository === undefined || ref === undefined) return [];
  const slot = (key: string) => slotAt(document, ref, key, joinPlace(owner, `spec.ref.${key}`));
  const range = slot('semver');
  const [tag, digest] = [range ?? slot('tag'), slot('digest')];
  const read = readParts({ repository, tag, digest });
  if (read === undefined || (tag === undefined && digest === undefined)) return [];
  const fixed = range?.kind === 'present' ? { fixed: `follows the range ${range.text}` } : {};
  const slots = { kind: 'split', ...(tag && { tag }), ...(digest && { digest }) } as const;
  return [{ document, resource, place: joinPlace(owner, 'spec.ref'), ...read, ...fixed, slots }];
}
