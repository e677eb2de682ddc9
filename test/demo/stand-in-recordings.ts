import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { it } from '@jest/globals';

const FOLDER = process.env.DRAWBRIDGE_RECORDINGS ?? resolve(import.meta.dirname, '../../../shared/recordings');

export interface RecordedLine {
  readonly t: number;
  readonly via: 'stream' | 'get' | 'mark' | 'http';
  readonly framing?: string;
  readonly object?: Readonly<Record<string, unknown>>;
}

/** A test that needs a recording of a real Argo CD; where there is none it is skipped, and its name says why. */
export function recordedTest(name: string, file: string, body: (path: string) => void | Promise<void>): void {
  const path = resolve(FOLDER, 'argocd', file);
  if (existsSync(path)) it(name, () => body(path));
  else it.skip(`${name} (skipped: no recording ${file}; DRAWBRIDGE_RECORDINGS names the folder)`, () => undefined);
}

export function readRecording(path: string): readonly RecordedLine[] {
  return linesOf<RecordedLine>(path);
}

export function linesOf<T>(path: string): readonly T[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line): T => JSON.parse(line));
}

/** The Applications of a recording as the stream showed them, with the time of each. */
export function streamed(lines: readonly RecordedLine[]) {
  return lines.flatMap((line) =>
    line.via === 'stream' && line.framing !== 'sse' && line.object !== undefined && 'metadata' in line.object
      ? [{ t: line.t, application: line.object }]
      : [],
  );
}
