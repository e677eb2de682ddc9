import { createBlockYamlReader } from './block-yaml.ts';
import { lazily } from './lazily.ts';
import { createLibraryReader } from './library-yaml.ts';
import type { YamlReader } from './yaml-document.ts';

export type { ReadDocument, YamlReader } from './yaml-document.ts';

/**
 * A reader of YAML with the scalars of `mode`; nesting deeper than `maxDepth` is a problem of its own. What it gives is what
 * js-yaml gives; the own reader for the common kind of document is only there for its speed.
 */
export function createYamlReader(maxDepth: number): YamlReader {
  const readBlocks = createBlockYamlReader(maxDepth);
  const library = lazily(() => createLibraryReader(maxDepth));
  return {
    read(text, mode, duplicates) {
      const read = readBlocks(text, mode);
      return read === undefined ? library().read(text, mode, duplicates) : { ok: true, ...read };
    },
  };
}
