import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileContents } from '../../../support/bare-repository.ts';
import { type Bed, PROJECT } from '../bed.ts';
import type { ClusterBed } from '../cluster-bed.ts';
import { type ClusterGate, notLive, type Rival, runClusterGate } from '../cluster-gate.ts';
import { gitRepository, kustomization } from '../flux/objects.ts';
import { type FluxStage, isLiveAt as isAppliedAt, openFluxStage } from '../flux/stage.ts';
import type { Repository } from '../gate.ts';
import { IMAGE } from '../manifests.ts';
import type { GateResult } from '../running.ts';
import type { Expected, Row } from '../scenario.ts';
import { isLiveAt, openStage, type Stage, sourceOf } from '../stage.ts';

/** A cluster with both engines. */
export interface MixedBed {
  readonly argocd: Bed;
  readonly cluster: ClusterBed;
}

/** Where one repository is delivered by both engines, beside what is applied by hand; and the rows that this makes. */
export interface MixedStage {
  readonly rows: readonly Row[];
  /** The application, and the namespace that it deploys to. */
  readonly app: string;
  /** The namespace of the Kustomization `app`, and the one that it deploys to. */
  readonly space: string;
  readonly argocd: Stage;
  readonly flux: FluxStage;
  /** The folder `argocd` by an Application and `flux` by a Kustomization, both live at the first commit. */
  begin(files: FileContents): Promise<Repository>;
  /** `kubectl apply` into the namespace of the application, as a job does it. Returns the file. */
  apply(object: object): Promise<string>;
  gate(gate: MixedGate): Promise<GateResult>;
  /** What keeps that from being live, or nothing. */
  notLive(live: readonly Live[]): Promise<string>;
  close(): Promise<void>;
}

/** What must run at the moment of a success: a tag, in which namespace, and of which Deployment where it is not `web`. */
export interface Live {
  readonly namespace: string;
  readonly tag: string;
  readonly name?: string;
}

export interface MixedGate extends Pick<ClusterGate, 'check' | 'during' | 'title' | 'expected' | 'env'> {
  readonly revision: string;
  readonly repository: Pick<Repository, 'url'>;
  /** Instead of `wait --revision ...`. */
  readonly command?: readonly string[];
  /** None: they are found. */
  readonly targets: readonly string[];
  readonly args?: readonly string[];
  readonly live: readonly Live[];
  /** Of each target, by its name. */
  readonly verdicts: Readonly<Record<string, string>>;
}

export function openMixedStage(bed: MixedBed, name: string, scenario: string, expected: Expected): MixedStage {
  const rows: Row[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'lab-mixed-'));
  const argocd = openStage(bed.argocd, `${name}-a`, scenario, expected);
  const flux = openFluxStage(bed.cluster, `${name}-f`, scenario, expected);
  return {
    ...{ rows, argocd, flux, app: argocd.name, space: flux.name },
    begin: async (files) => {
      const repository = await argocd.repository(files);
      await flux.apply(gitRepository(flux.name, repository.url));
      await flux.apply(kustomization(flux.name, { path: './flux' }));
      await argocd.deploy({ source: sourceOf(repository, 'argocd') } as Parameters<Stage['deploy']>[0]);
      const [first, what] = [repository.head(), 'the first commit is live'];
      await Promise.all([
        argocd.until(what, isLiveAt(first)),
        flux.until('Kustomization/app', what, isAppliedAt(first)),
      ]);
      return repository;
    },
    apply: async (object) => {
      const file = join(folder, 'applied.yaml');
      writeFileSync(file, JSON.stringify(object));
      await bed.cluster.kubectl(['apply', '-n', argocd.name, '-f', file]);
      return file;
    },
    gate: async (gate) => {
      const [row, result] = await runClusterGate(
        'both',
        wholeGate(bed, argocd.name, flux.name, gate),
        gate.title ?? scenario,
        gate.expected ?? expected,
      );
      rows.push(row);
      return result;
    },
    notLive: (live) => whatIsWrong(bed.cluster, live),
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await flux.close();
      await argocd.close();
    },
  };
}

function wholeGate({ argocd, cluster }: MixedBed, app: string, space: string, gate: MixedGate): ClusterGate {
  const { revision, repository, targets, args = [], live } = gate;
  const ways = ['--argocd-server', argocd.url, '--argocd-project', PROJECT, '--kubeconfig', cluster.gateKubeconfig];
  const named = targets.flatMap((target) => ['--targets', target]);
  const at = ['--config-repository', repository.url, '--namespace', app];
  return {
    ...(gate.during === undefined ? {} : { during: gate.during }),
    command: [...(gate.command ?? ['wait', '--revision', revision]), ...named, ...ways, ...at, ...args],
    env: { ARGOCD_AUTH_TOKEN: argocd.gateToken, ...gate.env },
    rivals: targets.length > 0 && gate.command === undefined ? rivalsOf({ argocd, cluster }, app, space) : [],
    truth: () => whatIsWrong(cluster, live),
    check: (result) => unlikeVerdicts(result, gate.verdicts) || (gate.check?.(result) ?? ''),
  };
}

async function whatIsWrong(cluster: ClusterBed, live: readonly Live[]): Promise<string> {
  const found = live.map(({ namespace, tag, name = 'web' }) =>
    notLive(cluster, { namespace, name, image: `${IMAGE}:${tag}` }).catch(String),
  );
  return (await Promise.all(found)).filter((text) => text !== '').join('; ');
}

interface Printed {
  readonly targets?: readonly { readonly name: string; readonly verdict: string }[];
}

/** Each target must have its own verdict, in one table. */
function unlikeVerdicts({ words }: GateResult, verdicts: Readonly<Record<string, string>>): string {
  const { targets = [] } = JSON.parse(words) as Printed;
  const sorted = (entries: readonly (readonly [string, string])[]) => JSON.stringify(entries.toSorted());
  const shown = sorted(targets.map(({ name, verdict }) => [name, verdict] as const));
  const wanted = sorted(Object.entries(verdicts));
  return shown === wanted ? '' : `the targets are ${shown}, not ${wanted}`;
}

/** What people run one after the other: each knows one engine. */
function rivalsOf({ argocd, cluster }: MixedBed, app: string, space: string): readonly Rival[] {
  const server = ['--server', new URL(argocd.url).host, '--plaintext', '--auth-token', argocd.gateToken];
  const waiting = ['app', 'wait', app, '--sync', '--health', '--timeout', '90', ...server];
  const at = ['--kubeconfig', cluster.kubeconfig, '-n', space];
  const reconcile = ['reconcile', 'kustomization', 'app', '--with-source', '--timeout', '90s', ...at];
  return [
    { name: '`argocd app wait`', program: argocd.client, args: waiting },
    { name: '`flux reconcile`', program: cluster.client, args: reconcile },
  ];
}

/** The targets, as the result names them. */
export const named = ({ app, space }: MixedStage) => ({
  application: app,
  kustomization: `Kustomization/${space}/app`,
  deployment: `Deployment/${app}/web`,
});

/** The application, the Kustomization, and a Deployment that the application brings, written as people do. */
export const written = ({ app, space }: MixedStage): readonly string[] => [
  app,
  `ks/${space}/app`,
  `deployment/${app}/web`,
];
