import { createHash } from 'node:crypto';
import { fingerprint } from '../validation/compare-reports.ts';
import { compareFindings, type Finding } from '../validation/finding.ts';

/** A finding as files for other programs name it. */
export interface Located {
  readonly finding: Finding;
  /** From the root of the repository, with `/` and without `./`; absolute where the file lies outside. */
  readonly path: string;
  /** Hex. Stays the same while lines move, and is unique in its report. */
  readonly fingerprint: string;
}

/**
 * The findings in order of place, with what tells each from all others.
 * @param directory that the paths of findings start from, relative to the repository's root; `''` for the root itself
 */
export function locate(findings: readonly Finding[], directory = ''): readonly Located[] {
  const seen = new Map<string, number>();
  return [...findings].sort(compareFindings).map((finding) => {
    const path = pathFromRoot(finding.path, directory);
    const identity = fingerprint({ ...finding, path });
    const count = seen.get(identity) ?? 0;
    seen.set(identity, count + 1);
    return { finding, path, fingerprint: digest(count === 0 ? identity : `${identity} ${count}`) };
  });
}

/** `../a.yaml` of `config/prod` is `config/a.yaml`; what goes above the root keeps its `../`. */
export function pathFromRoot(path: string, directory: string): string {
  if (/^(\/|[A-Za-z]:\/)/.test(path) || path === '-') return path;
  const parts: string[] = [];
  for (const part of `${directory}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
