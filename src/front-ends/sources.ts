import { decodeText } from '../manifests/text.ts';
import type { Conducted } from './conduct.ts';

/** Files whose text is read again to show the lines of findings; more would only scroll by. */
const MOST_FILES = 50;

/** The text of the files that findings are about, where they stand on this machine (those of a config repository do not). */
export async function sourcesOf({
  command,
  result,
  workplace,
}: Conducted): Promise<(path: string) => string | undefined> {
  const texts = new Map<string, string>();
  if (command === 'validate' && !(result instanceof Error)) {
    const paths = [...new Set(result.findings.map(({ path }) => path))].slice(0, MOST_FILES);
    for (const path of paths) {
      const bytes = await workplace.files.read(path).catch(() => undefined);
      const decoded = bytes === undefined ? undefined : decodeText(bytes);
      if (decoded?.ok) texts.set(path, decoded.text);
    }
  }
  return (path) => texts.get(path);
}
