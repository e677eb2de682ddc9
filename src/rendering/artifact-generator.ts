import { joinPath } from '../manifests/paths.ts';
import { isBelow } from '../validation/tree.ts';
import type { Surroundings } from './declared.ts';
import { fieldOf, listOf, textOf } from './yaml-values.ts';

/** A path of an artifact, seen from the source that it is copied from. */
export interface CopiedPath {
  /** As a `sourceRef` names it. */
  readonly sourceRef: unknown;
  readonly path: string;
}

/**
 * Where a path of an ExternalArtifact comes from, as an ArtifactGenerator in the tree tells: folders that are copied as a
 * whole are followed (https://fluxcd.io/flux/components/source/artifactgenerators/).
 */
export function copiedFrom(
  name: string,
  path: string,
  near: string,
  { listObjects }: Pick<Surroundings, 'listObjects'>,
): CopiedPath | undefined {
  for (const generator of listObjects('ArtifactGenerator', near)) {
    const artifact = listOf(generator, 'spec', 'artifacts').find((candidate) => textOf(candidate, 'name') === name);
    for (const entry of listOf(artifact, 'copy')) {
      const [, alias, from] = /^@([\w-]+)\/(.*)\/\*\*$/.exec(textOf(entry, 'from') ?? '') ?? [];
      const to = /^@artifact\/(.*)$/.exec(textOf(entry, 'to') ?? '')?.[1];
      if (alias === undefined || from === undefined || to === undefined) continue;
      const [target, wanted] = [joinPath('', to), joinPath('', path)];
      const sourceRef = listOf(generator, 'spec', 'sources').find((source) => fieldOf(source, 'alias') === alias);
      const rest = target === '' ? wanted : wanted.slice(target.length + 1);
      if (isBelow(wanted, target)) return { sourceRef, path: joinPath(from, rest) };
    }
  }
  return undefined;
}
