import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RULES } from '../../src/validation/rules/registry.ts';
import { checkFiles } from '../support/manifests.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = resolve(ROOT, 'docs/rules');
const fileOf = (id: string) => id.replace('/', '-');

/** The YAML below a heading; `<U+FEFF>` stands for the mark that nobody would see. */
function example(page: string, heading: 'Fails' | 'Passes'): string {
  const section = page.slice(page.indexOf(`## ${heading}`));
  const text = /```yaml\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  return text.replaceAll('<U+FEFF>', '\uFEFF');
}

describe.each(RULES)('$id', (rule) => {
  const page = readFileSync(resolve(PAGES, `${fileOf(rule.id)}.md`), 'utf8');

  it('has a page whose failing example fails by this rule', () => {
    expect(page).toMatch(new RegExp(`^# ${rule.id}\n`));
    const { findings } = checkFiles({ 'example.yaml': example(page, 'Fails') });
    expect(findings.map((finding) => finding.ruleId)).toContain(rule.id);
    expect(findings.find((finding) => finding.ruleId === rule.id)?.severity).toBe(rule.severity);
    expect(findings.filter((finding) => !finding.message.endsWith('.'))).toEqual([]);
  });

  it('has a passing example without any finding', () => {
    const report = checkFiles({ 'example.yaml': example(page, 'Passes') });
    expect(report.findings).toEqual([]);
    expect(report.documents).toBeGreaterThan(0);
  });

  it('can be disabled by its id and by its group', () => {
    const files = { 'example.yaml': example(page, 'Fails') };
    for (const name of [rule.id, rule.id.split('/')[0] ?? '']) {
      const { findings } = checkFiles(files, { disableRules: [name] });
      expect(findings.map((finding) => finding.ruleId)).not.toContain(rule.id);
    }
  });
});

describe('the rules', () => {
  it('have one file, one page and one line in the index each, and there are no others', () => {
    const files = readdirSync(resolve(ROOT, 'src/validation/rules')).filter(
      (name) => !/^(rule|registry)\.ts$/.test(name),
    );
    const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
    const ids = RULES.map((rule) => fileOf(rule.id)).sort();
    expect(files.map((name) => name.replace(/\.ts$/, '')).sort()).toEqual(ids);
    expect(pages.map((name) => name.replace(/\.md$/, '')).sort()).toEqual(ids);
    const index = readFileSync(resolve(PAGES, 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ['));
    expect(index).toEqual(
      RULES.map(({ id, severity, title }) => `| [${id}](${fileOf(id)}.md) | ${severity} | ${title} |`),
    );
  });
});
