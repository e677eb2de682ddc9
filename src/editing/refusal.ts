/**
 * Why a bump cannot be made safely.
 * - `downgrade`: the place holds a newer version.
 * - `stale-digest`, `stale-tag`: one half of a pin would stay behind.
 * - `shared`: another image reads the same anchored scalar.
 * - `encrypted`: a SOPS file, whose checksum covers every value.
 * - `symlink`: the path is a symbolic link.
 * - `unreadable`: the file does not parse, or is too large.
 * - `ambiguous`: duplicate keys, or two places where one was asked for.
 * - `missing`: the file or path of a `set` does not exist.
 * - `unsafe`: the edit could not be proved to change exactly this scalar.
 */
export type RefusalCode =
  | 'downgrade'
  | 'stale-digest'
  | 'stale-tag'
  | 'shared'
  | 'encrypted'
  | 'symlink'
  | 'unreadable'
  | 'ambiguous'
  | 'missing'
  | 'unsafe';

export interface Refusal {
  readonly code: RefusalCode;
  /** The end of a sentence that begins with the place. */
  readonly reason: string;
  /** What to do next. */
  readonly hint: string;
}

/** A refusal with its place in the repository. */
export interface PlacedRefusal extends Refusal {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}
