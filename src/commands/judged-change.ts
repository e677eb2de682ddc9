import type { Forge, Head } from '../forges/forge-client.ts';
import type { Section } from '../forges/request-types.ts';
import type { Host } from '../host.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { ObjectDifference } from '../rendering/object-difference.ts';
import type { CheckOptions } from '../validation/check.ts';
import type { RenderedFindings } from '../validation/report.ts';
import type { Schemas } from '../validation/schemas.ts';
import { judgeRendering, type RenderInputs } from './rendering.ts';

/** What is checked of a change beyond the files themselves. */
export interface JudgedChange {
  readonly before: RenderedFindings;
  readonly after: RenderedFindings;
  readonly differences: readonly ObjectDifference[];
  readonly notes: readonly string[];
  readonly section: Section;
}

/** Judges one change of the config repository. */
export type JudgeChange = (head: Head, edited: readonly SourceFile[], options: CheckOptions) => Promise<JudgedChange>;

/**
 * Checks what the edited files render to, before and after.
 * @throws ToolError denied where a stranger may have caused this run
 */
export async function openJudge(
  forge: Forge,
  inputs: RenderInputs & { readonly ignore: readonly string[] },
  schemas: Schemas,
  host: Host,
): Promise<JudgeChange> {
  const trees = await import('./rendered-change.ts');
  await trees.refuseUntrustedRendering(host);
  const { renderedSection } = await import('./rendered-section.ts');
  return async (head, edited, options) => {
    const sides = await trees.readTreeSides(host, forge, head, edited, inputs.ignore);
    const judge = (side: typeof sides.before) =>
      judgeRendering(side.host, inputs, side.files, schemas, {
        ...options,
        changed: sides.changed,
        repository: side.repository,
      });
    const [before, after] = [await judge(sides.before), await judge(sides.after)];
    const differences = trees.differencesOf(host, sides, { before: before.rendered, after: after.rendered });
    const { notes } = after;
    const section = renderedSection(differences, notes);
    return { before: before.findings, after: after.findings, differences, notes, section };
  };
}
