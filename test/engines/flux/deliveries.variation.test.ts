import { describe, expect, it } from '@jest/globals';
import { type Plan, plansOfArrival, plansOfServers, plansOfWrites, SETTINGS } from '../../support/delivery-plans.ts';
import { readFluxRecording } from '../../support/flux-recordings.ts';
import { type FluxScene, fluxScene, waitOnFlux } from '../../support/flux-waiting.ts';

const APP = 'Kustomization/app';
const CHILD = 'Kustomization/child';
const WEB = 'HelmRelease/web';

/** Recording, commit that is waited for, and on which targets at once. */
const CASES: readonly (readonly [string, string, ...string[]])[] = [
  ['first-install', 'A', APP],
  ['happy', 'B', APP],
  ['nudge-both', 'B', APP],
  ['wait-false', 'B', APP],
  ['no-op', 'B', APP],
  ['bad-image', 'B', APP],
  ['bad-image', 'C', APP],
  ['bad-image-deadline', 'B', APP],
  ['fix-during-health-check', 'B', APP],
  ['fix-during-health-check', 'C', APP],
  ['fix-during-health-check-cancel', 'C', APP],
  ['flap', 'B', APP],
  ['crash-loop', 'B', APP],
  ['job', 'B', APP],
  ['job', 'C', APP],
  ['job', 'E', APP],
  ['build-failed', 'B', APP],
  ['build-failed', 'C', APP],
  ['dry-run-failed', 'B', APP],
  ['dry-run-failed', 'E', APP],
  ['path-gone', 'B', APP],
  ['suspended', 'B', APP],
  ['depends-on', 'B', APP],
  ['depends-on', 'C', APP],
  ['revert', 'B', APP],
  ['revert', 'C', APP],
  ['two-commits', 'B', APP],
  ['two-commits', 'C', APP],
  ['force-push', 'B', APP],
  ['force-push', 'C', APP],
  ['force-push-same-content', 'B', APP],
  ['source-fails', 'B', APP],
  ['concurrent-tokens', 'B', APP],
  ['nested', 'B', CHILD],
  ['nested', 'C', APP, CHILD],
  ['spec-change-during-pass', 'B', APP],
  ['commit-status', 'D', APP],
  ['commit-status', 'E', APP],
  ['receiver', 'B', APP],
  ['oci', 'B', APP],
  ['oci', 'C', APP],
  ['helm-upgrade', 'B', WEB],
  ['helm-rollback', 'B', WEB],
  ['helm-rollback', 'C', WEB],
  ['helm-retries', 'B', WEB],
  ['helm-retries', 'C', WEB],
  ['helm-no-remediation', 'B', WEB],
  ['helm-no-bump', 'B', WEB],
  ['helm-no-bump', 'C', WEB],
  ['helm-values-wait-true', 'B', WEB, APP],
  ['helm-values-wait-true', 'C', WEB, APP],
  ['helm-values-wait-false', 'B', WEB],
  ['helm-values-wait-false', 'C', WEB],
  ['helm-values-rollback', 'B', WEB],
];

const tally = new Map<string, number>();

/** Every verdict under every plan is what is true by the recording, and comes in time. */
async function expectTruth(what: string, scene: FluxScene, plans: Iterable<Plan>): Promise<void> {
  const wrong: unknown[] = [];
  for (const plan of plans) {
    const found = await waitOnFlux(scene, plan);
    tally.set(what, (tally.get(what) ?? 0) + found.length);
    for (const { kind, reasons, objection } of found)
      if (objection !== undefined) wrong.push([plan.name, plan.from, kind, objection, ...reasons]);
  }
  expect(wrong).toEqual([]);
}

describe('a recording that is played by a server with something wrong', () => {
  it.each(CASES.map((one, index) => [index, ...one] as const))('%s: %s, %s on %s: the truth', async (...one) => {
    const [index, name, label, ...targets] = one;
    const recording = readFluxRecording(name);
    const { t, sha } = recording.push(label);
    const scene = fluxScene(recording, sha, targets);
    const kinds = [...new Set(scene.story.writes.map(({ kind }) => kind))];
    const settings = [0, 1 + (index % 3)].flatMap((number) => SETTINGS[number] ?? []);
    await expectTruth('servers', scene, plansOfServers(t + 1, kinds, settings));
    await expectTruth('arrivals', scene, plansOfArrival(scene.story, t + 1, 4_000));
    await expectTruth('writes', scene, plansOfWrites(scene.story, t + 1, 16));
  });
});

describe('the variations', () => {
  it('are more than 4,000, each of them a wait by all of the program', () => {
    expect([...tally.keys()]).toEqual(['servers', 'arrivals', 'writes']);
    expect([...tally.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(4_000);
  });
});
