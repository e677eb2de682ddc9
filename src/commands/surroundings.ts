import { resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { decodeText } from '../manifests/text.ts';
import type { Baseline } from '../validation/baseline.ts';
import type { CheckOptions, CheckReport } from '../validation/check.ts';
import { CONFIGURATION_FILE, readConfiguration } from '../validation/read-configuration.ts';
import { changedSince } from './changed-since.ts';
import { readCheckout } from './checkout.ts';
import { gathered } from './gathered.ts';

export interface SurroundingsInputs {
  readonly paths: readonly string[];
  readonly changedSince?: string;
  readonly baseline?: string;
}

/**
 * What a check needs to know beside the files: the repository around them, what changed in it, and what to leave out.
 * @throws ToolError with every problem: input for a configuration or a baseline that cannot be used, missing for a baseline
 * that does not exist; and what `changedSince` throws
 */
export async function readSurroundings(
  host: Host,
  inputs: SurroundingsInputs,
): Promise<Pick<CheckOptions, 'repository' | 'whole' | 'changed' | 'ignore' | 'baseline'>> {
  const checkout = await readCheckout(host);
  const top = checkout?.top ?? resolve(host.workingDirectory);
  const isAbove = (path: string) => `${top}/`.startsWith(`${resolve(host.workingDirectory, path)}/`);
  const { changedSince: revision, baseline: known } = inputs;
  const [changed, baseline, ignore] = await gathered(
    [
      'changed-since',
      async () => (revision === undefined ? {} : { changed: await changedSince(host, checkout, revision) }),
    ],
    ['baseline', async () => (known === undefined ? {} : { baseline: await readBaseline(host, known) })],
    ['', () => readIgnored(host)],
  );
  return {
    ...(checkout === undefined ? {} : { repository: checkout.repository }),
    whole: inputs.paths.some((path) => path !== '-' && isAbove(path)),
    ...changed,
    ...ignore,
    ...baseline,
  };
}

async function readIgnored(host: Host): Promise<Pick<CheckOptions, 'ignore'>> {
  const text = await readText(host, CONFIGURATION_FILE);
  return text === undefined ? {} : { ignore: readConfiguration(CONFIGURATION_FILE, text).ignore };
}

/** Most runs have none, and what it hashes with takes a while to load. */
function loadBaselines(): Promise<typeof import('../validation/baseline.ts')> {
  return import('../validation/baseline.ts');
}

async function readBaseline(host: Host, path: string): Promise<Baseline> {
  const text = await readText(host, path);
  if (text !== undefined) return (await loadBaselines()).parseBaseline(path, text);
  throw new ToolError('missing', `baseline: ${path} does not exist.`, {
    hint: 'Write it first with write-baseline.',
  });
}

async function readText(host: Host, path: string): Promise<string | undefined> {
  const bytes = await host.files.read(path);
  const decoded = bytes === undefined ? undefined : decodeText(bytes);
  if (decoded?.ok === false) throw new ToolError('input', `${path}: ${decoded.problem}.`);
  return decoded?.text;
}

/** Writes the findings of a run as a baseline, and tells so. */
export async function writeBaseline(host: Host, path: string, { baseline }: CheckReport): Promise<string> {
  await host.files.write(path, (await loadBaselines()).renderBaseline(baseline));
  return `${path} holds ${baseline.length === 1 ? 'one finding' : `${baseline.length} findings`} as a baseline`;
}
