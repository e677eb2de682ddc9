import { applicationSpecs } from '../delivery/argocd-sources.ts';
import { isOpen } from '../delivery/here.ts';
import { knownNames } from '../delivery/known-names.ts';
import { keptObjects } from '../manifest-set.ts';
import type { SetRule } from './rule.ts';

/** Looked at where the repository holds projects at all: else they are kept elsewhere. */
export const argocdProject: SetRule = {
  id: 'reference/argocd-project',
  title: 'A project of an Argo CD Application that is not in the repository',
  severity: 'warning',
  checkSet(set) {
    const projects = knownNames(set, ['AppProject']);
    if (!set.whole || keptObjects(set.objects).length === 0 || projects.size === 0) return [];
    return applicationSpecs(set).flatMap(({ object, value, at }) => {
      const { project } = value;
      if (typeof project !== 'string' || ['', 'default'].includes(project) || isOpen(project)) return [];
      if (projects.has(project)) return [];
      const similar = projects.similar(project);
      return [
        {
          rule: argocdProject,
          file: object.path,
          document: object.document,
          resource: object.resource,
          path: [...at, 'project'],
          at: 'value' as const,
          message: `The AppProject ${project} is not in this repository, which holds others.`,
          ...(similar === undefined ? {} : { hint: `Did you mean ${similar}?` }),
          related: [''],
        },
      ];
    });
  },
};
