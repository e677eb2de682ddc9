import type { SourceFile } from '../manifests/source-file.ts';
import { proveBump } from './bump-proof.ts';
import type { ProvedValue } from './proved-value.ts';
import { oneLine, parseTrailers, type Trailer, trailerValues } from './trailers.ts';

/** A commit as the log has it. */
export interface AuditedCommit {
  readonly revision: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly committedAt: number;
  readonly message: string;
}

/** One value that a bump changed. */
export interface AuditedChange {
  readonly file: string;
  readonly place: string;
  /** `registry/repository`; absent for a plain value. */
  readonly image?: string;
  /** Whole references where it is an image, else the values; empty for nothing. */
  readonly old: string;
  readonly new: string;
}

/** What the audit trail says about one commit. All of it is foreign text, and the provenance is only claimed. */
export interface AuditEntry {
  readonly revision: string;
  readonly author: string;
  readonly committedAt: number;
  readonly title: string;
  /** Why the commit is not what its trailers say; absent for a bump. */
  readonly doubt?: string;
  readonly changes: readonly AuditedChange[];
  readonly sourceRepository?: string;
  readonly sourceCommit?: string;
  readonly pipelineUrl?: string;
  /** The commit that it undoes. */
  readonly rollsBack?: string;
}

/** True where a message says that its commit is a bump. */
export function claimsBump(message: string): boolean {
  const trailers = parseTrailers(message);
  return trailerValues(trailers, 'Image').length + trailerValues(trailers, 'Set').length > 0;
}

/**
 * Tells who changed what from where to where. Trailers only say which commits to look at; the changes are read from the files
 * before and after, and a commit that changed anything else says so instead.
 */
export function auditCommit(
  commit: AuditedCommit,
  before: readonly SourceFile[],
  after: readonly SourceFile[],
): AuditEntry {
  const { revision, author, committedAt, message } = commit;
  const trailers = parseTrailers(message);
  const proof = proveBump(before, after, trailers);
  return {
    revision,
    author,
    committedAt,
    title: oneLine(message.split('\n', 1)[0] ?? '', 200),
    ...(proof.kind === 'not-a-bump' && { doubt: proof.reason }),
    changes: proof.kind === 'bump' ? changesOf(proof.values) : [],
    ...provenanceOf(trailers),
  };
}

/** The scalars of one image that moved together are one change. */
function changesOf(values: readonly ProvedValue[]): readonly AuditedChange[] {
  const changes = values.map(({ path, place, image, before, after }) => {
    if (image === undefined) return { file: path, place, old: before, new: after };
    return { file: path, place, image: image.name, old: image.before ?? '', new: image.after };
  });
  const keys = values.map(({ path, image, place }) => JSON.stringify([path, image ?? place, parentOf(place)]));
  return changes.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

/** A place without its last key. */
function parentOf(place: string): string {
  return place.slice(0, Math.max(0, place.lastIndexOf('.')));
}

function provenanceOf(trailers: readonly Trailer[]): Partial<AuditEntry> {
  const first = (name: Parameters<typeof trailerValues>[1]) => trailerValues(trailers, name)[0];
  const all = {
    sourceRepository: first('Source-Repository'),
    sourceCommit: first('Source-Commit'),
    pipelineUrl: first('Pipeline-Url'),
    rollsBack: first('Rolls-Back'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
