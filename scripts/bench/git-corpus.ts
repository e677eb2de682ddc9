/** A config repository as large as a company's: many small files, a long history, packed as a server keeps it. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GitCorpus {
  readonly path: string;
  readonly files: number;
  readonly commits: number;
}

export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.test',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.test',
};

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, env: { ...GIT_ENVIRONMENT }, encoding: 'utf8', maxBuffer: 1 << 28 });
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** The file whose image is bumped. */
export const FILE = 'teams/team-7/app-3/production/deployment.yaml';

const ENVIRONMENTS = ['development', 'staging', 'production', 'sandbox'] as const;
const KINDS = ['deployment.yaml', 'service.yaml', 'settings.yaml'] as const;

interface Place {
  readonly team: number;
  readonly app: number;
  readonly environment: string;
  readonly name: (typeof KINDS)[number];
}

/** Three files to a folder, four environments to an application, 25 applications to a team. */
function placeOf(file: number): Place {
  const folder = Math.floor(file / KINDS.length);
  const app = Math.floor(folder / ENVIRONMENTS.length);
  return {
    team: Math.floor(app / 25),
    app: app % 25,
    environment: ENVIRONMENTS[folder % ENVIRONMENTS.length] ?? 'development',
    name: KINDS[file % KINDS.length] ?? 'deployment.yaml',
  };
}

function pathOf(file: number): string {
  const { team, app, environment, name } = placeOf(file);
  return `teams/team-${team}/app-${app}/${environment}/${name}`;
}

/** As long as files of public config repositories are on average, 2 to 4 KB, and no easier to compress. */
function contentOf(file: number, version: number): string {
  const { name } = placeOf(file);
  if (name === 'deployment.yaml') return deployment(file, version);
  return name === 'service.yaml' ? service(file, version) : settings(file, version);
}

function named(file: number, kind: string, apiVersion: string): string {
  const { team, app, environment } = placeOf(file);
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: team-${team}-app-${app}
  namespace: team-${team}-${environment}
  labels:
    app.kubernetes.io/name: app-${app}
    app.kubernetes.io/part-of: team-${team}
    app.kubernetes.io/instance: ${digest(`${file}/instance`).slice(0, 12)}
  annotations:
    checksum/config: ${digest(`${file}/config`)}
    owner: team-${team}@example.test
`;
}

function deployment(file: number, version: number): string {
  const { team, app } = placeOf(file);
  const seed = digest(`${file}`);
  const variable = (index: number) =>
    `            - name: SETTING_${index}\n              value: "${digest(`${seed}/${index}`).slice(0, 20)}"\n`;
  return `${named(file, 'Deployment', 'apps/v1')}spec:
  replicas: ${1 + (file % 5)}
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-${app}
        app.kubernetes.io/part-of: team-${team}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/team-${team}-app-${app}:1.${version}.0
          ports:
            - containerPort: ${8000 + (file % 1000)}
          env:
${Array.from({ length: 14 }, (_, index) => variable(index)).join('')}          resources:
            requests: { cpu: ${100 + (file % 7) * 50}m, memory: ${128 + (file % 9) * 64}Mi }
            limits: { memory: ${256 + (file % 11) * 64}Mi }
          readinessProbe:
            httpGet: { path: /health/${seed.slice(0, 8)}, port: ${8000 + (file % 1000)} }
        - name: proxy
          image: registry.example.test/mesh/proxy@sha256:${digest(`${file % 40}/proxy`)}
`;
}

function service(file: number, version: number): string {
  const { team, app, environment } = placeOf(file);
  const rule = (
    index: number,
  ) => `    - host: h${index}-${digest(`${file}/${index}`).slice(0, 10)}.team-${team}.example.test
      http:
        paths:
          - path: /v${1 + (version % 9)}/${digest(`${file}/path/${index}`).slice(0, 8)}
            pathType: Prefix
            backend: { service: { name: app-${app}, port: { number: ${8000 + index} } } }
`;
  return `${named(file, 'Service', 'v1')}spec:
  selector:
    app.kubernetes.io/name: app-${app}
  ports:
    - { name: http, port: ${8000 + (version % 1000)}, targetPort: http }
---
${named(file + 1, 'Ingress', 'networking.k8s.io/v1')}spec:
  ingressClassName: ${environment}
  rules:
${[0, 1, 2, 3, 4].map(rule).join('')}`;
}

function settings(file: number, version: number): string {
  const line = (index: number) =>
    `    feature.${index}.${digest(`${file % 50}/${index}`).slice(0, 6)}=${digest(`${file}/${index}/${index === 3 ? version : 0}`).slice(0, 24)}\n`;
  return `${named(file, 'ConfigMap', 'v1')}data:
  application.properties: |
${Array.from({ length: 36 }, (_, index) => line(index)).join('')}`;
}

/** Each commit after the first moves one image on, as a pipeline would. */
function* stream(files: number, commits: number): Generator<string> {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const head = (commit: number, message: string) =>
    `commit refs/heads/main\ncommitter Bench <bench@example.test> ${1_700_000_000 + commit * 60} +0000\n${data(message)}`;
  yield head(0, 'first');
  for (let file = 0; file < files; file++) yield `M 100644 inline ${pathOf(file)}\n${data(contentOf(file, 0))}`;
  for (let commit = 1; commit < commits; commit++) {
    const file = (commit * 7919) % files;
    yield head(commit, `chore: bump ${pathOf(file)}\n\nImage: ghcr.io/acme/app:1.${commit}.0`);
    yield `M 100644 inline ${pathOf(file)}\n${data(contentOf(file, commit))}`;
  }
}

/** @param folder an empty folder; the repository is `config.git` in it */
export async function writeGitCorpus(folder: string, files: number, commits: number): Promise<GitCorpus> {
  const path = join(folder, 'config.git');
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', path);
  appendFileSync(join(path, 'config'), '[uploadpack]\n\tallowFilter = true\n[http]\n\treceivepack = true\n');
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: path,
    env: { ...GIT_ENVIRONMENT },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  for (const part of stream(files, commits)) {
    if (!child.stdin.write(part)) await new Promise((resolve) => child.stdin.once('drain', resolve));
  }
  child.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  git(path, 'repack', '-q', '-a', '-d', '--write-bitmap-index');
  git(path, 'pack-refs', '--all');
  return { path, files, commits };
}
