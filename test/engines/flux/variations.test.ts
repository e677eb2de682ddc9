import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import { type FluxRecording, readFluxRecording } from '../../support/flux-recordings.ts';
import { endingOf, eventsOf, type FluxReplay, replayFlux, type Step } from '../../support/flux-replay.ts';
import { isFluxLive } from '../../support/flux-truth.ts';

const APP = 'Kustomization/app';
const WEB = 'HelmRelease/web';

/**
 * What may become of each wait when a message is lost, late or old: the same verdict, none, or one that a person could tell
 * from the same messages. A failure that shows for a moment can be missed, and then what comes after it is what counts.
 */
const SCENES: readonly (readonly [string, string, string, readonly VerdictKind[]])[] = [
  ['first-install', 'A', APP, ['landed']],
  ['happy', 'B', APP, ['landed']],
  ['nudge-both', 'B', APP, ['landed']],
  ['wait-false', 'B', APP, ['landed']],
  ['no-op', 'B', APP, ['landed']],
  ['bad-image', 'B', APP, ['failed', 'landed']],
  ['bad-image', 'C', APP, ['landed']],
  ['bad-image-deadline', 'B', APP, ['failed']],
  ['fix-during-health-check', 'B', APP, ['failed', 'landed']],
  ['fix-during-health-check', 'C', APP, ['landed']],
  ['fix-during-health-check-cancel', 'C', APP, ['landed']],
  ['flap', 'B', APP, ['failed']],
  ['crash-loop', 'B', APP, ['failed']],
  ['job', 'C', APP, ['failed', 'superseded', 'landed']],
  ['build-failed', 'B', APP, ['failed', 'landed']],
  ['dry-run-failed', 'E', APP, ['landed']],
  ['suspended', 'B', APP, ['blocked', 'landed']],
  ['depends-on', 'B', APP, ['failed', 'landed']],
  ['depends-on', 'C', APP, ['landed']],
  ['revert', 'B', APP, ['superseded']],
  ['two-commits', 'C', APP, ['landed']],
  ['force-push', 'B', APP, ['superseded']],
  ['force-push-same-content', 'B', APP, ['superseded']],
  ['source-fails', 'B', APP, ['landed']],
  ['spec-change-during-pass', 'B', APP, ['landed']],
  ['oci', 'B', APP, ['landed']],
  ['helm-upgrade', 'B', WEB, ['landed']],
  ['helm-rollback', 'B', WEB, ['failed', 'landed']],
  ['helm-retries', 'B', WEB, ['failed', 'landed']],
  ['helm-no-remediation', 'B', WEB, ['failed', 'landed']],
  ['helm-no-bump', 'B', WEB, ['blocked', 'landed']],
  ['helm-values-wait-true', 'C', WEB, ['failed']],
  ['helm-values-rollback', 'B', WEB, ['failed']],
];

interface Scene extends FluxReplay {
  readonly name: string;
  readonly allowed: readonly VerdictKind[];
  readonly events: readonly Step[];
}

function sceneOf([name, label, target, allowed]: (typeof SCENES)[number]): Scene {
  const recording = readFluxRecording(name);
  const { t, sha } = recording.push(label);
  const events = eventsOf(recording, t);
  return { name: `${name} ${label}`, recording, target, wanted: sha, from: t, tail: 75_000, allowed, events };
}

/** A list as a server gives it that lags behind. */
function staleRead(t: number, behind: number): Step {
  return { t, kind: 'read', of: t - behind };
}

/** Pods play a part only where something fails, so that not every message about one is tried. */
function isTried(step: Step, index: number): boolean {
  return step.kind === 'read' || !step.write.key.startsWith('Pod/') || index % 5 === 0;
}

function* variationsOf(events: readonly Step[]): Generator<readonly Step[]> {
  for (const [index, step] of events.entries()) {
    if (!isTried(step, index)) continue;
    const before = events.slice(0, index);
    const after = events.slice(index + 1);
    const [next, ...rest] = after;
    yield [...before, ...after];
    if (index % 6 === 0) yield [...before, step, step, ...after];
    if (index % 4 === 1 && next !== undefined)
      yield [...before, { ...next, t: step.t }, { ...step, t: next.t }, ...rest];
    if (index % 4 === 2) yield [...before, step, staleRead(step.t, 1_000), ...after];
    // A stream that breaks, and is heard of again after a while.
    if (index % 4 === 3) yield [...before, ...after.filter(({ t }) => t > step.t + 20_000)];
    // It comes 3 s late, and everything else in time.
    if (index % 6 === 5) yield [...before, ...delayed(step, after)];
  }
}

function delayed(step: Step, after: readonly Step[]): readonly Step[] {
  const late = { ...step, t: step.t + 3_000 };
  return [...after.filter(({ t }) => t <= late.t), late, ...after.filter(({ t }) => t > late.t)];
}

function expectTrue(scene: Scene, steps: readonly Step[]): void {
  const end = endingOf(replayFlux(scene, steps));
  expect([scene.name, undefined, ...scene.allowed]).toContain(end?.verdict.kind);
  if (end?.verdict.kind === 'landed') expect(liveAt(scene, end.t)).toBe(true);
}

function liveAt({ recording, target, wanted }: Scene, t: number): boolean {
  return isFluxLive(recording as FluxRecording, target, wanted, t);
}

describe('a recording with something wrong with every message in turn', () => {
  it.each(SCENES)('%s, %s on %s: the same verdict or none, and never live when it is not', (...one) => {
    const scene = sceneOf(one);
    let count = 0;
    for (const steps of variationsOf(scene.events)) {
      expectTrue(scene, steps);
      count++;
    }
    expect(count).toBeGreaterThan(20);
  });

  it('makes more than 2,000 variations', () => {
    const count = SCENES.reduce((sum, one) => sum + [...variationsOf(sceneOf(one).events)].length, 0);
    expect(count).toBeGreaterThan(2_000);
  });
});

/** Each kind is watched by itself. */
const KINDS = ['GitRepository', 'OCIRepository', 'HelmChart', 'Kustomization', 'HelmRelease', 'Deployment', 'Pod'];
const READ_EVERY = 15_000;

/** What is older than the last read of its kind is not told of any more. */
function lagging({ events, from }: Scene, lags: readonly number[]): readonly Step[] {
  const late = events.flatMap((step): readonly Step[] => {
    if (step.kind === 'read') return [step];
    const t = step.t + (lags[KINDS.indexOf(step.write.key.split('/')[0] ?? '')] ?? 0);
    const readAt = from + READ_EVERY * Math.floor((t - from) / READ_EVERY);
    return step.t > readAt || readAt === from ? [{ ...step, t }] : [];
  });
  return late.toSorted((a, b) => a.t - b.t);
}

describe('a recording of which each watch is late by a time of its own, and some messages are lost', () => {
  it('comes to the same or nothing, with no read but those of every 15 s', () => {
    const scenes = SCENES.map(sceneOf);
    const kept = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    const lag = fc.oneof(fc.constant(0), fc.nat(20_000));
    const lags = fc.array(lag, { minLength: KINDS.length, maxLength: KINDS.length });
    fc.assert(
      fc.property(fc.nat(scenes.length - 1), kept, lags, (number, mask, behind) => {
        const scene = scenes[number];
        if (scene === undefined) return;
        const steps = lagging({ ...scene, events: scene.events.filter((_, index) => mask[index]) }, behind);
        const end = endingOf(replayFlux({ ...scene, looks: false }, steps));
        expect([scene.name, undefined, ...scene.allowed]).toContain(end?.verdict.kind);
        // What is told is true of the time at which it was read.
        const times = [end?.t ?? 0, end?.observation?.at ?? 0];
        if (end?.verdict.kind === 'landed') expect(times.map((t) => liveAt(scene, t))).toContain(true);
      }),
      { numRuns: 600 },
    );
  });
});

describe('a recording of which only some messages come', () => {
  it('never is live when it is not, whatever comes of it', () => {
    const scenes = SCENES.map(sceneOf);
    const kept = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(fc.nat(scenes.length - 1), kept, fc.boolean(), (number, mask, looks) => {
        const scene = scenes[number];
        if (scene === undefined) return;
        const steps = scene.events.filter((_, index) => mask[index]);
        expectTrue({ ...scene, looks }, steps);
      }),
      { numRuns: 300 },
    );
  });

  it.each(SCENES)(
    '%s, %s on %s: with no time to be stable it is live at one of the last two things that were read',
    (...one) => {
      const scene = sceneOf(one);
      const end = endingOf(replayFlux({ ...scene, options: { stableFor: 0 } }, scene.events));
      if (end?.verdict.kind === 'landed') expect([0, 40].map((ago) => liveAt(scene, end.t - ago))).toContain(true);
      else expect(['failed', 'superseded', 'blocked', undefined]).toContain(end?.verdict.kind);
    },
  );
});
