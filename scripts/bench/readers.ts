/** How fast the own YAML reader and js-yaml read the documents of a folder, in this very process. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBlockYamlReader } from '../../src/manifests/block-yaml.ts';
import { splitDocuments } from '../../src/manifests/documents.ts';
import { createLibraryReader } from '../../src/manifests/library-yaml.ts';
import { LIMITS } from '../../src/manifests/limits.ts';
import { decodeText } from '../../src/manifests/text.ts';

export interface ReaderRates {
  readonly documents: number;
  /** Documents that the own reader leaves to the library. */
  readonly left: number;
  /** MB a second; the best of some rounds, as other programs only ever make it slower. */
  readonly own: number;
  readonly library: number;
}

const ROUNDS = 5;

export function measureReaders(folder: string): ReaderRates {
  const texts = documentsIn(folder);
  const own = createBlockYamlReader(LIMITS.depth);
  const library = createLibraryReader(LIMITS.depth);
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const rates = { own: 0, library: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    rates.own = Math.max(rates.own, megabytes / seconds(() => texts.forEach((text) => void own(text, 'cluster'))));
    const read = () => texts.forEach((text) => void library.read(text, 'cluster'));
    rates.library = Math.max(rates.library, megabytes / seconds(read));
  }
  const left = texts.filter((text) => own(text, 'cluster') === undefined).length;
  return { documents: texts.length, left, ...rates };
}

function documentsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .flatMap((entry) => {
      const decoded = decodeText(readFileSync(join(entry.parentPath, entry.name)));
      return decoded.ok ? splitDocuments(decoded.text).map(({ text }) => text) : [];
    });
}

function seconds(action: () => void): number {
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
}
