/**
 * Why this cannot be the short name of a branch, or undefined where it can. Git's own rules
 * (https://git-scm.com/docs/git-check-ref-format), and stricter where Git would take a name for something else: `HEAD`,
 * `refs/…`, a leading `+`.
 */
export function branchNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (/^[-+]/.test(name)) return `it begins with ${name[0]}`;
  if (name === 'HEAD' || name === '@' || name.startsWith('refs/')) return 'it is not a short branch name, such as main';
  if (/[\x00-\x20\x7f~^:?*[\\]/.test(name)) return 'it holds a space, a control character, or one of ~ ^ : ? * [ \\';
  if (/\.\.|@\{|\/\//.test(name)) return 'it holds .., @{ or //';
  if (/^\/|[/.]$/.test(name)) return 'it begins or ends with a slash, or ends with a dot';
  if (name.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'))) {
    return 'one of its parts begins with a dot or ends with .lock';
  }
  return Buffer.byteLength(name) > 200 ? 'it is longer than 200 bytes' : undefined;
}
