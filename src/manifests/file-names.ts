/** What a path alone says about a file. Content has the last word; see `validation/classify.ts` and the editors. */

const KUSTOMIZATION_NAMES: ReadonlySet<string> = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** The three names that kustomize looks for (https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#kustomization). */
export function isKustomizationFile(path: string): boolean {
  // Asked of every file several times, and nearly none is one.
  return path.includes('ustomization') && KUSTOMIZATION_NAMES.has(baseName(path));
}

export function isYamlFile(path: string): boolean {
  return /\.ya?ml$/i.test(path) || baseName(path) === 'Kustomization';
}

export function isManifestFile(path: string): boolean {
  return isYamlFile(path) || /\.json$/i.test(path);
}

/** Files that configure a CI system: images in them are what jobs run in, not what is delivered. */
export function isCiFile(path: string): boolean {
  return CI_FILE.test(baseName(path)) || CI_FOLDER.test(path);
}

const CI_FOLDER = /(?:^|\/)\.(?:github|gitlab|circleci|woodpecker|gitea|forgejo)\//;
const CI_FILE =
  /^(?:\.gitlab-ci.*|\.travis|\.drone|\.woodpecker|azure-pipelines.*|bitbucket-pipelines|action|\.pre-commit-config)\.ya?ml$/;

/** True for a file below `templates/` of a chart, that is, of a folder that holds a `Chart.yaml` (https://helm.sh/docs/topics/charts/). */
export function isHelmTemplate(path: string, hasFile: (path: string) => boolean): boolean {
  if (!path.includes('templates/')) return false;
  const parts = path.split('/');
  for (let index = parts.length - 2; index >= 0; index--) {
    if (parts[index] !== 'templates') continue;
    const chart = [...parts.slice(0, index), 'Chart.yaml'].join('/');
    if (hasFile(chart)) return true;
  }
  return false;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `''` for a file at the top. */
export function directoryName(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
