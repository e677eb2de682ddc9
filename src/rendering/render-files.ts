import { type Made, notMade, type Shop } from './shop.ts';
import type { FilesRecipe, RenderedObject } from './unit.ts';
import { readFileValues, resourceOf } from './yaml-values.ts';

/** The objects of files that are applied as they stand. */
export async function renderFiles({ tree }: Shop, { files }: FilesRecipe): Promise<Made> {
  const objects: RenderedObject[] = [];
  for (const path of files) {
    const kind = await tree.kindOf(path);
    if (kind !== 'file') return notMade({ state: 'refused', reason: `${path} is a ${kind}` }, files);
    for (const { value, text } of readFileValues(await tree.read(path), 'cluster')) {
      const resource = resourceOf(value);
      if (resource === undefined) continue;
      const origin = { path, made: 'as it stands' as const };
      objects.push({ resource, value: value as RenderedObject['value'], text, origin });
    }
  }
  return { outcome: { state: 'rendered', objects }, inputs: new Set(files), kustomizations: new Map() };
}
