import { describeChange } from '../editing/message.ts';
import { plan } from '../editing/plan.ts';
import type { Plan, UnmatchedImage } from '../editing/plan-types.ts';
import { parseSelection } from '../editing/selection.ts';
import { ToolError } from '../errors.ts';
import type { Forge, Head, Snapshot } from '../forges/forge-client.ts';
import { type Planned, type Published, type PublishRequest, publish } from '../forges/publish.ts';
import type { Host } from '../host.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { isCiFile, isManifestFile } from '../manifests/file-names.ts';
import { pathFilter } from '../manifests/path-filter.ts';
import { provenance } from './provenance.ts';
import { count } from './words.ts';

/** The inputs of `bump` that `deliver` has as well. */
export type BumpInputs = Pick<InputValues<'deliver'>, keyof InputValues<'deliver'> & keyof InputValues<'bump'>>;

/** Without `files`: every manifest but what configures a CI system. Helm templates are skipped by the planner, by name. */
export function wantedFiles(globs: readonly string[]): (path: string) => boolean {
  if (globs.length > 0) return pathFilter(globs);
  return (path) => isManifestFile(path) && !isCiFile(path);
}

/** Whether anything may be written at all. */
export function mayWrite(inputs: { readonly strategy: 'commit' | 'dry-run'; readonly dryRun: boolean }): boolean {
  return inputs.strategy === 'commit' && !inputs.dryRun;
}

/** Looks at a plan before it is published; false keeps it from the repository. */
export type Gate = (planned: Extract<Plan, { kind: 'change' }>, snapshot: Snapshot) => boolean;

/**
 * Writes the wanted images into the config repository in one commit, or shows what it would write.
 * @throws ToolError missing (an image that no file uses), data (an edit that is not safe), denied, temporary
 */
export async function publishBump(
  forge: Forge,
  images: readonly WantedImage[],
  inputs: BumpInputs,
  host: Host,
  gate: Gate = () => true,
): Promise<Published> {
  const select = parseSelection(inputs.select);
  const planFor = (snapshot: Snapshot, head: Head): Planned => {
    const planned = plan(snapshot, { images, select, allowDowngrade: inputs.allowDowngrade });
    tellUnmatched(planned.unmatched, inputs.onNoMatch, planned.looked.files, host);
    if (planned.kind === 'refused') throw refused(planned, forge, head);
    if (planned.kind !== 'change' || !gate(planned, snapshot)) return { kind: 'nothing' };
    return { kind: 'change', change: describeChange(planned.edits, planned.files, messageContext(inputs, host)) };
  };
  return publish(forge, publishRequest(inputs, host, planFor));
}

/** How both bump and rollback go to the repository. */
export function publishRequest(
  inputs: Pick<BumpInputs, 'baseBranch' | 'files' | 'conflictTimeout' | 'strategy' | 'dryRun'>,
  host: Host,
  planFor: PublishRequest['plan'],
): PublishRequest {
  return {
    host,
    ...(inputs.baseBranch === undefined ? {} : { branch: inputs.baseBranch }),
    wanted: wantedFiles(inputs.files),
    plan: planFor,
    conflictTimeout: inputs.conflictTimeout,
    write: mayWrite(inputs),
    onConflict: (text) => host.log.info(`The branch moved (${text}); reading and planning again.`),
  };
}

export function messageContext({ commitMessage }: { readonly commitMessage?: string }, host: Host) {
  return { ...provenance(host.env), ...(commitMessage === undefined ? {} : { title: commitMessage }) };
}

function tellUnmatched(
  unmatched: readonly UnmatchedImage[],
  policy: BumpInputs['onNoMatch'],
  files: number,
  host: Host,
): void {
  if (unmatched.length === 0 || policy === 'ignore') return;
  const problems = unmatched.map(sentenceOf);
  if (policy === 'warn') {
    for (const problem of problems) host.log.warning(problem);
    return;
  }
  throw new ToolError(
    'missing',
    `${count(unmatched.length, 'image')} not found in ${count(files, 'file')} of the config repository`,
    {
      problems,
      hint: 'Check the names and the files input; on-no-match: warn goes on without them.',
    },
  );
}

function sentenceOf({ wanted, why, nearest }: UnmatchedImage): string {
  if (why === 'not-writable')
    return `${wanted.text} is used only where no tag can be written: it comes from a variable, or another key pins it`;
  if (why === 'not-selected') return `${wanted.text} is used, but nowhere among what is selected`;
  const names = nearest.length === 0 ? 'no name comes near' : `the nearest names are ${nearest.join(', ')}`;
  return `${wanted.text} is used nowhere; ${names}`;
}

function refused({ problems }: Extract<Plan, { kind: 'refused' }>, forge: Forge, head: Head): ToolError {
  const hints = [...new Set(problems.map(({ hint }) => hint))];
  return new ToolError(
    'data',
    `Nothing was written to ${head.branch} of ${forge.location}: ${count(problems.length, 'place')} cannot be changed safely`,
    {
      problems: problems.map(({ path, line, reason }) => `${path}:${line} ${reason}`),
      ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
    },
  );
}

/** The outputs that say what was written. */
export function writeOutputs(published: Published): Readonly<Record<string, string>> {
  const edits = published.change?.edits ?? [];
  return {
    changed: String(published.changed),
    revision: published.revision,
    branch: published.branch,
    'changed-files': JSON.stringify([...new Set(edits.map(({ path }) => path))]),
    images: JSON.stringify(
      edits.map(({ path, line, before, after, image }) => ({ file: path, line, image, old: before, new: after })),
    ),
  };
}
