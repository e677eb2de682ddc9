import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/host/clock.ts';

describe('the clock', () => {
  it.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER])(
    'sleeps until it is woken when nothing is due: %s',
    async (forEver) => {
      const woken = new AbortController();
      const sleeping = systemClock.sleep(forEver, woken.signal).then(() => 'slept it out');
      const moment = systemClock.sleep(20).then(() => 'still asleep');
      expect(await Promise.race([sleeping, moment])).toBe('still asleep');
      woken.abort(new Error('woken'));
      await expect(sleeping).rejects.toThrow('woken');
    },
  );
});
