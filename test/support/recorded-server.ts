import type { ArgocdScript, Reply, StreamScript } from './argocd-script.ts';
import { json, keepAlives, refusal } from './argocd-script.ts';
import type { Recording } from './recordings.ts';
import { comparedAgain } from './replay.ts';

const SILENT: StreamScript = { chunks: keepAlives(3_600_000) };

/**
 * Answers as the server did while it was recorded, from millisecond `from` of the recording on, whatever it is asked and when.
 * Streams stay silent, as if all of their events were lost. After the end, every question is a comparison.
 */
export function serveRecording(script: ArgocdScript, recording: Recording, from: number): void {
  const { lines, startedAt } = recording;
  const seen = lines.filter(
    ({ via, object, app }) => (via === 'get' || via === 'stream') && app !== undefined && object?.status,
  );
  const names = [...new Set(seen.flatMap(({ app }) => app ?? []))];
  const end = lines.at(-1)?.t ?? 0;
  const gone = new Map(
    lines.flatMap(({ via, type, app, t }) => (via === 'stream' && type === 'DELETED' && app ? [[app, t]] : [])),
  );
  const at = (name: string, asked: number): unknown => {
    const now = from + asked;
    if ((gone.get(name) ?? Number.POSITIVE_INFINITY) <= now) return undefined;
    const object = seen.findLast(({ app, t }) => app === name && t <= now)?.object;
    if (object === undefined || now <= end) return object;
    const seconds = new Date(Math.floor((startedAt + now) / 1000) * 1000).toISOString().replace('.000', '');
    return comparedAgain(object, seconds);
  };
  const answer =
    (name: string) =>
    ({ at: asked }: { readonly at: number }): Reply => {
      const object = at(name, asked);
      return object === undefined ? refusal(403, 7, 'permission denied') : json(object);
    };
  script.on(
    'GET /api/v1/applications',
    ({ at: asked }) => json({ items: names.flatMap((name) => at(name, asked) ?? []) }),
    'some',
  );
  script.on('GET /api/v1/stream/applications', SILENT, 'some');
  for (const name of names) {
    const path = `GET /api/v1/applications/${name}`;
    script.on(path, answer(name), 'some').on(`${path}?refresh=normal`, answer(name), 'some');
    script.on(`${path}?appNamespace=argocd`, answer(name), 'some');
    script.on(`${path}?refresh=normal&appNamespace=argocd`, answer(name), 'some');
    script.on(`${path}?appNamespace=argocd&refresh=normal`, answer(name), 'some');
    script.on(`${path}/syncwindows`, json({}), 'some').on(`${path}/syncwindows?appNamespace=argocd`, json({}), 'some');
    script.on(`GET /api/v1/stream/applications?name=${name}`, SILENT, 'some');
    script.on(`GET /api/v1/stream/applications?name=${name}&appNamespace=argocd`, SILENT, 'some');
  }
}
