import { describe, expect, it } from '@jest/globals';
import type { Phase, RelatedObservation, TargetState } from '../../src/engines/delivery-engine.ts';
import { changeLine, heartBeatLine, type ProgressState, verdictLine } from '../../src/reporting/progress.ts';
import { clockTime, shortDigests, shortRevision } from '../../src/reporting/words.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';
import { HOSTILE_TEXT, NEW, observation, target } from './outcomes.ts';

const TIME = { elapsed: 41_000, remaining: 559_000 };
const NAME = 'argocd/shop-api';

const STATUS = 'Synced at 3f2a91c, Progressing';

function moment(phase: Phase, state: TargetState, parts: Partial<RelatedObservation> = {}): ProgressState {
  return { phase, observation: observation(NAME, { state, reasons: [STATUS], ...parts }) };
}

describe('changeLine', () => {
  it.each([
    ['an older rollout', moment('unseen', 'healthy'), 'not seen yet'],
    ['an operation', moment('syncing', 'syncing'), 'syncing'],
    [
      'old pods that look healthy after the operation',
      moment('applied', 'healthy', { trusted: false }),
      'healthy, to be confirmed',
    ],
    ['the rollout', moment('rolling', 'progressing'), 'rolling out'],
    ['a broken rollout', moment('rolling', 'degraded'), 'degraded'],
    ['what was broken before the change was applied', moment('syncing', 'degraded'), 'syncing'],
    ['the last stretch', moment('settling', 'healthy'), 'healthy, settling'],
    ['an obstacle', moment('seen', 'blocked'), 'blocked'],
    ['a target that is not there', moment('resolve', 'absent'), 'not there yet'],
  ])("tells %s, with the engine's own words", (_what, next, words) => {
    expect(changeLine(undefined, next, TIME)).toBe(`  0:41  ${NAME}  ${words} (${STATUS})`);
  });

  it('is silent while only the status behind it changes, and speaks for a new problem', () => {
    const before = moment('rolling', 'progressing');
    expect(changeLine(before, moment('rolling', 'progressing', { reasons: ['another status'] }), TIME)).toBe(undefined);
    const problem = moment('rolling', 'progressing', { reasons: [STATUS, 'Pod a: CrashLoopBackOff'] });
    expect(changeLine(before, problem, TIME)).toBe(`  0:41  ${NAME}  rolling out (${STATUS}): Pod a: CrashLoopBackOff`);
  });

  it('is one safe line, whatever the engine says', () => {
    const { phase, observation: seen } = moment('rolling', 'degraded', { reasons: [HOSTILE_TEXT] });
    const line = changeLine(undefined, { phase, observation: { ...seen, target: target('::error::x') } }, TIME) ?? '';
    expect(line).not.toContain('\n');
    expect(runnerCommands(line, ANY_COMMAND)).toEqual([]);
  });
});

describe('heartBeatLine', () => {
  it('says that the wait lives, and for how long it can', () => {
    expect(heartBeatLine(moment('rolling', 'progressing'), target(NAME), TIME)).toBe(
      `  0:41  ${NAME}  still rolling out (${STATUS}); 9:19 left`,
    );
    expect(heartBeatLine(undefined, target(NAME), TIME)).toBe(
      `  0:41  ${NAME}  no answer from the engine yet; 9:19 left`,
    );
  });
});

describe('verdictLine', () => {
  it('ends the story of a target', () => {
    const landed = { kind: 'landed', phase: 'settling', reasons: ['x'] } as const;
    const failed = { kind: 'failed', phase: 'rolling', reasons: ['Pod a: CrashLoopBackOff'] } as const;
    expect(verdictLine(target(NAME), landed, TIME)).toBe(`  0:41  ${NAME}  live and healthy`);
    expect(verdictLine(target(NAME), failed, TIME)).toBe(`  0:41  ${NAME}  failed: Pod a: CrashLoopBackOff`);
  });
});

describe('words', () => {
  it.each([
    [0, '0:00'],
    [59_499, '0:59'],
    [725_000, '12:05'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%i ms is %s', (milliseconds, words) => {
    expect(clockTime(milliseconds)).toBe(words);
  });

  it('shortens commits and digests, and leaves versions', () => {
    expect(shortRevision(NEW)).toBe('3f2a91c');
    expect(shortRevision(`sha256:${'ab'.repeat(32)}`)).toBe('sha256:abababa');
    expect(shortRevision('1.2.3-rc.1')).toBe('1.2.3-rc.1');
    expect(shortDigests(`app:v1@sha256:${'ab'.repeat(32)}`)).toBe('app:v1@sha256:abababababab…');
  });
});
