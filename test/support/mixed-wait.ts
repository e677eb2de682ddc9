import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import { severalEngines } from '../../src/engines/several.ts';
import { type WatchRequest, watch } from '../../src/engines/watch.ts';
import { withoutRevision } from '../../src/engines/without-revision.ts';
import type { Relation } from '../../src/forges/forge-client.ts';
import { application, NEWER, OLD, type Sketch, WANTED } from './applications.ts';
import { json, keepAlives, type StreamScript } from './argocd-script.ts';
import { type Deed, memoryCluster } from './memory-cluster.ts';
import { DEFAULTS } from './replay.ts';
import { waitScene } from './wait-scene.ts';

const SILENT: StreamScript = { chunks: keepAlives(3_600_000) };
const CERTIFICATES = {
  kind: 'Certificate',
  group: 'cert-manager.io',
  version: 'v1',
  plural: 'certificates',
  namespaced: true,
};
const RELATIONS: Readonly<Record<string, Relation>> = { [OLD]: 'lacks', [WANTED]: 'equal', [NEWER]: 'reverted' };

/** What happens while it is waited. */
export interface MixedStory {
  /** The application, at a time in milliseconds. */
  readonly app?: (at: number) => Sketch;
  readonly deeds: readonly Deed[];
  readonly objects?: readonly string[];
  readonly images?: readonly string[];
  readonly applied?: readonly string[];
  readonly timeout?: number;
}

/** It has the wanted commit from then on. */
export const arriving =
  (arrival: number) =>
  (at: number): Sketch => ({ revision: at < arrival ? OLD : WANTED, version: 100 + at });

/** One wait on an application of Argo CD and on objects of Kubernetes itself, in virtual time. */
export async function playMixed({
  app = () => ({ revision: WANTED }),
  deeds,
  objects = ['Deployment/web'],
  ...story
}: MixedStory) {
  const { images = [], applied = [], timeout = 120_000 } = story;
  const { clock, script, host, engine: argocd } = waitScene();
  const path = 'GET /api/v1/applications/shop';
  script.on(path, ({ at }) => json(application(app(at))), 'some').on(`${path}/syncwindows`, json({}), 'some');
  script.on(`${path}/resource-tree`, json({ nodes: [] }), 'some');
  script.on('GET /api/v1/stream/applications?name=shop', SILENT);
  const cluster = memoryCluster(clock, { deeds, types: [CERTIFICATES] });
  const kubernetes = withoutRevision(kubernetesEngine(cluster, {}, host), new Set(applied));
  const engine = severalEngines([argocd, kubernetes], host);
  const asked: string[] = [];
  const relation = async (revision: string): Promise<Relation> => {
    asked.push(revision);
    return RELATIONS[revision] ?? 'unknown';
  };
  const ends = new Map<string, number>();
  const progress: WatchRequest['progress'] = ({ kind, target }) => {
    if (kind === 'verdict') ends.set(target.name, clock.monotonic());
  };
  const outcomes = await clock.run(
    watch({
      ...{ engine, host, timeout, relation, options: DEFAULTS, refresh: true, progress },
      targets: [
        ...objects.map((text) => engine.parseTargetOf('kubernetes', text)),
        engine.parseTargetOf('argocd', 'shop'),
      ],
      wanted: { revision: WANTED, images },
    }),
  );
  const of = (name: string) => outcomes.find(({ target }) => target.name === name);
  return {
    asked,
    /** In milliseconds. */
    ends,
    kinds: outcomes.map(({ target, verdict }) => `${target.name} ${verdict.kind}`),
    secondsOf: (name: string) => of(name)?.seconds ?? Number.NaN,
    reasonsOf: (name: string) => of(name)?.verdict.reasons.join('; ') ?? '',
    /** The last observation that its verdict is about. */
    said: (name: string) => of(name)?.verdict.observation,
    told: outcomes.flatMap(({ timeline }) => timeline.map(({ reason }) => reason)),
  };
}
