import { describe, expect, it } from '@jest/globals';
import { shownImages } from '../../src/engines/shown-images.ts';

const WANTED = ['ghcr.io/acme/web:2', 'ghcr.io/acme/api:2'];

describe('the images that are due from each of many targets', () => {
  it('are all of them while nobody has shown any', () => {
    expect(shownImages(WANTED).dueFrom('a')).toEqual(WANTED);
  });

  it('are those of the repositories that it has shown, and those that nobody has', () => {
    const shown = shownImages(WANTED);
    shown.add('a', ['ghcr.io/acme/web:1']);
    expect(shown.dueFrom('a')).toEqual(WANTED);
    expect(shown.dueFrom('b')).toEqual(['ghcr.io/acme/api:2']);
    shown.add('b', ['ghcr.io/acme/api:1']);
    expect(shown.dueFrom('a')).toEqual(['ghcr.io/acme/web:2']);
  });

  it('change for others only when the first has shown one, or the last has left', () => {
    const shown = shownImages(WANTED);
    expect(shown.takeNews()).toBe(false);
    shown.add('a', ['ghcr.io/acme/web:1']);
    expect([shown.takeNews(), shown.takeNews()]).toEqual([true, false]);
    shown.add('b', ['ghcr.io/acme/web:1', 'ghcr.io/other/thing:1']);
    expect(shown.takeNews()).toBe(false);
    shown.remove('b');
    shown.remove('a');
    expect(shown.takeNews()).toBe(true);
    expect(shown.dueFrom('b')).toEqual(WANTED);
  });
});
