import { ToolError } from '../errors.ts';

/** Past this, a run that was told to stop is ended hard. The runner of GitHub kills after 7.5 s. */
const HARD_STOP = 4_500;

/**
 * Turns SIGINT and SIGTERM into an aborted signal, so that the run can say where things stand and clean up.
 * A second signal, or a run that does not end in time, ends the process at once.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (error: ToolError, exitCode: number) => {
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(error);
    setTimeout(() => process.exit(exitCode), HARD_STOP).unref();
  };
  process.on('SIGINT', () => stop(new ToolError('interrupted', 'interrupted (SIGINT)'), 130));
  process.on('SIGTERM', () => stop(new ToolError('terminated', 'ended from outside (SIGTERM)'), 143));
  return controller.signal;
}
