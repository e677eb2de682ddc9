import { expect } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { FaultKind, SeenRequest } from './fault-proxy.ts';
import { createKilledStage, type KilledStage, NEW, OLD, type Seen, type Served, type Strategy } from './killed-run.ts';

export interface Sweep {
  readonly serve: () => Promise<Served>;
  readonly strategy: Strategy;
  readonly faults: readonly FaultKind[];
  /** Which of the requests of a run without faults meet them. */
  readonly at: (request: SeenRequest) => boolean;
}

/**
 * Runs a bump once for each request that it sends and each fault, with that request meeting that fault, and then again from
 * scratch without any. Expects after the first run that it claims nothing that a fresh read does not show, and after the
 * second one that there is one commit, one request, and everything else as it was.
 * @returns how many runs met a fault
 */
export async function sweep({ serve, strategy, faults, at }: Sweep): Promise<number> {
  const numbers = await requestsOf(serve, strategy, at);
  let met = 0;
  for (const kind of faults) {
    for (const number of numbers) {
      const stage = await createKilledStage(serve);
      try {
        if (await isFinished(stage, strategy, number, kind)) met++;
      } catch (error) {
        throw new Error(`${strategy}, ${kind} at request ${number}: ${String(error)}`, { cause: error });
      } finally {
        await stage.close();
      }
    }
  }
  return met;
}

async function requestsOf(serve: Sweep['serve'], strategy: Strategy, at: Sweep['at']): Promise<readonly number[]> {
  const stage = await createKilledStage(serve);
  try {
    expect(await stage.run(strategy)).toMatchObject({ exitCode: 0 });
    const { requests } = stage.proxy;
    const numbers = requests.flatMap((request, index) => (at(request) ? [index + 1] : []));
    expect(numbers.length).toBeGreaterThan(0);
    return numbers;
  } finally {
    await stage.close();
  }
}

/** @returns true where the fault was met */
async function isFinished(stage: KilledStage, strategy: Strategy, number: number, kind: FaultKind): Promise<boolean> {
  stage.proxy.arm(number, kind);
  const outcome = await stage.run(strategy);
  const met = stage.proxy.disarm();
  claimsNoMore(outcome, await stage.look(strategy), strategy);
  expect(await stage.run(strategy)).toMatchObject({ exitCode: 0 });
  isDoneOnce(await stage.look(strategy), strategy);
  expect(stage.leftOver()).toEqual([]);
  return met;
}

/** Success only where a fresh read shows the effect, and "nothing was written" only where it does not. */
function claimsNoMore(outcome: Outcome | Error, seen: Seen, strategy: Strategy): void {
  if (!(outcome instanceof Error)) {
    expect(outcome.exitCode).toBe(0);
    isDoneOnce(seen, strategy);
    return;
  }
  expect(outcome).toBeInstanceOf(ToolError);
  const { code, hint = '', message } = outcome as ToolError;
  expect([code, message]).toEqual(['temporary', message]);
  if (/nothing was written/i.test(hint)) expect([seen.commits, hint]).toEqual([0, hint]);
  expect(seen.commits).toBeLessThan(2);
}

function isDoneOnce({ commits, text, requests }: Seen, strategy: Strategy): void {
  expect([commits, text.includes(NEW), text.includes(OLD)]).toEqual([1, true, false]);
  expect(text).toContain('acme/worker:1.0.0');
  expect(requests).toHaveLength(strategy === 'commit' ? 0 : 1);
}
