/** Without `./`, and without slashes at the ends. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Whether one of the files is one of the paths, or lies in it. */
export function isUnder(paths: readonly string[], files: readonly string[]): boolean {
  return files.some((file) => paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`)));
}
