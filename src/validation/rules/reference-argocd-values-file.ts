import { joinPath } from '../../manifests/paths.ts';
import { type ArgoSource, argoSources } from '../delivery/argocd-sources.ts';
import { isOpen, lookUpHere, type Wanted } from '../delivery/here.ts';
import { listIn, objectIn } from '../kubernetes/reading.ts';
import type { SetProblem, SetRule } from './rule.ts';

/** One entry of `helm.valueFiles`. */
interface ValueFile {
  readonly source: ArgoSource;
  readonly entry: string;
  readonly index: number;
}

export const argocdValuesFile: SetRule = {
  id: 'reference/argocd-values-file',
  title: 'A values file of an Argo CD Application that does not exist',
  severity: 'error',
  checkSet(set) {
    const entries = argoSources(set).flatMap(valueFiles);
    return [
      ...entries.filter(lacksReference).map((entry) => withoutReference(entry)),
      ...lookUpHere(set, entries.flatMap(wantedOf)).flatMap(({ wanted, path, kind }) =>
        kind === 'missing' || kind === 'folder'
          ? [{ ...problemOf(wanted.file, messageOf(wanted, kind)), related: [path] }]
          : [],
      ),
    ];
  },
};

function valueFiles(source: ArgoSource): readonly ValueFile[] {
  const helm = objectIn(source.value, 'helm');
  if (helm?.ignoreMissingValueFiles === true) return [];
  return listIn(helm, 'valueFiles').flatMap((entry, index) =>
    typeof entry === 'string' && entry !== '' ? [{ source, entry, index }] : [],
  );
}

interface WantedFile extends Wanted {
  readonly file: ValueFile;
}

/**
 * `$name/…` begins at the top of the source with that ref, `/…` at the top of the source itself, all else in its folder
 * (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#values-files).
 */
function wantedOf(file: ValueFile): readonly WantedFile[] {
  const { source, entry } = file;
  const reference = referenceIn(entry);
  if (reference !== undefined) {
    const path = entry.slice(reference.length + 2);
    const lender = source.all.find(({ ref }) => ref === reference);
    if (lender === undefined || typeof lender.repoURL !== 'string' || isOpen(path)) return [];
    const { repoURL: url, targetRevision } = lender;
    return [{ file, url, revision: typeof targetRevision === 'string' ? targetRevision : undefined, path }];
  }
  const { path: folder, chart } = source.value;
  if (isOpen(entry) || /^[a-z][a-z0-9+.-]*:\/\//i.test(entry) || chart !== undefined) return [];
  if (typeof folder !== 'string' || isOpen(folder)) return [];
  const path = entry.startsWith('/') ? entry.slice(1) : joinPath(folder, entry);
  return [{ file, url: source.repoURL, revision: source.revision, path }];
}

/** Variables of the build environment (`$ARGOCD_APP_NAME`) look the same, but for their case. */
function referenceIn(entry: string): string | undefined {
  return /^\$([a-z][\w.-]*)\//.exec(entry)?.[1];
}

function lacksReference({ source, entry }: ValueFile): boolean {
  const reference = referenceIn(entry);
  return reference !== undefined && !source.all.some(({ ref }) => ref === reference);
}

function withoutReference(file: ValueFile): SetProblem {
  const reference = referenceIn(file.entry);
  const message = `No source of the Application has the ref ${reference}, which this values file begins with.`;
  return { ...problemOf(file, message), hint: `Add ref: ${reference} to the source that holds the file.` };
}

function messageOf({ path }: WantedFile, kind: 'missing' | 'folder'): string {
  return kind === 'folder'
    ? `${path} is a folder, and a values file is wanted.`
    : `The values file ${path} does not exist in this repository.`;
}

function problemOf({ source, index }: ValueFile, message: string): SetProblem {
  const { path: file, document, resource } = source.object;
  const path = [...source.at, 'helm', 'valueFiles', index];
  return { rule: argocdValuesFile, file, document, resource, path, at: 'value', message, related: [] };
}
