import type { Json } from '../../src/engines/api/json.ts';
import { type ContainerImages, containerImages, podTemplateOf } from '../../src/engines/object-health/pod-template.ts';
import { readKubeRecording } from './kube-recordings.ts';
import { type Story, stateAt, storyOf, type Write } from './story.ts';

const KINDS: Readonly<Record<string, string>> = {
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  jobs: 'Job',
  pods: 'Pod',
};

/** A recording as a story in the namespace `shop`. */
export interface KubeStory extends Story {
  /** Right after something was applied. */
  readonly applies: readonly number[];
  /** `Kind/name` of what is not a pod. */
  readonly target: string;
}

export function kubeStory(name: string): KubeStory {
  const { changes, marks, end, serverClock } = readKubeRecording(name);
  const begin = marks[0]?.t ?? 0;
  const writes = changes.map(
    ({ t, kind, name: called, object }): Write => ({
      // What was there before it began is only told in the order in which it was read.
      t: t < begin - 50 ? 0 : t,
      kind: KINDS[kind] ?? kind,
      name: called,
      ...(object === undefined ? {} : { object: inShop(object) }),
    }),
  );
  const own = writes.find(({ kind }) => kind !== 'Pod');
  const story = storyOf({ namespace: 'shop', end, serverClock }, writes);
  return { ...story, applies: marks.map(({ t }) => t + 30), target: `${own?.kind}/${own?.name}` };
}

function inShop(object: Json): Json {
  return { ...object, metadata: { ...(object.metadata as Json), namespace: 'shop' } };
}

/** The images of a target right after that time. */
export function imagesAt(story: Story, target: string, t: number): ContainerImages {
  const object = stateAt(story, t).objects.find((one) => nameOf(one) === target);
  return containerImages(podTemplateOf(object ?? {}));
}

function nameOf({ kind, metadata }: Json): string {
  return `${String(kind)}/${(metadata as { readonly name: string }).name}`;
}

/** Two stories on one server at the same time, the second with names of its own. */
export function together(first: KubeStory, second: KubeStory, shift: number): readonly [KubeStory, KubeStory] {
  const other = renamed(second, first.serverClock - second.serverClock, shift);
  const writes = [...first.writes, ...other.writes];
  const end = Math.max(first.end, other.end);
  const story = storyOf({ namespace: 'shop', end, serverClock: first.serverClock }, writes);
  return [
    { ...story, applies: first.applies, target: first.target },
    { ...story, applies: other.applies, target: other.target },
  ];
}

/** Its names, labels and owners begin with `two-`; its times are those of the other server's clock. */
function renamed(story: KubeStory, clock: number, shift: number): KubeStory {
  const later = (time: string) => iso(Date.parse(time) + clock + shift);
  const rename = (text: string) =>
    text
      .replaceAll(/"(web|migrate)(?=["-])/g, '"two-$1')
      .replaceAll(/"(20\d\d-\d\d-\d\dT[\d:.]+Z)"/g, (_, time: string) => `"${later(time)}"`);
  const again = <T>(value: T): T => JSON.parse(rename(JSON.stringify(value))) as T;
  const writes = story.writes.map((write) => ({ ...again(write), t: write.t + shift }));
  const [kind = '', name = ''] = story.target.split('/');
  return {
    ...story,
    writes,
    end: story.end + shift,
    applies: story.applies.map((t) => t + shift),
    target: `${kind}/two-${name}`,
  };
}

/** The same on a cluster that takes so many times as long for everything. Times from before the story stay as they are. */
export function stretched(story: KubeStory, factor: number): KubeStory {
  const slow = (t: number) => Math.round(t * factor);
  const before = new Map<string, readonly [Json, Json]>();
  const writes = story.writes.map((write): Write => {
    const { t, kind, name, object } = write;
    if (object === undefined) return { ...write, t: slow(t) };
    const [was = {}, became = {}] = before.get(`${kind}/${name}`) ?? [];
    const now = retimed(object, was, became, (time) => {
      const isOfStory = Math.abs(story.serverClock + t - Date.parse(time)) < 2_500;
      return isOfStory ? iso(story.serverClock + slow(t)) : time;
    }) as Json;
    before.set(`${kind}/${name}`, [object, now]);
    return { ...write, t: slow(t), object: now };
  });
  return { ...story, writes, applies: story.applies.map(slow), end: slow(story.end) };
}

/** Every time in it, where it is not as it was before, as it is by then. */
function retimed(value: unknown, was: unknown, became: unknown, move: (time: string) => string): unknown {
  if (typeof value === 'string' && /^20\d\d-\d\d-\d\dT[\d:.]+Z$/.test(value))
    return value === was && typeof became === 'string' ? became : move(value);
  if (typeof value !== 'object' || value === null) return value;
  const inside = (of: unknown, key: string) => (of as Json | undefined)?.[key];
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    retimed(one, inside(was, key), inside(became, key), move),
  ]);
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

function iso(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000', '');
}
