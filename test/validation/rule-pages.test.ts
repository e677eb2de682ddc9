import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RULES } from '../../src/validation/rules/registry.ts';
import { checkExample, exampleFiles } from '../support/rule-example.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = resolve(ROOT, 'docs/rules');
const fileOf = (id: string) => id.replace('/', '-');

/** Examples of rendering are run where it is tested. */
const OF_FILES = RULES.filter((rule) => !rule.id.startsWith('render/') && !('checkUnit' in rule));

describe.each(OF_FILES)('$id', (rule) => {
  const page = readFileSync(resolve(PAGES, `${fileOf(rule.id)}.md`), 'utf8');

  it('has a page whose failing example fails by this rule', () => {
    expect(page).toMatch(new RegExp(`^# ${rule.id}\n`));
    const { findings } = checkExample(exampleFiles(page, 'Fails'), { enableRules: [rule.id] });
    expect(findings.map((finding) => finding.ruleId)).toContain(rule.id);
    expect(findings.find((finding) => finding.ruleId === rule.id)?.severity).toBe(rule.severity);
    expect(findings.filter((finding) => !finding.message.endsWith('.'))).toEqual([]);
  });

  it('has a passing example without any finding', () => {
    const report = checkExample(exampleFiles(page, 'Passes'), { enableRules: [rule.id] });
    expect(report.findings).toEqual([]);
    expect(report.documents).toBeGreaterThan(0);
  });

  it('can be disabled by its id and by its group', () => {
    const files = exampleFiles(page, 'Fails');
    for (const name of [rule.id, rule.id.split('/')[0] ?? '']) {
      const { findings } = checkExample(files, { disableRules: [name], enableRules: [rule.id] });
      expect(findings.map((finding) => finding.ruleId)).not.toContain(rule.id);
    }
  });
});

describe.each(RULES.filter((rule) => rule.optIn))('$id', (rule) => {
  it('is off unless it or its group is switched on', () => {
    const files = exampleFiles(readFileSync(resolve(PAGES, `${fileOf(rule.id)}.md`), 'utf8'), 'Fails');
    const found = (...enableRules: readonly string[]) =>
      checkExample(files, { enableRules }).findings.some(({ ruleId }) => ruleId === rule.id);
    expect([found(), found(rule.id), found('practice')]).toEqual([false, true, true]);
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
