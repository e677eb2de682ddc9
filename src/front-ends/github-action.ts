import * as core from '@actions/core';
import { EXIT_CODE_OF_ERROR, ToolError } from '../errors.ts';
import { boundNewSpace } from '../host/memory.ts';
import { type ThisProcess, thisProcess } from '../host/this-process.ts';
import { findInput } from '../inputs/definitions.ts';
import { readCommandName } from '../inputs/flags.ts';
import { actionInputs } from '../inputs/parse.ts';
import type { RawInputs } from '../inputs/sources.ts';
import { renderAnnotations, renderErrorAnnotation } from '../reporting/github-annotations.ts';
import { renderErrorSummary, renderSummary } from '../reporting/github-summary.ts';
import { createLogStyle } from '../reporting/log-style.ts';
import { renderError, renderText } from '../reporting/text.ts';
import { type Conducted, conduct, type FrontEnd } from './conduct.ts';
import { sourcesOf } from './sources.ts';

/** Runs the Action: inputs from `INPUT_*`, outputs, annotations and the job summary to where the runner reads them. */
export async function main(): Promise<void> {
  const self = thisProcess();
  const { command: name, ...action } = actionInputs(self.env);
  const raw: RawInputs = { flags: {}, action, env: self.env };
  maskSecrets(action);
  try {
    boundNewSpace();
    const conducted = await conduct(readCommandName(name), raw, frontEnd(self));
    await report(self, conducted);
    self.endWith(conducted.exitCode);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    writeLine(self, renderErrorAnnotation(name ?? '', error));
    self.endWith(EXIT_CODE_OF_ERROR[error.code]);
  }
}

/** The runner masks what comes from its secrets; an input may also hold a token that a step before has made. */
export function maskSecrets(action: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(action)) {
    if (findInput(name)?.definition.secret) core.setSecret(value);
  }
}

export function frontEnd(self: ThisProcess): FrontEnd {
  const { env, currentDirectory, abortOnSignals } = self;
  return {
    env,
    currentDirectory: env.GITHUB_WORKSPACE ?? currentDirectory,
    signal: abortOnSignals(),
    style: createLogStyle('github', { colour: false }),
    writeLine: (line) => writeLine(self, line),
  };
}

function writeLine({ stdout }: ThisProcess, line: string): void {
  stdout.write(`${line}\n`);
}

async function report(self: ThisProcess, conducted: Conducted): Promise<void> {
  const { command, result, outputs } = conducted;
  const isError = result instanceof Error;
  const text = isError ? renderError(result) : renderText(result, { sources: await sourcesOf(conducted) });
  writeLine(self, conducted.redact(text.trimEnd()));
  const annotations = isError
    ? [renderErrorAnnotation(command, result)]
    : renderAnnotations(result, conducted.directory);
  for (const annotation of annotations) writeLine(self, annotation);
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  if (self.env.GITHUB_STEP_SUMMARY === undefined) return;
  await core.summary
    .addRaw(isError ? renderErrorSummary(command, result) : renderSummary(command, result), true)
    .write();
}
