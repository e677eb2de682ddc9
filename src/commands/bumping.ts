import type { Edit } from '../editing/edit.ts';
import { describeChange } from '../editing/message.ts';
import { plan } from '../editing/plan.ts';
import type { EditRequest, Plan, UnmatchedImage } from '../editing/plan-types.ts';
import { parseSelection, type Selection } from '../editing/selection.ts';
import { parseSets } from '../editing/set-wish.ts';
import { ToolError } from '../errors.ts';
import type { Forge, Head, Snapshot } from '../forges/forge-client.ts';
import { publish } from '../forges/publish.ts';
import { publishRequest } from '../forges/publish-request.ts';
import { groupOf } from '../forges/request-group.ts';
import { type Carried, NOTHING_CARRIED } from '../forges/request-plan.ts';
import {
  type PublishByRequest,
  type PublishedByRequest,
  type RequestPlanned,
  requestsOf,
  type Section,
} from '../forges/request-types.ts';
import type { Host } from '../host.ts';
import { parseTagPolicies, type TagPolicy, tagPolicyProblems } from '../image/tag-policy.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { isCiFile, isManifestFile } from '../manifests/file-names.ts';
import { pathFilter } from '../manifests/path-filter.ts';
import { carriedBump, coversBump, type PlannedChange, withCarried } from './bump-plan.ts';
import { compareLinks } from './compare-link.ts';
import { provenance } from './provenance.ts';
import { type RequestInputs, requestOptions, requestOutputs } from './requesting.ts';
import { count } from './words.ts';

/** The inputs of `bump` that `deliver` has as well. */
export type BumpInputs = Pick<InputValues<'deliver'>, keyof InputValues<'deliver'> & keyof InputValues<'bump'>>;

/** Without `files`: every manifest but what configures a CI system. Helm templates are skipped by the planner, by name. */
export function wantedFiles(globs: readonly string[]): (path: string) => boolean {
  if (globs.length > 0) return pathFilter(globs);
  return (path) => isManifestFile(path) && !isCiFile(path);
}

/** Whether anything may be written at all. */
export function mayWrite(inputs: Pick<InputValues<'bump'>, 'strategy' | 'dryRun'>): boolean {
  return inputs.strategy !== 'dry-run' && !inputs.dryRun;
}

/** Looks at a plan before it is published. */
export interface Gate {
  /** Files that it reads beside those that are edited. */
  readonly wants?: (path: string) => boolean;
  /** False keeps it from the repository. */
  readonly check: (planned: Pick<PlannedChange, 'files'>, snapshot: Snapshot, head: Head) => Promise<boolean>;
  /** Paragraphs for the description of a request about the last check. */
  readonly sections: () => readonly Section[];
}

export const NO_GATE: Gate = { check: async () => true, sections: () => [] };

/**
 * Brings the wanted images into the config repository by one commit or one request, or shows what it would write.
 * @throws ToolError missing (an image that no file uses), data (an edit that is not safe), input (no requests there),
 *   denied, temporary
 */
export async function publishBump(
  forge: Forge,
  images: readonly WantedImage[],
  inputs: BumpInputs,
  host: Host,
  gate: Gate = NO_GATE,
): Promise<PublishedByRequest> {
  const sets = parseSets(inputs.set);
  const named = new Set(sets.map(({ path }) => path));
  const within = wantedFiles(inputs.files);
  const { createMissing } = inputs;
  const wishes = {
    wanted: (path: string) => named.has(path) || within(path) || gate.wants?.(path) === true,
    read: () => ({ images, sets, within, createMissing }),
  };
  return publishWishes(forge, wishes, inputs, host, gate);
}

/** What is to be written, as the planner takes it. */
export type Wished = Pick<EditRequest, 'images' | 'sets' | 'within' | 'createMissing'>;

export interface Wishes {
  /** The files to be read. */
  readonly wanted: (path: string) => boolean;
  /** Called anew for the files of every head. What it throws passes through. */
  readonly read: (snapshot: Snapshot, head: Head) => Wished;
}

export type WishInputs = StrategyInputs &
  Pick<BumpInputs, 'select' | 'allowDowngrade' | 'tagPolicy' | 'onNoMatch' | 'commitMessage' | 'skipCi'>;

/** As `publishBump`, for wishes that may depend on the files themselves. */
export async function publishWishes(
  forge: Forge,
  wishes: Wishes,
  inputs: WishInputs,
  host: Host,
  gate: Gate = NO_GATE,
): Promise<PublishedByRequest> {
  const bumping = {
    forge,
    inputs,
    host,
    gate,
    select: parseSelection(inputs.select),
    policies: parseTagPolicies(inputs.tagPolicy),
  };
  let wished: Wished = { images: [] };
  return publishByStrategy(forge, inputs, host, {
    wanted: wishes.wanted,
    plan: (snapshot, head, carried) => {
      wished = wishes.read(snapshot, head);
      return planBump(bumping, wished, snapshot, head, carried);
    },
    holds: (snapshot, head) => holdsImages(bumping, wished, snapshot, head),
    covers: (message) => coversBump(message, wished),
    carry: (proposal) => carriedBump(proposal, wished, wishes.wanted),
  });
}

interface Bumping {
  readonly forge: Forge;
  readonly inputs: WishInputs;
  readonly host: Host;
  readonly gate: Gate;
  readonly select: Selection;
  readonly policies: readonly TagPolicy[];
}

async function planBump(
  bumping: Bumping,
  wished: Wished,
  snapshot: Snapshot,
  head: Head,
  carried: Carried,
): Promise<RequestPlanned> {
  const { forge, inputs, host, gate, select, policies } = bumping;
  refuseTags(wished.images, policies);
  const planned = plan(snapshot, { ...wished, select, allowDowngrade: inputs.allowDowngrade });
  const unmatched = unmatchedProblems(planned.unmatched, inputs.onNoMatch, host);
  if (planned.kind === 'refused') throw refused(planned, unmatched, forge, head);
  if (unmatched.length > 0) throw notFound(unmatched, planned.looked.files);
  if (planned.kind === 'no-match') return { kind: 'nothing' };
  const group = inputs.branch ?? groupOf(placesOf(planned));
  if (planned.kind === 'nothing') return { kind: 'nothing', group };
  const whole = withCarried(planned, snapshot, carried);
  if (!(await gate.check(whole, snapshot, head))) return { kind: 'nothing' };
  const context = messageContext(inputs, host);
  const lineUrl = forge.links?.file;
  const change = describeChange(whole.edits, whole.files, {
    ...context,
    ...(lineUrl === undefined ? {} : { lineUrl: (path, line) => lineUrl(path, head.revision, line) }),
  });
  const sections = [...compareLinks(whole.edits, context), ...gate.sections()];
  return { kind: 'change', change, group, values: valuesOf(whole.edits), sections };
}

/** Every file that uses the images, changed or not. */
function placesOf(planned: Extract<Plan, { kind: 'change' | 'nothing' }>): readonly string[] {
  const places = planned.kind === 'nothing' ? planned.places : [...planned.edits, ...planned.current];
  return places.map(({ path }) => path);
}

function holdsImages({ forge, inputs, select }: Bumping, wished: Wished, snapshot: Snapshot, head: Head): boolean {
  const planned = plan(snapshot, { ...wished, select, allowDowngrade: inputs.allowDowngrade });
  if (planned.kind === 'refused') throw refused(planned, [], forge, head);
  return planned.kind === 'nothing';
}

/** What the places read after the edits. */
export function valuesOf(edits: readonly Edit[]): readonly string[] {
  return edits.map(({ imageAfter, path, place, after }) => imageAfter ?? `${path} ${place} = ${after}`);
}

/** What bump and rollback decide, each in its own way. */
export type Decisions = Pick<PublishByRequest, 'plan' | 'holds' | 'covers' | 'carry'> &
  Partial<Pick<PublishByRequest, 'wanted'>>;

type StrategyInputs = RequestInputs &
  Pick<BumpInputs, 'baseBranch' | 'files' | 'conflictTimeout' | 'strategy' | 'dryRun'>;

/** By a commit on the base branch, by a request, or not at all. */
export function publishByStrategy(
  forge: Forge,
  inputs: StrategyInputs,
  host: Host,
  decisions: Decisions,
): Promise<PublishedByRequest> {
  const { baseBranch, files, conflictTimeout } = inputs;
  const shared = {
    host,
    wanted: decisions.wanted ?? wantedFiles(files),
    conflictTimeout,
    onConflict: (text: string) => host.log.info(`The branch moved (${text}); reading and planning again.`),
  };
  if (inputs.strategy === 'pull-request') {
    const options = requestOptions(inputs);
    requestsOf(forge);
    const base = baseBranch === undefined ? {} : { base: baseBranch };
    if (mayWrite(inputs)) return publishRequest(forge, { ...shared, ...decisions, ...base, options });
  }
  const branch = baseBranch === undefined ? {} : { branch: baseBranch };
  return publish(forge, {
    ...shared,
    ...branch,
    plan: (snapshot, head) => decisions.plan(snapshot, head, NOTHING_CARRIED),
    write: mayWrite(inputs),
  });
}

interface MessageInputs {
  readonly commitMessage?: string;
  readonly skipCi: boolean;
}

export function messageContext({ commitMessage, skipCi }: MessageInputs, host: Host) {
  const title = commitMessage === undefined ? {} : { title: commitMessage };
  return { ...provenance(host.env), skipsCi: skipCi, ...title };
}

/** @throws ToolError data where a new tag is not what the policies say */
function refuseTags(images: readonly WantedImage[], policies: readonly TagPolicy[]): void {
  const problems = tagPolicyProblems(images, policies);
  if (problems.length === 0) return;
  throw new ToolError('data', `Nothing was written: tag-policy does not allow ${count(problems.length, 'tag')}`, {
    problems,
    hint: 'Give a tag that the policy allows, or change tag-policy.',
  });
}

/** One sentence for each image without a place, where that is an error; a warning is told here. */
function unmatchedProblems(
  unmatched: readonly UnmatchedImage[],
  policy: BumpInputs['onNoMatch'],
  host: Host,
): readonly string[] {
  const problems = policy === 'ignore' ? [] : unmatched.map(sentenceOf);
  if (policy === 'error') return problems;
  for (const problem of problems) host.log.warning(problem);
  return [];
}

function notFound(problems: readonly string[], files: number): ToolError {
  const what = `${count(problems.length, 'image')} not found in ${count(files, 'file')} of the config repository`;
  return new ToolError('missing', what, {
    problems,
    hint: 'Check the names and the files input; on-no-match: warn goes on without them.',
  });
}

function sentenceOf({ wanted, why, nearest }: UnmatchedImage): string {
  if (why === 'not-writable')
    return `${wanted.text} is used only where no tag can be written: it comes from a variable, or another key pins it`;
  if (why === 'not-selected') return `${wanted.text} is used, but nowhere among what is selected`;
  const names = nearest.length === 0 ? 'no name comes near' : `the nearest names are ${nearest.join(', ')}`;
  return `${wanted.text} is used nowhere; ${names}`;
}

/** @param unmatched further problems, of images that have no place */
export function refused(
  { problems }: Pick<Extract<Plan, { kind: 'refused' }>, 'problems'>,
  unmatched: readonly string[],
  forge: Forge,
  head: Head,
): ToolError {
  const hints = [...new Set(problems.map(({ hint }) => hint))];
  const isMissing = problems.every(({ code }) => code === 'missing');
  const what = `${count(problems.length, 'place')} cannot be ${isMissing ? 'found' : 'changed safely'}`;
  return new ToolError(
    isMissing ? 'missing' : 'data',
    `Nothing was written to ${head.branch} of ${forge.location}: ${what}`,
    {
      problems: [...problems.map(({ path, line, reason }) => `${path}:${line} ${reason}`), ...unmatched],
      ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
    },
  );
}

/** The outputs that say what was written. A request that is not merged has no commit on the base branch yet. */
export function writeOutputs(published: PublishedByRequest): Readonly<Record<string, string>> {
  const edits = published.change?.edits ?? [];
  const request = published.request?.request;
  const isPending = request !== undefined && request.state !== 'merged';
  return {
    changed: String(published.changed),
    revision: isPending ? '' : published.revision,
    branch: request?.headBranch ?? published.branch,
    'changed-files': JSON.stringify([...new Set(edits.map(({ path }) => path))]),
    images: JSON.stringify(
      edits.map(({ path, line, before, after, image }) => ({ file: path, line, image, old: before, new: after })),
    ),
    ...requestOutputs(published),
  };
}
