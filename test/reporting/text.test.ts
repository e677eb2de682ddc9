import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import type { Outcome } from '../../src/outcome.ts';
import { excerpt } from '../../src/reporting/excerpt.ts';
import { displayWidth, layOut, wrap } from '../../src/reporting/layout.ts';
import { FORMATS, REPORTS } from '../../src/reporting/registry.ts';
import { renderError, renderText } from '../../src/reporting/text.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { KNOWN_COMMANDS, runnerCommands } from '../support/runner-commands.ts';
import { EMPTY, OUTCOMES, SOURCES, target } from './outcomes.ts';

const FINDING: Finding = {
  ruleId: 'a/b',
  severity: 'error',
  path: 'a.yaml',
  line: 2,
  column: 3,
  message: 'It is wrong.',
};

function shown(source: string, parts: Partial<Finding> = {}): string {
  return renderText({ ...EMPTY, findings: [{ ...FINDING, ...parts }] }, { sources: () => source });
}

describe('renderText', () => {
  it.each(OUTCOMES)('of $name is the same text with colours as without', ({ outcome }) => {
    const sources = (path: string): string | undefined => SOURCES[path];
    const plain = renderText(outcome, { sources });
    const painted = renderText(outcome, { sources, colour: true });
    expect(painted).not.toBe(plain);
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain);
    expect(runnerCommands(painted, KNOWN_COMMANDS)).toEqual([]);
  });

  it('holds no command even where two harmless parts would make one', () => {
    const text = renderText({ ...EMPTY, findings: [{ ...FINDING, path: ':' }], headline: 'x' });
    expect(text).toMatch(/^: :2:3 error/);
  });

  it('wraps prose at the width, and drops from tables what does not fit', () => {
    const { outcome } = OUTCOMES.find(({ name }) => name === 'deliver-failed') ?? { outcome: EMPTY };
    expect(renderText(outcome, { width: 140 })).toContain('images[name=my-app].newTag');
    const narrow = renderText(outcome, { width: 60 });
    expect(narrow).not.toContain('images[name=my-app].newTag');
    expect(narrow).toContain('✗ my-app 1.4.2 failed on argocd/shop-web and was rolled\n  back.');
  });

  it('keeps a long diagnosis to one screen', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const sections = Array.from({ length: 20 }, (_, index) => ({ title: `Section ${index}`, lines }));
    const diagnosis = { target: target('a'), sections, hints: ['Look at the logs.'] };
    const verdict = { kind: 'failed', phase: 'rolling', reasons: [] } as const;
    const outcome: Outcome = {
      ...EMPTY,
      targets: [{ target: target('a'), verdict, seconds: 1, timeline: [], diagnosis }],
    };
    const text = renderText(outcome);
    expect(text.split('\n').length).toBeLessThan(50);
    expect(text).toContain('… and 43 more lines');
    expect(text).toContain('Next: Look at the logs.');
  });
});

describe('source lines below a finding', () => {
  it('show the line and mark its columns', () => {
    expect(shown('a: 1\n  bcd: 2\n', { endColumn: 6 })).toContain('    2 |   bcd: 2\n      |   ^^^\n');
  });

  it('count tabs and wide characters as they look', () => {
    const found = excerpt({ ...FINDING, line: 1, column: 5 }, ['\t日本x'], 80);
    expect(found).toEqual({ line: '    日本x', marker: `${' '.repeat(9)}^` });
  });

  it('show the part of a long line that it is about', () => {
    const line = `${'a'.repeat(5000)}HERE${'b'.repeat(5000)}`;
    const found = excerpt({ ...FINDING, line: 1, column: 5001, endColumn: 5005 }, [line], 60);
    expect(found?.line).toHaveLength(60);
    expect(found?.line.indexOf('HERE')).toBe(found?.marker.indexOf('^'));
    expect(found?.marker.trim()).toBe('^^^^');
  });

  it('point behind the end of a line, and stay away where there is none', () => {
    expect(excerpt({ ...FINDING, line: 1, column: 99 }, ['ab'], 60)).toEqual({ line: 'ab', marker: '  ^' });
    expect(excerpt({ ...FINDING, line: 7 }, ['ab'], 60)).toBeUndefined();
  });

  it.each([
    ['a Secret', 'kind: Secret\ndata: aHVudGVyMg', {}],
    ['a Secret in JSON', '{"kind": "Secret",\n"data": {"a": "aHVudGVyMg"}}', {}],
    ['a finding on a Secret', 'a: 1\nb: aHVudGVyMg', { resource: { apiVersion: 'v1', kind: 'Secret' } }],
    ['a file that SOPS encrypted', 'a: 1\nb: aHVudGVyMg\nsops:\n  mac: x', {}],
    ['a Secret with a misspelt kind', 'kind: Secert\nb: aHVudGVyMg', {}],
    ['a Secret in lower case', 'kind: "secret"\nb: aHVudGVyMg', {}],
    ['a Secret without a kind', 'a: 1\ndata: {b: aHVudGVyMg}', {}],
    ['a Secret without a kind in JSON', '{\n  "data": {"b": "aHVudGVyMg"}\n}', {}],
    ['stringData of no kind', 'stringData:\n  b: aHVudGVyMg', {}],
    ['the literals of a Secret', 'secretGenerator:\n- literals: [b=aHVudGVyMg]', {}],
    ['a patch for Secrets', 'patch: "[]"\nb: aHVudGVyMg\ntarget: {kind: Secret}', {}],
    ['a patch into data', '- op: add\n  value: aHVudGVyMg\n  path: /data/b', {}],
    ['a finding on a misspelt Secret', 'a: 1\nb: aHVudGVyMg', { resource: { apiVersion: 'v1', kind: 'secrets' } }],
    ['a password', 'a: 1\npassword: aHVudGVyMg', {}],
    ['the value beside a secret name', '- name: DB_PASSWORD\n  value: aHVudGVyMg', {}],
    ['the value before a secret name', 'env:\n- value: aHVudGVyMg\n  name: API_TOKEN', {}],
    ['a block below a secret name', 'privateKey: |\n\n  x\n  aHVudGVyMg', { line: 4 }],
  ])('never repeat %s', (_what, source, parts) => {
    expect(shown(source, parts)).not.toContain('aHVudGVyMg');
  });

  it.each([
    ['another kind', 'kind: Service\nb: shown'],
    ['a ConfigMap', 'kind: ConfigMap\ndata: {b: shown}'],
    ['a generator of ConfigMaps', 'configMapGenerator:\n- literals: [b=shown]'],
  ])('show %s', (_what, source) => {
    expect(shown(source)).toContain('shown');
  });
});

describe('many findings', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...FINDING, line: index + 1 }));

  it('stand below their file, and are counted by rule at the end', () => {
    const findings = [...many(20), { ...FINDING, path: 'b.yaml', ruleId: 'c/d', severity: 'warning' as const }];
    const lines = renderText({ ...EMPTY, findings }).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'a.yaml (20 errors)',
      '   1:3 error It is wrong. [a/b]',
      '   2:3 error It is wrong. [a/b]',
    ]);
    expect(lines.slice(-6)).toEqual([
      'b.yaml (1 warning)',
      '  2:3 warning It is wrong. [c/d]',
      '',
      '✓ Done.',
      '  By rule: 20 a/b, 1 c/d',
      '',
    ]);
  });

  it('begin above twenty', () => {
    expect(renderText({ ...EMPTY, findings: many(20) })).toMatch(/^a\.yaml:1:3 error/);
    expect(renderText({ ...EMPTY, findings: many(20) })).not.toContain('By rule');
  });
});

describe('renderError', () => {
  it('says what happened, every problem, and what to do next', () => {
    const error = new ToolError('input', 'Two inputs are not right.', {
      problems: ['one', 'two'],
      hint: 'Look at --help.',
    });
    expect(renderError(error)).toBe('✗ Two inputs are not right.\n  - one\n  - two\n  Next: Look at --help.\n');
    expect(renderError(new ToolError('interrupted', 'Cancelled.'))).toBe('! Cancelled.\n');
  });
});

describe('the registry', () => {
  const input = { command: 'bump', version: '1.0.0', outcome: EMPTY };

  it('renders every format and every report, for a result and for an error', async () => {
    const reports = await Promise.all(Object.values(REPORTS).map((load) => load()));
    for (const render of [...Object.values(FORMATS), ...reports]) {
      expect(render(input)).toMatch(/\n$/);
      expect(render({ ...input, outcome: new ToolError('io', 'It broke.') })).toContain('It broke.');
    }
    expect(Object.keys(FORMATS)).toEqual(['text', 'json']);
  });
});

describe('layout', () => {
  it('measures what a terminal shows', () => {
    expect([displayWidth('abc'), displayWidth('日本'), displayWidth('e\u0301'), displayWidth('🚀')]).toEqual([
      3, 4, 1, 2,
    ]);
  });

  it('lines up columns and leaves no white space at the end', () => {
    const rows = [
      [{ text: '日本' }, { text: '1' }],
      [{ text: 'a' }, { text: '20' }],
    ];
    expect(layOut(rows, ['left', 'right'])).toEqual(['日本   1', 'a     20']);
    expect(
      layOut([
        [{ text: 'a' }, { text: '' }],
        [{ text: 'bb' }, { text: 'c' }],
      ]),
    ).toEqual(['a', 'bb  c']);
  });

  it('wraps at spaces only and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z/.:]{1,12}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
      }),
    );
  });
});
