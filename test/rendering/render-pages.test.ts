import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { UNIT_RULES } from '../../src/validation/rules/registry.ts';
import { checkRendered, createRepository, itWith, needs, type Repository } from '../support/rendering.ts';
import { exampleFiles } from '../support/rule-example.ts';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

function check(files: Readonly<Record<string, string>>, options: { readonly changed?: ReadonlySet<string> } = {}) {
  repository?.remove();
  repository = createRepository(files);
  return checkRendered(repository, options);
}

const OF_UNITS = UNIT_RULES.map(({ id }) => id);

describe.each(['render/failed', 'render/variable', 'render/refused', ...OF_UNITS])('the page of %s', (id) => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/rules', `${id.replace('/', '-')}.md`), 'utf8');

  itWith('kustomize')(`${needs('kustomize')}has an example that fails by it, and one that passes`, async () => {
    const failing = await check(exampleFiles(page, 'Fails'));
    expect(failing.findings.map(({ ruleId }) => ruleId)).toEqual([id]);
    expect((await check(exampleFiles(page, 'Passes'))).findings).toEqual([]);
  });

  it('has its id as its title', () => {
    expect(page.startsWith(`# ${id}\n`)).toBe(true);
  });
});
