/** `a/b` of `a/./x/../b`; a leading `..` stays. Relative paths only. */
export function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/** `path` as seen from `folder` (`''` for the top). */
export function joinPath(folder: string, path: string): string {
  return normalisePath(path.startsWith('/') || folder === '' ? path : `${folder}/${path}`);
}
