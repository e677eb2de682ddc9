import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { discover } from '../manifests/discover.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { EXIT_CODE, type Outcome } from '../outcome.ts';
import { comparedObjects } from '../rendering/compared-objects.ts';
import { type ComparedObject, compareObjects, type ObjectDifference } from '../rendering/object-difference.ts';
import { type Rendered, render, renderKinds } from '../rendering/render.ts';
import { loadSchemas } from '../validation/schemas.ts';
import { type Checkout, readCheckout } from './checkout.ts';
import type { CommandContext } from './context.ts';
import { renderNotes } from './rendering.ts';
import { hostAtRevision } from './revision-files.ts';
import { versionsOf } from './validate.ts';
import { count } from './words.ts';

type Inputs = InputValues<'diff'>;

/**
 * Renders two revisions of the checkout and compares them object by object. Nothing in it is changed.
 * @throws ToolError input (no checkout, no such revision), missing (no git, a path that is in neither), data, io
 */
export async function diff(inputs: Inputs, { host }: Pick<CommandContext, 'host'>): Promise<Outcome> {
  const checkout = await readCheckout(host);
  if (checkout === undefined) throw new ToolError('input', `diff: ${host.workingDirectory} is in no Git checkout.`);
  const { base, head } = inputs;
  const before = await readSide(await hostAtRevision(host, checkout.top, base, 'base'), checkout, inputs);
  const headHost = head === undefined ? host : await hostAtRevision(host, checkout.top, head, 'head');
  const after = await readSide(headHost, checkout, inputs);
  const nowhere = [...before.missing].filter((path) => after.missing.has(path));
  if (nowhere.length > 0) {
    throw new ToolError('missing', `${nowhere.join(', ')} is in neither revision, seen from ${host.workingDirectory}.`);
  }
  const salt = Array.from({ length: 4 }, () => String(host.random())).join();
  const differences = compareObjects(before.objects, after.objects, salt);
  return outcomeOf(differences, after.rendered, before.rendered, inputs);
}

interface Side {
  readonly objects: readonly ComparedObject[];
  readonly rendered: Rendered;
  /** The paths that are not there. */
  readonly missing: ReadonlySet<string>;
}

/** A path that only the other side has is an empty side, not a mistake. */
async function readSide(host: Host, { repository }: Checkout, inputs: Inputs): Promise<Side> {
  const missing = new Set<string>();
  const found = new Map<string, SourceFile>();
  for (const path of inputs.paths.length === 0 ? ['.'] : inputs.paths) {
    const files = await filesAt(host, path, inputs.ignore);
    if (files === undefined) missing.add(path);
    for (const file of files ?? []) found.set(file.path, file);
  }
  const files = [...found.values()];
  const kinds = renderKinds(inputs.render.length === 0 ? ['auto'] : inputs.render);
  const { versions } = await loadSchemas(host, versionsOf(inputs.kubernetesVersion));
  const kubernetesVersion = versions.at(-1) ?? '';
  const rendered = await render(host, { files, repository, kinds, kubernetesVersion });
  return { objects: comparedObjects(rendered, files), rendered, missing };
}

async function filesAt(
  host: Host,
  path: string,
  ignore: readonly string[],
): Promise<readonly SourceFile[] | undefined> {
  try {
    return (await discover(host, [path], { ignore })).files;
  } catch (error) {
    if (error instanceof ToolError && error.code === 'missing') return undefined;
    throw error;
  }
}

function outcomeOf(
  differences: readonly ObjectDifference[],
  after: Rendered,
  before: Rendered,
  { base, head }: Inputs,
): Outcome {
  const number = (change: ObjectDifference['change']) => differences.filter((found) => found.change === change).length;
  const sides = `${base} and ${head ?? 'the working tree'}`;
  const headline =
    differences.length === 0
      ? `No object differs between ${sides}`
      : `${count(differences.length, 'object')} ${differences.length === 1 ? 'differs' : 'differ'} between ${sides}: ${number('added')} added, ${number('removed')} removed, ${number('changed')} changed`;
  return {
    result: 'ok',
    exitCode: EXIT_CODE.ok,
    outputs: { differences: String(differences.length), objects: JSON.stringify(differences.map(recordOf)) },
    findings: [],
    edits: [],
    targets: [],
    differences,
    headline,
    notes: [...renderNotes(after), ...failures(before, 'base'), ...failures(after, 'head')],
  };
}

function recordOf({ change, unit, resource }: ObjectDifference): object {
  return { change, unit, ...resource };
}

/** What does not build cannot be compared: it looks as if it were not there. */
function failures({ units }: Rendered, side: string): readonly string[] {
  return units.flatMap(({ unit, outcome }) =>
    outcome.state === 'failed' ? [`${unit.name} does not build in ${side}: ${outcome.reason}`] : [],
  );
}
