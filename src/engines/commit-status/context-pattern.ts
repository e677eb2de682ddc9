/**
 * A test for names of contexts: `*` stands for any characters, slashes included, `?` for one; all else stands for itself,
 * since such names hold brackets and spaces. Letters match in either case.
 */
export function contextPattern(pattern: string): (context: string) => boolean {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${source}$`, 'is');
  return (context) => whole.test(context);
}
