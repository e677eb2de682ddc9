import { directoryName } from '../../manifests/file-names.ts';
import { joinPath } from '../../manifests/paths.ts';
import { similarPath } from '../delivery/similar-path.ts';
import type { KustomizationFile } from '../file-graph.ts';
import { isRemote, isTellable, type KustomizeEntry, kustomizeEntries } from '../kustomize-entries.ts';
import type { PathKind, Tree } from '../manifest-set.ts';
import type { SetProblem, SetRule } from './rule.ts';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export const kustomizeReference: SetRule = {
  id: 'reference/kustomize',
  title: 'A file or folder that a kustomization names and that does not exist',
  severity: 'error',
  checkSet: ({ kustomizations, tree }) =>
    kustomizations
      .filter((file) => isOwn(file) && !isSkeleton(file.path))
      .flatMap((kustomization) =>
        kustomizeEntries(kustomization.content)
          .filter(({ entry, role }) => isLocal(entry) && !(role === 'resource' && isBesideChart(kustomization, tree)))
          .flatMap((entry) => checkEntry(kustomization, entry, tree)),
      ),
};

/** Other tools keep files of this name, too. */
function isOwn({ content: { apiVersion, kind } }: KustomizationFile): boolean {
  const isGroup = apiVersion === undefined || String(apiVersion).startsWith('kustomize.config.k8s.io/');
  return isGroup && (kind === undefined || kind === 'Kustomization' || kind === 'Component');
}

/** Folders that are copied elsewhere before they are used: what they name is there, not here. */
function isSkeleton(path: string): boolean {
  return /(^|\/)(templates?|skeletons?|scaffold(s|ing)?|boilerplates?|cookiecutters?)\//i.test(path);
}

/** A plugin that renders a chart leaves its output beside it, for kustomize to read. */
function isBesideChart({ path }: KustomizationFile, tree: Tree): boolean {
  const folder = directoryName(path);
  return tree.filesIn(folder).includes(joinPath(folder, 'Chart.yaml'));
}

function isLocal(entry: string): boolean {
  return entry !== '' && !isRemote(entry) && !entry.startsWith('/') && !/\$\{|\{\{|<</.test(entry);
}

function checkEntry(kustomization: KustomizationFile, entry: KustomizeEntry, tree: Tree): readonly SetProblem[] {
  const path = joinPath(directoryName(kustomization.path), entry.entry);
  const kind = tree.kindOf(path);
  const told = isTellable(entry) ? entry.entry : 'A file of the secretGenerator';
  const isBuilt = entry.role === 'resource' || entry.role === 'component';
  const found = (message: string, hint?: string): readonly SetProblem[] => [
    {
      rule: kustomizeReference,
      file: kustomization.path,
      document: 1,
      path: entry.at,
      at: 'value',
      message,
      ...(hint === undefined ? {} : { hint }),
      related: [path],
    },
  ];
  if (kind === 'missing') return found(`${told} does not exist.`, suggestion(path, entry, tree));
  if (kind === 'file' && entry.role === 'component')
    return found(`${entry.entry} is a file, and a component is a folder.`);
  if (kind === 'unknown' && isBuilt) isBare(path, tree);
  if (kind !== 'folder') return [];
  if (isBuilt) {
    return isBare(path, tree)
      ? found(`The folder ${entry.entry} holds no kustomization.`, 'Name its files, or add one.')
      : [];
  }
  return entry.role === 'setting' ? [] : found(`${told} is a folder, and a file is wanted.`);
}

/** The names that are not among the files are asked for together, before the answer. */
function isBare(folder: string, tree: Tree): boolean {
  const paths = NAMES.map((name) => joinPath(folder, name));
  const files = new Set(tree.filesIn(folder));
  return !paths.some((path) => files.has(path)) && paths.map((path) => tree.kindOf(path)).every(isMissing);
}

function isMissing(kind: PathKind): boolean {
  return kind === 'missing';
}

/** Written as the entry is, from the folder of the kustomization. */
function suggestion(path: string, { entry }: KustomizeEntry, tree: Tree): string | undefined {
  const similar = similarPath(tree, path);
  const above = path.length - joinPath('', entry).replace(/^(\.\.\/)+/, '').length;
  if (similar === undefined || similar.slice(0, above) !== path.slice(0, above)) return undefined;
  const up = /^(\.\.\/)+/.exec(joinPath('', entry))?.[0] ?? '';
  return `Did you mean ${up}${similar.slice(above)}?`;
}
