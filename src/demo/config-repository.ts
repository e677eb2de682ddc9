import { pathToFileURL } from 'node:url';
import type { Host } from '../host.ts';
import { git, gitText } from './stand-in/git.ts';

export type RepositoryHost = Pick<Host, 'processes' | 'env' | 'clock' | 'files'>;

export interface ConfigRepository {
  /** Folder of the bare repository. */
  readonly path: string;
  /** The same as a `file:` URL. */
  readonly url: string;
  readonly branch: string;
  /** The commit at the end of the branch. */
  tip(): Promise<string>;
  /** `git log --oneline`, newest first: a short id, a space, the subject. */
  log(): Promise<readonly string[]>;
  /** A working copy in an empty folder. */
  clone(folder: string): Promise<WorkingCopy>;
}

export interface WorkingCopy {
  readonly path: string;
  /** Writes these files (`undefined` deletes one), commits and pushes; gives the new commit. */
  push(message: string, files: Readonly<Record<string, string | undefined>>): Promise<string>;
}

const BRANCH = 'main';
const AUTHOR = 'Drawbridge Demo <demo@localhost>';

/**
 * Makes a bare Git repository in an empty folder, with one commit: the classic first example of a config repository.
 * The folder must exist.
 * @throws ToolError missing without git, io when git fails
 */
export async function createConfigRepository(host: RepositoryHost, folder: string): Promise<ConfigRepository> {
  await git(host, folder, ['init', '--quiet', '--bare', '.']);
  await git(host, folder, ['symbolic-ref', 'HEAD', `refs/heads/${BRANCH}`], { bare: true });
  const input = firstCommit(Math.floor(host.clock.now() / 1000));
  await git(host, folder, ['fast-import', '--quiet'], { bare: true, input });
  return {
    path: folder,
    url: pathToFileURL(folder).href,
    branch: BRANCH,
    tip: () => gitText(host, folder, ['rev-parse', `refs/heads/${BRANCH}`], { bare: true }),
    log: async () => (await gitText(host, folder, ['log', '--oneline', BRANCH], { bare: true })).split('\n'),
    clone: (target) => clone(host, folder, target),
  };
}

// https://git-scm.com/docs/git-fast-import
function firstCommit(seconds: number): string {
  const files = Object.entries(FIRST_EXAMPLE).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  return [
    `commit refs/heads/${BRANCH}\n`,
    `author ${AUTHOR} ${seconds} +0000\n`,
    `committer ${AUTHOR} ${seconds} +0000\n`,
    data('First version of the manifests'),
    ...files,
  ].join('');
}

function data(text: string): string {
  return `data ${new TextEncoder().encode(text).length}\n${text}\n`;
}

async function clone(host: RepositoryHost, repository: string, folder: string): Promise<WorkingCopy> {
  await git(host, repository, ['clone', '--quiet', '.', folder]);
  return { path: folder, push: (message, files) => push(host, folder, message, files) };
}

async function push(
  host: RepositoryHost,
  folder: string,
  message: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) await git(host, folder, ['rm', '--quiet', '-r', path]);
    else await host.files.write(`${folder}/${path}`, text);
  }
  await git(host, folder, ['add', '--all']);
  await git(host, folder, ['commit', '--quiet', '--allow-empty', '--message', message], { env: identity(host) });
  await git(host, folder, ['push', '--quiet', 'origin', `HEAD:${BRANCH}`]);
  return gitText(host, folder, ['rev-parse', 'HEAD']);
}

function identity(host: RepositoryHost): Record<string, string> {
  const [, name = '', email = ''] = /^(.+) <(.+)>$/.exec(AUTHOR) ?? [];
  const date = `${Math.floor(host.clock.now() / 1000)} +0000`;
  return Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, name],
      [`GIT_${role}_EMAIL`, email],
      [`GIT_${role}_DATE`, date],
    ]),
  );
}

const FIRST_EXAMPLE: Readonly<Record<string, string>> = {
  'README.md': `# Config repository

What runs in the cluster is what stands on \`${BRANCH}\` of this repository. Nobody applies anything by hand: the delivery
engine reads this branch and makes the cluster match it.

- \`kubernetes/manifests\`: the plain manifests of \`my-app\`
- \`overlays/production\`: the same for production, with a pinned image
`,
  'kubernetes/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - manifests/deployment.yaml
  - manifests/service.yaml
`,
  'kubernetes/manifests/deployment.yaml': `# The web application. Its image is written by the pipeline; all else is written by people.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-app
  labels:
    app: my-app
spec:
  replicas: 2 # one may fail
  selector:
    matchLabels:
      app: my-app
  template:
    metadata:
      labels:
        app: my-app
    spec:
      containers:
        - name: my-app
          image: my-app:latest # the pipeline writes here
          ports:
            - containerPort: 8080
`,
  'kubernetes/manifests/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: my-app
spec:
  selector:
    app: my-app
  ports:
    - port: 80
      targetPort: 8080
`,
  'overlays/production/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: production
resources:
  - ../../kubernetes
images:
  # Production runs what was tried elsewhere before.
  - name: my-app
    newTag: 1.0.0
`,
};
