import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createYamlReader } from '../../src/manifests/read-yaml.ts';
import { readYamlFile } from '../../src/validation/read-file.ts';
import type { JsonMap } from './json.ts';

const FIXTURES = resolve(import.meta.dirname, '../../test/validation/fixtures');

/** A sound object, and what it is called. */
export interface Base {
  readonly title: string;
  readonly object: JsonMap;
}

/** Objects of Kubernetes' own kinds, then custom resources. An API server takes all of them. */
export function soundBases(): readonly Base[] {
  return ['oracle/bases.yaml', 'detection/custom.yaml'].flatMap((name) =>
    readFileSync(resolve(FIXTURES, name), 'utf8')
      .split(/^---\n/m)
      .map(readBase),
  );
}

function readBase(text: string): Base {
  const title = /^# base: (.*)$/m.exec(text)?.[1] ?? 'untitled';
  const read = readYamlFile(text, 'cluster', createYamlReader(100));
  if (read.kind !== 'documents') throw new Error(`${title} cannot be read`);
  return { title, object: read.documents[0]?.value as JsonMap };
}
