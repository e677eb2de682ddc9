import { directoryName } from '../../manifests/file-names.ts';
import { joinPath } from '../../manifests/paths.ts';
import { kustomizeEntries } from '../kustomize-entries.ts';
import type { SetRule } from './rule.ts';

export const duplicateEntry: SetRule = {
  id: 'duplicate/entry',
  title: 'A kustomization that names the same resource twice',
  severity: 'error',
  checkSet: ({ kustomizations }) =>
    kustomizations.flatMap(({ path: file, content }) => {
      const seen = new Set<string>();
      return kustomizeEntries(content)
        .filter(({ role }) => role === 'resource')
        .flatMap(({ entry, at }) => {
          const path = entry.includes(':') ? entry : joinPath(directoryName(file), entry);
          if (!seen.has(path)) {
            seen.add(path);
            return [];
          }
          const message = `${entry} is named twice, so that kustomize refuses to build.`;
          const hint = 'Remove one of the two.';
          return [
            { rule: duplicateEntry, file, document: 1, path: at, at: 'value' as const, message, hint, related: [] },
          ];
        });
    }),
};
