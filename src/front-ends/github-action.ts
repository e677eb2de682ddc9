import { relative } from 'node:path';
import * as core from '@actions/core';
import { ToolError } from '../errors.ts';
import { readCommandName } from '../inputs/flags.ts';
import { actionInputs } from '../inputs/parse.ts';
import type { RawInputs } from '../inputs/sources.ts';
import { renderAnnotations, renderErrorAnnotation } from '../reporting/github-annotations.ts';
import { renderErrorSummary, renderSummary } from '../reporting/github-summary.ts';
import { createLogStyle } from '../reporting/log-style.ts';
import { renderError, renderText } from '../reporting/text.ts';
import { type Conducted, conduct, rawText } from './conduct.ts';
import { abortOnSignals } from './signals.ts';
import { sourcesOf } from './sources.ts';

/** Runs the Action: inputs from `INPUT_*`, outputs, annotations and the job summary to where the runner reads them. */
export async function main(): Promise<void> {
  const inputs = actionInputs(process.env);
  const { command: name, ...action } = inputs;
  const raw: RawInputs = { flags: {}, action, env: process.env };
  for (const secret of [action.token, action['argocd-token']]) if (secret) core.setSecret(secret);
  try {
    const command = readCommandName(name);
    await report(await conduct(command, raw, frontEnd()), raw);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    write(renderErrorAnnotation(name ?? '', error));
    process.exitCode = 64;
  }
}

function frontEnd() {
  return {
    env: process.env,
    currentDirectory: process.env.GITHUB_WORKSPACE ?? process.cwd(),
    signal: abortOnSignals(),
    style: createLogStyle('github', { colour: false }),
    writeLine: write,
  };
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function report(conducted: Conducted, raw: RawInputs): Promise<void> {
  const { command, result, outputs } = conducted;
  const isError = result instanceof Error;
  const sources = await sourcesOf(conducted);
  write(conducted.redact((isError ? renderError(result) : renderText(result, { sources })).trimEnd()));
  const annotations = isError ? [renderErrorAnnotation(command, result)] : renderAnnotations(result, directoryOf(raw));
  for (const annotation of annotations) write(annotation);
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  await writeSummary(isError ? renderErrorSummary(command, result) : renderSummary(command, result));
  process.exitCode = conducted.exitCode;
}

/** The runner takes paths from the repository's root; findings start at the working directory. */
function directoryOf(raw: RawInputs): string {
  const directory = rawText(raw, 'working-directory') ?? '';
  return relative('', directory).replaceAll('\\', '/');
}

async function writeSummary(markdown: string): Promise<void> {
  if (process.env.GITHUB_STEP_SUMMARY === undefined) return;
  await core.summary.addRaw(markdown, true).write();
}
