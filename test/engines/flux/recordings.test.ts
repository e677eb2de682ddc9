import { describe, expect, it } from '@jest/globals';
import type { VerdictKind } from '../../../src/engines/delivery-engine.ts';
import { fluxRecordings, readFluxRecording } from '../../support/flux-recordings.ts';
import { endingOf, eventsOf, type FluxReplay, replayFlux } from '../../support/flux-replay.ts';
import { isFluxLive } from '../../support/flux-truth.ts';

/** Recording, commit waited for, target, verdict, and between which milliseconds after the push it must come. */
type Case = readonly [string, string, string, VerdictKind, number, number, Partial<FluxReplay>?];

const APP = 'Kustomization/app';
const WEB = 'HelmRelease/web';

const CASES: readonly Case[] = [
  ['first-install', 'A', APP, 'landed', 15_000, 17_000],
  ['happy', 'B', APP, 'landed', 15_700, 18_000],
  ['nudge-both', 'B', APP, 'landed', 15_000, 17_000],
  ['wait-false', 'B', APP, 'landed', 22_400, 24_000],
  ['no-op', 'B', APP, 'landed', 10_000, 12_000],
  ['bad-image', 'A', APP, 'superseded', 31_000, 32_000],
  ['bad-image', 'B', APP, 'failed', 30_500, 30_600],
  ['bad-image', 'C', APP, 'landed', 15_000, 19_000],
  ['bad-image-deadline', 'B', APP, 'failed', 15_300, 15_500],
  ['fix-during-health-check', 'B', APP, 'failed', 40_000, 41_000],
  ['fix-during-health-check', 'C', APP, 'landed', 49_000, 51_000],
  ['fix-during-health-check-cancel', 'C', APP, 'landed', 15_000, 18_000],
  ['flap', 'B', APP, 'failed', 50_000, 60_000],
  ['crash-loop', 'B', APP, 'failed', 30_200, 30_400],
  ['job', 'B', APP, 'superseded', 22_000, 23_000],
  ['job', 'C', APP, 'failed', 10_000, 10_500],
  ['job', 'D', APP, 'failed', 300, 500],
  ['job', 'E', APP, 'landed', 19_000, 21_000],
  ['build-failed', 'B', APP, 'failed', 100, 300],
  ['build-failed', 'C', APP, 'landed', 14_000, 16_000],
  ['dry-run-failed', 'B', APP, 'failed', 200, 400],
  ['dry-run-failed', 'C', APP, 'failed', 3_000, 3_700],
  ['dry-run-failed', 'C', APP, 'failed', 1_000, 3_700, { grace: 1_000 }],
  ['dry-run-failed', 'D', APP, 'failed', 100, 300],
  ['dry-run-failed', 'E', APP, 'landed', 15_000, 17_000],
  ['path-gone', 'B', APP, 'landed', 27_000, 29_000],
  ['path-gone', 'B', APP, 'failed', 8_000, 11_000, { grace: 8_000 }],
  ['suspended', 'B', APP, 'blocked', 5_000, 6_000],
  ['suspended', 'C', APP, 'blocked', 5_000, 6_000],
  ['depends-on', 'B', APP, 'failed', 30_000, 31_000],
  ['depends-on', 'B', 'Kustomization/infra', 'failed', 30_000, 31_000],
  ['depends-on', 'C', APP, 'landed', 24_000, 26_000],
  ['revert', 'B', APP, 'superseded', 5_000, 6_000],
  ['revert', 'C', APP, 'landed', 35_000, 37_000],
  ['two-commits', 'B', APP, 'landed', 29_000, 31_000],
  ['two-commits', 'C', APP, 'landed', 29_000, 31_000],
  ['two-commits-one-push', 'C', APP, 'landed', 15_000, 16_000],
  ['force-push', 'B', APP, 'superseded', 12_000, 13_000],
  ['force-push', 'C', APP, 'landed', 15_000, 16_000],
  ['force-push-same-content', 'B', APP, 'superseded', 25_000, 27_000],
  ['force-push-same-content', 'C', APP, 'landed', 26_000, 28_000],
  ['source-fails', 'B', APP, 'landed', 17_000, 20_000],
  ['branch-gone', 'A', APP, 'landed', 9_000, 11_000],
  ['stalled', 'A', APP, 'failed', 1_000, 1_100],
  ['concurrent-tokens', 'B', APP, 'landed', 19_000, 21_000],
  ['nested', 'B', 'Kustomization/child', 'landed', 25_000, 29_000],
  ['nested', 'C', APP, 'landed', 20_000, 21_000],
  ['spec-change-during-pass', 'B', APP, 'landed', 29_900, 31_000],
  ['commit-status', 'B', APP, 'superseded', 38_000, 39_000],
  ['commit-status', 'C', APP, 'failed', 30_200, 30_400],
  ['commit-status', 'D', APP, 'failed', 30_200, 31_000],
  ['commit-status', 'E', APP, 'landed', 14_000, 16_000],
  ['receiver', 'B', APP, 'landed', 15_000, 20_000],
  ['oci', 'B', APP, 'landed', 10_000, 18_000],
  ['oci', 'C', APP, 'landed', 10_000, 12_000],
  ['helm-upgrade', 'B', WEB, 'landed', 15_000, 16_000],
  ['helm-rollback', 'B', WEB, 'failed', 17_500, 17_700],
  ['helm-rollback', 'C', WEB, 'landed', 14_000, 16_000],
  ['helm-retries', 'B', WEB, 'failed', 37_500, 37_700],
  ['helm-retries', 'C', WEB, 'landed', 10_000, 11_000],
  ['helm-no-remediation', 'B', WEB, 'failed', 8_300, 8_500],
  ['helm-no-remediation', 'C', WEB, 'landed', 14_000, 16_000],
  ['helm-no-bump', 'B', WEB, 'blocked', 5_000, 6_000],
  ['helm-no-bump', 'C', WEB, 'landed', 14_000, 16_000],
  ['helm-values-wait-true', 'B', WEB, 'superseded', 30_000, 33_000],
  ['helm-values-wait-true', 'C', WEB, 'failed', 20_400, 20_600],
  ['helm-values-wait-true', 'C', APP, 'failed', 25_100, 25_400],
  ['helm-values-wait-false', 'C', WEB, 'failed', 20_400, 20_600],
  ['helm-values-rollback', 'B', WEB, 'failed', 27_000, 27_300],
];

function replayOf([name, label, target, , , , more = {}]: Case): FluxReplay & { readonly sha: string } {
  const recording = readFluxRecording(name);
  const { t, sha } = recording.push(label);
  return { recording, target, wanted: sha, from: t, tail: 120_000, sha, ...more };
}

describe('a recording of a real Flux', () => {
  it.each(CASES)('%s, %s on %s: %s', (...one) => {
    const replay = replayOf(one);
    const judged = replayFlux(replay, eventsOf(replay.recording, replay.from));
    const end = endingOf(judged) ?? judged.at(-1);
    const took = (end?.t ?? 0) - replay.from;
    expect({ kind: end?.verdict.kind, reasons: end?.verdict.reasons }).toMatchObject({ kind: one[3] });
    expect(took).toBeGreaterThanOrEqual(one[4]);
    expect(took).toBeLessThanOrEqual(one[5]);
  });

  it('has a verdict here for each of them that has a target', () => {
    const told = new Set(CASES.map(([name]) => name));
    const rest = fluxRecordings().filter((name) => !told.has(name));
    expect(rest).toEqual(['helm-repository']);
  });

  it.each(CASES.filter(([, , , verdict]) => verdict === 'landed'))('%s, %s on %s: %s, and that is true', (...one) => {
    const replay = replayOf(one);
    const end = endingOf(replayFlux(replay, eventsOf(replay.recording, replay.from)));
    for (let before = 0; before <= 9_500; before += 500) {
      expect([before, isFluxLive(replay.recording, replay.target, replay.sha, (end?.t ?? 0) - before)]).toEqual([
        before,
        true,
      ]);
    }
  });
});

describe('a chart of a repository of charts', () => {
  const equal = (one: string, other: string) => (one === other ? ('equal' as const) : ('lacks' as const));

  it.each([
    ['1.1.0', 'landed', 8_400],
    ['1.1.0', 'superseded', undefined],
    ['1.2.0', 'failed', undefined],
  ] as const)('version %s: %s', (version, kind, until) => {
    const recording = readFluxRecording('helm-repository', until);
    const from = recording.marks.find(({ note }) => note.includes(version))?.t ?? 0;
    const replay = { recording: { ...recording, relation: equal }, target: WEB, wanted: version, from, tail: 60_000 };
    expect(endingOf(replayFlux(replay, eventsOf(recording, from)))?.verdict.kind).toBe(kind);
  });
});

describe('what the verdict says', () => {
  function reasonsOf(one: Case): readonly string[] {
    const replay = replayOf(one);
    const judged = replayFlux(replay, eventsOf(replay.recording, replay.from));
    return (endingOf(judged) ?? judged.at(-1))?.verdict.reasons ?? [];
  }

  it('names the revision that broke first', () => {
    const [reason] = reasonsOf(['commit-status', 'D', APP, 'failed', 0, 0]);
    expect(reason).toContain('HealthCheckFailed');
    expect(reason).toContain(
      `it has failed since main@sha1:${readFluxRecording('commit-status').push('C').sha.slice(0, 12)}`,
    );
  });

  it('names the chain of dependencies', () => {
    expect(reasonsOf(['depends-on', 'B', APP, 'failed', 0, 0])[0]).toContain(
      'depends on Kustomization/flux-depends-on/infra: HealthCheckFailed',
    );
  });

  it('says that a chart keeps its version', () => {
    expect(reasonsOf(['helm-no-bump', 'B', WEB, 'blocked', 0, 0])[0]).toContain(
      'its version 1.0.0 stays, so nothing is released',
    );
  });

  it('says that an older revision holds the wanted one back', () => {
    const replay = replayOf(['fix-during-health-check', 'C', APP, 'landed', 0, 0]);
    const said = replayFlux(replay, eventsOf(replay.recording, replay.from)).flatMap(({ verdict }) => verdict.reasons);
    expect(said.find((reason) => reason.includes('is still checking the health of'))).toContain('for at most 40s');
  });
});
