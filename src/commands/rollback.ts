import type { InputValues } from '../inputs/definitions.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { mayWrite, writeOutputs } from './bumping.ts';
import { withConfigRepository } from './config-repository.ts';
import type { CommandContext } from './context.ts';
import { publishRollback, type RolledBack } from './rolling-back.ts';
import { count, short } from './words.ts';

/** Undoes a bump by a new commit. */
export async function rollback(inputs: InputValues<'rollback'>, context: CommandContext): Promise<Outcome> {
  return withConfigRepository(inputs, context, async (forge) => {
    const undone = await publishRollback(forge, inputs, context.host);
    return {
      result: 'ok',
      exitCode: EXIT_CODE.ok,
      outputs: writeOutputs(undone.published),
      findings: [],
      edits: undone.published.change?.edits ?? [],
      targets: [],
      headline: headlineOf(undone, forge.location, mayWrite(inputs)),
      notes: [],
    };
  });
}

function headlineOf({ published, bump, by }: RolledBack, location: string, write: boolean): string {
  const { branch, revision, change } = published;
  const what = `${short(bump.revision)} on ${branch} of ${location}`;
  if (by !== undefined) return `Nothing to do: ${what} was undone by ${short(by)} already`;
  if (change === undefined) return `Nothing to do: every value of ${what} is what it was before`;
  const places = count(change.edits.length, 'place');
  return write
    ? `${what} undone by commit ${short(revision)}: ${places}`
    : `Dry run: ${what} would be undone: ${places}`;
}
