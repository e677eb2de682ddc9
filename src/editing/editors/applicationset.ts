import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { keyOf } from '../node-index.ts';
import { listAt, textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { isArgoCd, sitesOfSource, sourcesIn, textsOfSource } from './argocd-source.ts';
import type { Editor, HeldText } from './editor.ts';
import { findImages, joinPlace, type Owner, ownerOf, resourcesOf } from './shapes.ts';

const TEMPLATE = ['spec', 'template', 'spec'] as const;
const GENERATORS = 'spec.generators';

/**
 * ApplicationSets: the template, the elements of list generators and `values` of the others, nested generators included
 * (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-List/).
 */
export const applicationSet: Editor = {
  id: 'applicationset',
  reads: (document) => isArgoCd(document, 'ApplicationSet'),
  findSites: (document) => [
    ...sourcesIn(document, 'ApplicationSet', TEMPLATE).flatMap(sitesOfSource),
    ...generatorsOf(document).flatMap(findImages),
  ],
  texts: (document) => [
    ...sourcesIn(document, 'ApplicationSet', TEMPLATE).flatMap(textsOfSource),
    ...generatorsOf(document).flatMap(elementTexts),
  ],
};

interface Generators extends Owner {
  readonly document: YamlDocument;
  readonly node: unknown;
  readonly label: string;
}

function generatorsOf(document: YamlDocument): readonly Generators[] {
  return resourcesOf(document).flatMap((root) => {
    const node = listAt(document, root, 'spec', 'generators');
    const isSet = textAt(document, root, 'kind') === 'ApplicationSet';
    return isSet && node !== undefined ? [{ document, ...ownerOf(document, root), node, label: GENERATORS }] : [];
  });
}

/** `elementsYaml`: a list of elements as YAML in a string, wherever a list generator is nested. */
function elementTexts({ owner, resource, node, label }: Generators): readonly HeldText[] {
  return elementScalars(node).map((scalar) => ({
    node: scalar,
    place: joinPlace(owner, `${label}.list.elementsYaml`),
    findSites: (inner: YamlDocument): readonly Site[] =>
      findImages({ document: inner, node: inner.root, label: `${label}.list.elementsYaml`, owner, resource }),
  }));
}

function elementScalars(node: unknown): readonly Scalar[] {
  if (isSeq(node)) return node.items.flatMap(elementScalars);
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => {
    const isText = keyOf(pair) === 'elementsYaml' && isScalar(pair.value);
    return isText ? [pair.value as Scalar] : elementScalars(pair.value);
  });
}
