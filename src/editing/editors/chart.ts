import { isMap, type YAMLMap } from 'yaml';
import { baseName } from '../../manifests/file-names.ts';
import { listAt, mapAt, mapsOf, scalarAt, slotAt, textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { chartSite, registryOf } from './charts.ts';
import type { Editor, HeldText } from './editor.ts';
import { findImages } from './shapes.ts';

/** The annotation in which a chart lists its images (https://artifacthub.io/docs/topics/annotations/helm/). */
const IMAGES = 'artifacthub.io/images';

/** `Chart.yaml`: dependencies that come from a container registry, and the list of images (https://helm.sh/docs/topics/charts/). */
export const chart: Editor = {
  id: 'chart',
  reads: (document) => isMap(document.root) && baseName(document.file.path) === 'Chart.yaml',
  findSites: (document) => {
    const list = isMap(document.root) ? listAt(document, document.root, 'dependencies') : undefined;
    return mapsOf(document, list).flatMap((dependency) => findDependency(document, dependency));
  },
  texts: (document) => (isMap(document.root) ? listedImages(document, document.root) : []),
};

function findDependency(document: YamlDocument, dependency: YAMLMap): readonly Site[] {
  const name = textAt(document, dependency, 'name') ?? '';
  const place = `dependencies[name=${name}].version`;
  const repository = registryOf(textAt(document, dependency, 'repository'));
  return chartSite({ document, place }, { repository, name, version: slotAt(document, dependency, 'version', place) });
}

function listedImages(document: YamlDocument, root: YAMLMap): readonly HeldText[] {
  const place = `annotations.${IMAGES}`;
  return scalarAt(document, mapAt(document, root, 'annotations'), IMAGES).map((node) => ({
    node,
    place,
    findSites: (inner) => findImages({ document: inner, node: inner.root, label: place }),
  }));
}
