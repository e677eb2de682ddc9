/** Bytes that are enough for short-lived objects; V8 would take six times as much. */
const ENOUGH = 16_000_000;
/** Milliseconds. */
const LOOK_EVERY = 50;
const LOOK_FOR = 60_000;

/**
 * Keeps V8 from letting the space for new objects grow further once it is large enough: beyond that it takes memory and saves
 * no time, and its size at most can be said on the command line of Node only. Looked at while something reads a lot, in the
 * first minute (https://nodejs.org/api/v8.html#v8setflagsfromstringflags, https://v8.dev/blog/trash-talk).
 */
export function boundNewSpace(): void {
  let looks = 0;
  const timer = setInterval(() => {
    // Short runs do without; an import would take its time in the midst of work. Node.js before 22.3 has no such function.
    const v8 = process.getBuiltinModule?.('node:v8');
    const spaces = v8?.getHeapSpaceStatistics() ?? [];
    const isLarge = spaces.some(({ space_name: name, space_size: size }) => name === 'new_space' && size > ENOUGH);
    if (isLarge) v8?.setFlagsFromString('--semi-space-growth-factor=1');
    looks++;
    if (isLarge || looks * LOOK_EVERY > LOOK_FOR) clearInterval(timer);
  }, LOOK_EVERY);
  timer.unref();
}
