import { nearest } from '../nearest.ts';

/**
 * The name that another one is a slip of the pen of; undefined where they may as well be two names. All parts between dashes
 * are the same but one, and that one is a word in which letters are wrong, not a number or another short word.
 */
export function slipOf(name: string, candidates: readonly string[]): string | undefined {
  return candidates.find((candidate) => candidate !== name && (isSlip(name, candidate) || isUnhashed(name, candidate)));
}

function isSlip(name: string, other: string): boolean {
  const [own, others] = [name.split(/[-.]/), other.split(/[-.]/)];
  if (own.length !== others.length) return name.length > 4 && name.replaceAll('-', '') === other.replaceAll('-', '');
  const differing = own.flatMap((part, index) =>
    part === others[index] ? [] : [[part, others[index] ?? ''] as const],
  );
  const [first] = differing;
  return differing.length === 1 && first !== undefined && isWordSlip(...first);
}

function isWordSlip(word: string, other: string): boolean {
  if (word.replace(/\d+/g, '') === other.replace(/\d+/g, '')) return false;
  const letters = (text: string) => [...text].sort().join('');
  if (letters(word) === letters(other)) return nearest(word, [other]) !== undefined;
  return Math.min(word.length, other.length) >= 5 && nearest(word, [other]) !== undefined;
}

/** kustomize puts a hash behind a generated name, and behind the references that it knows to be one. */
function isUnhashed(name: string, candidate: string): boolean {
  return candidate.startsWith(`${name}-`) && /^[a-z0-9]{10}$/.test(candidate.slice(name.length + 1));
}
