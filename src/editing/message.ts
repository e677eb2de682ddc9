import { isImageProblem, parseImageRef } from '../image/image-ref.ts';
import { baseName, directoryName } from '../manifests/file-names.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { Change, Edit } from './edit.ts';
import { oneLine, parseTrailers, printTrailers, TRAILER_NAMES, type Trailer } from './trailers.ts';

/** What the pipeline knows about itself, and what its author wants said. All of it is foreign text. */
export interface ChangeContext {
  /** Where the image was built from, `https://github.com/acme/api`. */
  readonly sourceRepository?: string;
  readonly sourceCommit?: string;
  readonly pipelineUrl?: string;
  /** The commit that this change undoes. */
  readonly rollsBack?: string;
  /** In place of the generated title and list; the trailers are added all the same. */
  readonly commitMessage?: string;
  /** In place of the generated title, in the commit and the request. */
  readonly title?: string;
  /** Whether CI systems are asked to start no pipeline for the commit. */
  readonly skipsCi?: boolean;
  /** The page of a line of a file, for the body. */
  readonly lineUrl?: (path: string, line: number) => string;
}

/** An image that moved, with every reference that it moved from. */
interface Move {
  readonly image: string;
  readonly after: string;
  readonly before: readonly string[];
}

/**
 * What the forges look for anywhere in a commit message (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs,
 * https://docs.gitlab.com/ci/pipelines/#skip-a-pipeline; Gitea and Forgejo by SKIP_WORKFLOW_STRINGS). It has a paragraph of
 * its own, since the title is repeated by a rollback, which may be meant to start one.
 */
const SKIP_MARKER = '[skip ci]';

const MAX_TITLE = 120;
const MAX_MESSAGE = 10_000;
const MAX_LISTED = 200;

/**
 * Names a change: a Conventional Commits title (https://www.conventionalcommits.org), a message with old and new per file and
 * the trailers that `rollback` and `history` find it by, and a Markdown body for a request.
 */
export function describeChange(edits: readonly Edit[], files: readonly SourceFile[], context: ChangeContext): Change {
  const moves = movesOf(edits);
  const generated = titleOf(edits, moves);
  const title = oneLine(context.title ?? firstLine(context.commitMessage) ?? generated, MAX_TITLE) || generated;
  const own = ownMessage(context.commitMessage);
  const trailers = printTrailers([...own.trailers, ...trailersOf(edits, moves, context)]);
  const marker = context.skipsCi === true ? SKIP_MARKER : '';
  const parts = [title, own.text ?? listEdits(edits), marker, trailers];
  const message = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  return { edits, files, title, message, body: bodyOf(edits, context) };
}

function movesOf(edits: readonly Edit[]): readonly Move[] {
  const groups = Map.groupBy(
    edits.filter(({ imageAfter }) => imageAfter !== undefined),
    ({ imageAfter }) => imageAfter ?? '',
  );
  return [...groups].map(([after, group]) => ({
    image: group[0]?.image ?? after,
    after,
    before: [...new Set(group.map(({ imageBefore }) => imageBefore ?? ''))].filter((before) => before !== ''),
  }));
}

function titleOf(edits: readonly Edit[], moves: readonly Move[]): string {
  const scope = scopeOf(edits.map(({ path }) => path));
  const prefix = scope === '' ? 'chore: ' : `chore(${scope}): `;
  const [first] = moves;
  const names = [...new Set(moves.map(({ image }) => image))];
  if (first === undefined) return `${prefix}set ${setName(edits)}`;
  if (moves.length === 1) return `${prefix}bump ${first.image} to ${versionOf(first.after)}`;
  if (names.length === 1) return `${prefix}bump ${first.image}`;
  const shown = names
    .slice(0, 2)
    .map((name) => baseName(name))
    .join(', ');
  return `${prefix}bump ${shown}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
}

function setName(edits: readonly Edit[]): string {
  const [edit, ...others] = edits;
  return edit === undefined || others.length > 0 ? countOf(edits.length, 'value') : `${edit.place} to ${edit.after}`;
}

/** The folder that all edited files share. */
function scopeOf(paths: readonly string[]): string {
  const [first, ...others] = [...new Set(paths)].map((path) => directoryName(path).split('/'));
  const shared = (first ?? []).filter((part, index) => {
    return (
      others.every((parts) => (first ?? []).slice(0, index + 1).every((own, at) => parts[at] === own)) && part !== ''
    );
  });
  return oneLine(shared.join('/'), 60).replace(/[()]/g, '');
}

function versionOf(reference: string): string {
  const ref = parseImageRef(reference);
  if (isImageProblem(ref)) return reference;
  return ref.tag ?? (ref.digest === undefined ? 'no tag' : shortDigest(ref.digest));
}

function listEdits(edits: readonly Edit[]): string {
  const byFile = Map.groupBy(edits.slice(0, MAX_LISTED), ({ path }) => path);
  const lines = [...byFile].flatMap(([path, group]) => [
    oneLine(path, 300),
    ...group.map(({ place, before, after }) => `  ${oneLine(place, 200)}: ${shown(before)} -> ${shown(after)}`),
  ]);
  const rest = edits.length - MAX_LISTED;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function trailersOf(edits: readonly Edit[], moves: readonly Move[], context: ChangeContext): readonly Trailer[] {
  const sets = edits.flatMap(({ image, path, place, after }) =>
    image === undefined ? [`${path}#${place}=${after}`] : [],
  );
  const given = [
    ['Source-Repository', context.sourceRepository],
    ['Source-Commit', context.sourceCommit],
    ['Pipeline-Url', context.pipelineUrl],
    ['Rolls-Back', context.rollsBack],
  ] as const;
  return [
    ...[...new Set(moves.map(({ after }) => after))].map((value) => ({ name: 'Image', value })),
    ...[...new Set(moves.flatMap(({ before }) => before))].map((value) => ({ name: 'Previous-Image', value })),
    ...sets.map((value) => ({ name: 'Set', value })),
    ...given.flatMap(([name, value]) => (value === undefined || oneLine(value, 1) === '' ? [] : [{ name, value }])),
  ];
}

function bodyOf(edits: readonly Edit[], context: ChangeContext): string {
  const rows = edits.slice(0, MAX_LISTED).map(({ path, line, place, before, after }) => {
    const where = linked(cell(`${path}:${line}`), context.lineUrl?.(path, line));
    return `| ${[where, ...[place, shown(before), shown(after)].map(cell)].join(' | ')} |`;
  });
  const rest = edits.length - MAX_LISTED;
  const facts = [
    ['Source', context.sourceRepository],
    ['Source commit', context.sourceCommit],
    ['Pipeline', context.pipelineUrl],
    ['Rolls back', context.rollsBack],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: ${cell(value)}`]));
  const table = [
    '| file | place | old | new |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(rest > 0 ? ['', `and ${rest} more`] : []),
  ];
  return `${[table.join('\n'), facts.join('\n')].filter((part) => part !== '').join('\n\n')}\n`;
}

/** Foreign text in a table: as code, so that neither Markdown nor HTML nor a mention in it means anything. */
function cell(text: string): string {
  return `\`${oneLine(text, 300).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** A URL that could end the link early, or that is none, is left out. */
function linked(text: string, url: string | undefined): string {
  return url !== undefined && /^https?:\/\/[^\s<>|()"]+$/.test(url) ? `[${text}](${url})` : text;
}

interface OwnMessage {
  readonly text: string | undefined;
  readonly trailers: readonly Trailer[];
}

/** A message that was given, without its title: its own trailers (a sign-off) stay, those that only a bump may write do not. */
function ownMessage(message: string | undefined): OwnMessage {
  if (message === undefined) return { text: undefined, trailers: [] };
  const capped = message.slice(0, MAX_MESSAGE).replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n');
  const trailers = parseTrailers(capped);
  const paragraphs = withoutTitle(capped).split(/\n[ \t]*\n/);
  const text = (trailers.length === 0 ? paragraphs : paragraphs.slice(0, -1)).join('\n\n');
  return {
    text: text.split('\n').map(defuseLine).join('\n').trim(),
    trailers: trailers.filter(({ name }) => !isOurs(name)),
  };
}

function defuseLine(line: string): string {
  const indent = /^ {0,8}/.exec(line)?.[0] ?? '';
  const clean = oneLine(line, 500);
  const name = /^([A-Za-z-]+)\s*:/.exec(clean)?.[1];
  return `${name !== undefined && isOurs(name) ? '> ' : indent}${clean}`.trimEnd();
}

function isOurs(name: string): boolean {
  return TRAILER_NAMES.some((own) => own.toLowerCase() === name.toLowerCase());
}

function firstLine(message: string | undefined): string | undefined {
  return message?.trimStart().split(/[\r\n]/, 1)[0];
}

function withoutTitle(message: string): string {
  const text = message.trimStart();
  const end = text.search(/[\r\n]/);
  return end < 0 ? '' : text.slice(end).trim();
}

function shown(value: string): string {
  return value === '' ? '(none)' : oneLine(value, 300);
}

function shortDigest(digest: string): string {
  return digest.slice(0, digest.indexOf(':') + 13);
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
