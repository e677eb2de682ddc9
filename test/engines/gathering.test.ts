import { expect, it } from '@jest/globals';
import { gathering } from '../../src/engines/gathering.ts';
import { observation } from '../support/observations.ts';
import { virtualClock } from '../support/virtual-clock.ts';

function scene() {
  const clock = virtualClock();
  const outer = new AbortController();
  const all = gathering(clock, outer.signal);
  const named = (name: string) => observation({ target: { name, kind: 'Application' } });
  const ended: string[] = [];
  /** Tells once after so many milliseconds, then waits for its end. */
  const task = (name: string, after: number) => async () => {
    await clock.sleep(after, all.signal);
    all.tell(named(name));
    await clock.sleep(3_600_000, all.signal).catch(() => undefined);
    ended.push(name);
  };
  const take = async (most: number, begin: () => void) => {
    const names: string[] = [];
    for await (const { target } of all.observations(begin)) if (names.push(target.name) === most) break;
    return names;
  };
  return { clock, outer, all, task, take, ended };
}

it('brings what several tasks tell in the order of time, and ends them with the last reader', async () => {
  const { clock, all, task, take, ended } = scene();
  const begin = () => {
    all.run(task('slow', 90_000));
    all.run(task('quick', 10));
  };
  expect(await clock.run(take(2, begin))).toEqual(['quick', 'slow']);
  expect(ended.toSorted()).toEqual(['quick', 'slow']);
});

it('ends without an error once nobody waits any more', async () => {
  const { clock, outer, all, task, take, ended } = scene();
  const reading = take(9, () => all.run(task('one', 10)));
  const leaving = clock.sleep(100).then(() => outer.abort());
  expect(await clock.run(Promise.all([reading, leaving]).then(([names]) => names))).toEqual(['one']);
  expect(ended).toEqual(['one']);
});

it('breaks with what one task fails with, after the others have ended', async () => {
  const { clock, all, task, take, ended } = scene();
  const begin = () => {
    all.run(task('one', 10));
    all.run(() => clock.sleep(20).then(() => Promise.reject(new Error('a fault'))));
  };
  await expect(clock.run(take(9, begin))).rejects.toThrow('a fault');
  expect(ended).toEqual(['one']);
});
