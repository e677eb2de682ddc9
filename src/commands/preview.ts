import type { Forge } from '../forges/forge-client.ts';
import type { Section } from '../forges/request-types.ts';
import type { Host } from '../host.ts';
import type { Outcome } from '../outcome.ts';
import type { ObjectDifference } from '../rendering/object-difference.ts';
import { type Gate, NO_GATE } from './bumping.ts';
import { isRendering, type RenderInputs, renderFiles, renderNotes } from './rendering.ts';

/** Shows what a change does to what the files render to, and keeps nothing out. */
export interface Preview extends Gate {
  /** What an outcome has of it. */
  shown(): Pick<Outcome, 'differences' | 'notes'>;
}

interface Shown {
  readonly differences: readonly ObjectDifference[];
  readonly notes: readonly string[];
  readonly broken: readonly string[];
  readonly section: Section;
}

/**
 * Nothing is read, loaded or run where nothing is to be rendered.
 * @throws ToolError denied where a stranger may have caused this run
 */
export async function openPreview(forge: Forge, inputs: RenderInputs, host: Host): Promise<Preview> {
  if (!isRendering(inputs)) return { ...NO_GATE, shown: () => ({ notes: [] }) };
  const trees = await import('./rendered-change.ts');
  await trees.refuseUntrustedRendering(host);
  const { loadSchemas } = await import('../validation/schemas.ts');
  const { renderedSection } = await import('./rendered-section.ts');
  const kubernetesVersion = (await loadSchemas(host, undefined)).versions.at(-1) ?? '';
  let shown: Shown | undefined;
  return {
    async check({ files }, _snapshot, head) {
      const sides = await trees.readTreeSides(host, forge, head, files, []);
      const { before, after } = sides;
      const was = await renderFiles(before.host, inputs, { ...before, kubernetesVersion });
      const is = await renderFiles(after.host, inputs, { ...after, kubernetesVersion });
      const differences = trees.differencesOf(host, sides, { before: was, after: is });
      const [notes, broken] = [renderNotes(is), trees.brokenUnits(was, is)];
      shown = { differences, notes, broken, section: renderedSection(differences, notes, broken) };
      return true;
    },
    sections: () => (shown === undefined ? [] : [shown.section]),
    shown: () =>
      shown === undefined
        ? { notes: [] }
        : { differences: shown.differences, notes: [...shown.notes, ...shown.broken] },
  };
}

/** @param isAbout false where nothing was to be changed in the end */
export function withPreview(outcome: Outcome, preview: Pick<Preview, 'shown'>, isAbout: boolean): Outcome {
  if (!isAbout) return outcome;
  const { notes, ...differences } = preview.shown();
  return { ...outcome, ...differences, notes: [...outcome.notes, ...notes] };
}
