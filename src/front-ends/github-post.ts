import { readOpen } from '../commands/open-words.ts';
import { asToolError } from '../host/log.ts';
import { thisProcess } from '../host/this-process.ts';
import { readCommandName } from '../inputs/flags.ts';
import { actionInputs, parseInputs } from '../inputs/parse.ts';
import type { RawInputs } from '../inputs/sources.ts';
import { contextOf } from '../run.ts';
import { hostOf } from './conduct.ts';
import { frontEnd, maskSecrets } from './github-action.ts';

/**
 * Runs after the job, however it ended. What the main step left open on the forge, because it was killed, is ended here. The
 * runner hands over the same inputs once more. Nothing of this makes a job fail.
 */
export async function main(): Promise<void> {
  const self = thisProcess();
  const open = readOpen(self.env);
  const { command: name, ...action } = actionInputs(self.env);
  const raw: RawInputs = { flags: {}, action, env: self.env };
  maskSecrets(action);
  const host = hostOf(frontEnd(self), raw);
  try {
    const inputs = parseInputs(readCommandName(name) === 'deliver' ? 'deliver' : 'wait', raw);
    const place = inputs.workingDirectory === undefined ? host : host.at(inputs.workingDirectory);
    const { endOpenWords } = await import('../commands/last-words.ts');
    await endOpenWords(open, inputs, contextOf(place));
  } catch (error) {
    host.log.warning(`What the step left open could not be ended: ${asToolError(error).message}`);
  }
}
