/** Manifests to measure with: the same bytes on every machine, written to a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { customResourceDefinition } from './corpus-crds.ts';
import { OBJECTS } from './corpus-objects.ts';

export interface Corpus {
  readonly folder: string;
  readonly files: number;
  readonly objects: number;
  readonly bytes: number;
}

/** Small objects of the common kinds, about half a kilobyte each, 3 or 4 to a file, a folder for every 40 files. */
export function writeSmallObjects(folder: string, objects: number): Corpus {
  const files = Math.ceil(objects / 3.25);
  let bytes = 0;
  let next = 0;
  for (let file = 0; file < files; file++) {
    const until = Math.round(((file + 1) * objects) / files);
    const documents: string[] = [];
    for (; next < until; next++) documents.push(smallObject(next));
    bytes += write(join(folder, `team-${Math.floor(file / 40)}`, `app-${file}.yaml`), documents.join('---\n'));
  }
  return { folder, files, objects, bytes };
}

function smallObject(index: number): string {
  const make = OBJECTS[index % OBJECTS.length];
  if (make === undefined) throw new Error('there are no kinds of objects');
  return make(index);
}

/** As `writeSmallObjects`, with definitions of custom resources among them until there are that many bytes. */
export function writeWithDefinitions(folder: string, bytes: number): Corpus {
  const small = writeSmallObjects(join(folder, 'apps'), 6_000);
  let sum = small.bytes;
  let definitions = 0;
  for (; sum < bytes; definitions++) {
    sum += write(join(folder, 'crds', `crd-${definitions}.yaml`), customResourceDefinition(definitions));
  }
  return { folder, files: small.files + definitions, objects: small.objects + definitions, bytes: sum };
}

function write(path: string, text: string): number {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return text.length;
}
