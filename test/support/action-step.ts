import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, runAction, temporaryFolder } from './program.ts';
import { type RunnerCommand, runnerCommands } from './runner-commands.ts';

export interface Step extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the runner would act on, by both of its grammars. */
  readonly commands: readonly RunnerCommand[];
}

export interface StepOptions {
  readonly with: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that other steps use as well; not given: one of its own. */
  readonly workspace?: string;
}

/**
 * Runs the built Action as the runner of GitHub does: inputs as `INPUT_*`, files for outputs and the summary, the workspace
 * as working directory, both streams read for commands
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
export async function runStep(options: StepOptions): Promise<Step> {
  using folder = temporaryFolder();
  const workspace = options.workspace ?? join(folder.path, 'workspace');
  const first = options.workspace === undefined ? { 'README.md': 'hello\n' } : {};
  for (const [path, text] of Object.entries({ ...first, ...options.files })) {
    mkdirSync(join(workspace, path, '..'), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const [outputFile, summaryFile] = [join(folder.path, 'output'), join(folder.path, 'summary')];
  for (const path of [outputFile, summaryFile]) writeFileSync(path, '');
  const inputs = Object.entries(options.with).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const env = {
    ...Object.fromEntries(inputs),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: outputFile,
    GITHUB_STEP_SUMMARY: summaryFile,
    ...options.env,
  };
  const ended = await runAction({ env, cwd: workspace });
  return {
    ...ended,
    outputs: parseOutputs(readFileSync(outputFile, 'utf8')),
    summary: readFileSync(summaryFile, 'utf8'),
    commands: runnerCommands(`${ended.stdout}${ended.stderr}`),
  };
}

/** The heredoc form that the runner reads from `GITHUB_OUTPUT`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^([^\n<]+)<<([^\n]+)\n([\s\S]*?)\n?\2$/gm))
    outputs[name] = value;
  return outputs;
}
