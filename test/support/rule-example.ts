import { createCelEngine } from '../../src/validation/cel/engine.ts';
import type { CheckOptions, CheckReport } from '../../src/validation/check.ts';
import { check } from '../../src/validation/check.ts';
import { bundledSchemas, sourceFiles } from './manifests.ts';

/**
 * The files of the YAML below a heading of a rule's page. A line `# file: PATH` begins the file of that path; without one all
 * is `example.yaml`. `<U+FEFF>` stands for the mark that nobody would see, `(2 MiB)` for a text of that size.
 */
export function exampleFiles(page: string, heading: 'Fails' | 'Passes'): Readonly<Record<string, string>> {
  const section = page.slice(page.indexOf(`## ${heading}`));
  const text = grown((/```yaml\n([\s\S]*?)```/.exec(section)?.[1] ?? '').replaceAll('<U+FEFF>', '\uFEFF'));
  const [first = '', ...named] = text.split(/^# file: (.+)\n/m);
  const files: Record<string, string> = named.length === 0 ? { 'example.yaml': first } : {};
  for (let index = 0; index < named.length; index += 2) files[named[index] ?? ''] = named[index + 1] ?? '';
  return files;
}

function grown(text: string): string {
  return text.replaceAll(/\((\d+) ([KM])iB\)/g, (_, count: string, unit: string) =>
    'x'.repeat(Number(count) << (unit === 'K' ? 10 : 20)),
  );
}

/** The repository of the examples: there is nothing in it but their files. */
export const EXAMPLE_REPOSITORY: NonNullable<CheckOptions['repository']> = {
  prefix: '',
  isSame: (url) => (url === 'https://git.example.com/acme/config.git' ? 'yes' : 'no'),
  isFollowed: (revision) => revision === undefined || revision === 'main',
};

export function checkExample(
  files: Readonly<Record<string, string>>,
  options: Partial<CheckOptions> = {},
): CheckReport {
  const all: CheckOptions = {
    missingSchema: 'error',
    strict: true,
    disableRules: [],
    repository: EXAMPLE_REPOSITORY,
    whole: true,
    cel: createCelEngine(),
    ...options,
  };
  return check(sourceFiles(files), bundledSchemas('1.34'), all, () => 'missing');
}
