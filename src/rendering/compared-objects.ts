import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { classifyDocument, classifyFile, fileNames } from '../validation/classify.ts';
import { readFileGraph, readKustomizations } from '../validation/read-file-graph.ts';
import { expandLists } from './expand-lists.ts';
import type { ComparedObject } from './object-difference.ts';
import type { Rendered } from './render.ts';
import { type Json, readFileValues, resourceOf } from './yaml-values.ts';

/**
 * All objects of a revision: those that were rendered, and those of files that nothing renders.
 * @param isMeant the files of which plain objects are told; the others only say what these are
 */
export function comparedObjects(
  rendered: Rendered,
  files: readonly SourceFile[],
  isMeant: (path: string) => boolean = () => true,
): readonly ComparedObject[] {
  const labelOf = labels(rendered);
  const used = new Set(rendered.units.flatMap(({ inputs }) => [...inputs]));
  const made = rendered.units.flatMap((unit) =>
    unit.outcome.state !== 'rendered'
      ? []
      : unit.outcome.objects.flatMap(({ value, origin }) =>
          objectsIn(value, labelOf(unit), origin?.made === 'by a generator'),
        ),
  );
  return [
    ...made,
    ...plainObjects(
      files.filter(({ path }) => isMeant(path) && !used.has(path)),
      files,
    ),
  ];
}

/** Units of several clusters may have one name: then the file tells them apart. */
function labels({ units }: Rendered): (unit: Rendered['units'][number]) => string {
  const places = new Map<string, Set<string>>();
  for (const { unit } of units) {
    const known = places.get(unit.name) ?? new Set();
    places.set(unit.name, known.add(unit.place.path));
  }
  return ({ unit }) => ((places.get(unit.name)?.size ?? 0) > 1 ? `${unit.name} (${unit.place.path})` : unit.name);
}

function plainObjects(files: readonly SourceFile[], all: readonly SourceFile[]): readonly ComparedObject[] {
  const reader = createYamlReader(LIMITS.depth);
  const graph = readFileGraph(readKustomizations(all, reader), all, reader);
  const names = fileNames(all.map(({ path }) => path));
  return files.flatMap(({ path, bytes, mode }) => {
    if (mode === '120000' || classifyFile(path, names, graph) !== undefined) return [];
    return readFileValues(bytes, 'cluster').flatMap(({ value }) => {
      if (resourceOf(value) === undefined || classifyDocument(value, path, names) !== undefined) return [];
      return objectsIn(value as Json, '', false);
    });
  });
}

function objectsIn(document: Json, unit: string, isGenerated: boolean): readonly ComparedObject[] {
  return expandLists(document).flatMap((value) => {
    const resource = resourceOf(value);
    return resource === undefined ? [] : [{ unit, resource, value, isGenerated }];
  });
}
