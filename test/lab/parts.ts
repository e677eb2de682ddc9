import { join } from 'node:path';

/** One program of the lab: a Go module of ours that pins it, the main package, and the binary it becomes. */
export interface Part {
  readonly name: string;
  /** Folder below `modules/`. */
  readonly module: string;
  readonly mainPackage: string;
  readonly binary: string;
  /** Whose version the binary gets. */
  readonly versionOf: string;
  /** Linker flags with `@` for the version, `#` for it without the v. */
  readonly stamps?: readonly string[];
  readonly tags?: string;
  /** Built with a C compiler. */
  readonly cgo?: boolean;
  /** Other names of the same binary, which takes its role from the name it is called by. */
  readonly links?: readonly string[];
  /** A file that the release brings and the module does not: the module is copied and built there, with that file in it. */
  readonly missing?: string;
}

const MODULES = join(import.meta.dirname, 'modules');

export const ARGOCD_VERSIONS = ['3.2', '3.5', '2.14'] as const;
export type ArgocdVersion = (typeof ARGOCD_VERSIONS)[number];

/** What one lab delivers with. Plain Kubernetes is there in any case. */
export interface Wanted {
  readonly argocd?: ArgocdVersion | undefined;
  readonly flux?: boolean;
}

export const FLUX_CONTROLLERS = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
] as const;

const KUBERNETES = 'k8s.io/component-base/version';

/** All that `build` knows. Without names it builds all but the last, which is older than most installations. */
export const PARTS: readonly Part[] = [
  {
    name: 'kubernetes',
    module: join(MODULES, 'kubernetes'),
    mainPackage: '.',
    binary: 'kube',
    versionOf: 'k8s.io/kubernetes',
    // Unstamped, the API server calls itself v0.0.0, which clients read as very old.
    stamps: [`-X ${KUBERNETES}.gitVersion=@`, `-X ${KUBERNETES}.gitMajor=1`, `-X ${KUBERNETES}.gitMinor=34`],
    links: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'],
  },
  plain('kwok', 'kwok', 'sigs.k8s.io/kwok/cmd/kwok', 'sigs.k8s.io/kwok'),
  plain('helm', 'argo-helm', 'helm.sh/helm/v3/cmd/helm', 'helm.sh/helm/v3'),
  plain('kustomize', 'argo-kustomize', 'sigs.k8s.io/kustomize/kustomize/v5', 'sigs.k8s.io/kustomize/kustomize/v5'),
  argocd('3.2', 'github.com/argoproj/argo-cd/v3'),
  argocd('3.5', 'github.com/argoproj/argo-cd/v3'),
  {
    ...plain('gitea', '../gitea', 'code.gitea.io/gitea', 'code.gitea.io/gitea'),
    stamps: ['-X main.Version=#'],
    tags: 'sqlite sqlite_unlock_notify',
    cgo: true,
  },
  ...FLUX_CONTROLLERS.map((name) => plain(name, name, `github.com/fluxcd/${name}`, `github.com/fluxcd/${name}`)),
  {
    ...plain('flux', 'flux', './cmd/flux', 'github.com/fluxcd/flux2/v2'),
    stamps: ['-X main.VERSION=#'],
    // The manifests of `flux install` are made when Flux is released, and the program is not compiled without any.
    missing: 'cmd/flux/manifests/none.yaml',
  },
  argocd('2.14', 'github.com/argoproj/argo-cd/v2'),
];

function plain(name: string, folder: string, mainPackage: string, versionOf: string): Part {
  return { name, module: join(MODULES, folder), mainPackage, binary: name, versionOf };
}

function argocd(version: ArgocdVersion, path: string): Part {
  return {
    ...plain(`argocd-${version}`, `argo-cd-${version}`, `${path}/cmd`, path),
    stamps: [`-X ${path}/common.version=#`],
  };
}

/** What such a lab runs. The client of Flux is only compared with, and no part of what must be there. */
export function partsFor({ argocd: version, flux = false }: Wanted): readonly Part[] {
  const names = [
    ...['kubernetes', 'kwok', 'gitea'],
    ...(version === undefined ? [] : ['helm', 'kustomize', `argocd-${version}`]),
    ...(flux ? FLUX_CONTROLLERS : []),
  ];
  return PARTS.filter(({ name }) => names.includes(name));
}
