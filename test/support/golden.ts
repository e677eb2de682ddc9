import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/** Holds the text against a golden file byte for byte. `UPDATE_GOLDENS=1` writes it instead; then review the difference. */
export function expectGolden(text: string, file: URL): void {
  const path = fileURLToPath(file);
  if (process.env.UPDATE_GOLDENS === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
