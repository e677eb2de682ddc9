import { createHash } from 'node:crypto';
import { parseTrailers, printTrailers } from '../editing/trailers.ts';
import type { Change, SourceFile } from './forge-client.ts';

const NAME = 'Drawbridge-Seal';

/**
 * The change with one more trailer: a digest of what the commit holds. A commit whose seal fits is exactly as we wrote it,
 * whoever's token made it, and may be replaced by a newer one; whatever a person adds or amends breaks the seal.
 */
export function sealed(change: Change): Change {
  const trailer = printTrailers([{ name: NAME, value: digestOf(change.files) }]);
  const message = change.message.trimEnd();
  const separator = parseTrailers(message).length === 0 ? '\n\n' : '\n';
  return { ...change, message: `${message}${separator}${trailer}\n` };
}

/** True where the commit with this message changed exactly these files to exactly this content under our seal. */
export function fitsSeal(message: string, files: readonly SourceFile[]): boolean {
  return sealOf(message) === digestOf(files);
}

export function hasSeal(message: string): boolean {
  return sealOf(message) !== undefined;
}

function sealOf(message: string): string | undefined {
  return parseTrailers(message).findLast(({ name }) => name === NAME)?.value;
}

/** File modes are left out: some ways to commit cannot set them. */
function digestOf(files: readonly SourceFile[]): string {
  const entries = files.map(({ path, bytes }) => [path, createHash('sha256').update(bytes).digest('hex')]);
  entries.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 40);
}
