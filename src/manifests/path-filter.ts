import { picomatch } from './libraries.ts';

/**
 * A test for paths from globs as people write them: `apps/**`, `*.yaml` (at any depth when it has no slash), `envs/prod`
 * (the folder and all below it), `!apps/old/**` (takes out again; the last match wins).
 */
export function pathFilter(globs: readonly string[]): (path: string) => boolean {
  const steps = globs.map(compile);
  return (path) => {
    let accepted = steps[0]?.negated ?? false;
    for (const step of steps) {
      if (step.matches(path)) accepted = !step.negated;
    }
    return accepted;
  };
}

function compile(glob: string): { negated: boolean; matches: (path: string) => boolean } {
  const negated = glob.startsWith('!');
  const pattern = (negated ? glob.slice(1) : glob).replace(/^\.?\//, '').replace(/\/+$/, '');
  if (pattern === '' || pattern === '.') return { negated, matches: () => true };
  const options = { dot: true, basename: !pattern.includes('/') };
  const exact = picomatch()(pattern, options);
  const below = picomatch()(`${pattern}/**`, { dot: true });
  return { negated, matches: (path) => exact(path) || below(path) };
}
