import { isArgoCd, sitesOfSource, sourcesIn, textsOfSource } from './argocd-source.ts';
import type { Editor } from './editor.ts';

/** Argo CD Applications, with one source or several (https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/). */
export const argocdApplication: Editor = {
  id: 'argocd-application',
  reads: (document) => isArgoCd(document, 'Application'),
  findSites: (document) => sourcesIn(document, 'Application', ['spec']).flatMap(sitesOfSource),
  texts: (document) => sourcesIn(document, 'Application', ['spec']).flatMap(textsOfSource),
};
