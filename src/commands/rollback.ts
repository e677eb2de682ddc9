import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { mayWrite, writeOutputs } from './bumping.ts';
import { withLinkedRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { openPreview, withPreview } from './preview.ts';
import { openHeadline, type Settled, settle } from './requesting.ts';
import { publishRollback, type RolledBack } from './rolling-back.ts';
import { count, short } from './words.ts';

/** Undoes a bump by a new commit or request. */
export async function rollback(inputs: InputValues<'rollback'>, context: CommandContext): Promise<Outcome> {
  return withLinkedRepository(inputs, context, async (forge) => {
    const preview = await openPreview(forge, inputs, context.host);
    const undone = await publishRollback(forge, inputs, context.host, preview);
    const settled = await settle(forge, undone.published, inputs, context.host);
    const { published } = settled;
    const outcome: Outcome = {
      result: settled.kind === 'ended' ? settled.result : 'ok',
      exitCode: settled.kind === 'ended' ? settled.exitCode : EXIT_CODE.ok,
      outputs: writeOutputs(published),
      findings: [],
      edits: published.change?.edits ?? [],
      targets: [],
      headline: headlineOf(settled, undone, forge.location, mayWrite(inputs)),
      notes: published.notes ?? [],
    };
    return withPreview(outcome, preview, published.change !== undefined);
  });
}

function headlineOf(settled: Settled, { bump, by }: RolledBack, location: string, write: boolean): string {
  if (settled.kind === 'ended') return settled.headline;
  const { branch, revision, change, request } = settled.published;
  if (settled.kind === 'open') return openHeadline(settled.request, count(change?.edits.length ?? 0, 'place'));
  if (request !== undefined)
    return `${request.request.url} is merged into ${branch} of ${location} as ${short(revision)}`;
  const what = `${short(bump.revision)} on ${branch} of ${location}`;
  if (by !== undefined) return `Nothing to do: ${what} was undone by ${short(by)} already`;
  if (change === undefined) return `Nothing to do: every value of ${what} is what it was before`;
  const places = count(change.edits.length, 'place');
  return write
    ? `${what} undone by commit ${short(revision)}: ${places}`
    : `Dry run: ${what} would be undone: ${places}`;
}
