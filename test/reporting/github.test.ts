import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import type { Outcome } from '../../src/outcome.ts';
import { renderAnnotations, renderErrorAnnotation } from '../../src/reporting/github-annotations.ts';
import { workflowCommand } from '../../src/reporting/github-command.ts';
import { renderErrorSummary, renderSummary } from '../../src/reporting/github-summary.ts';
import { rolloutChart } from '../../src/reporting/mermaid.ts';
import type { Finding, Severity } from '../../src/validation/finding.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';
import { EMPTY, NEW, OUTCOMES, observation, target } from './outcomes.ts';

function finding(severity: Severity, line: number, parts: Partial<Finding> = {}): Finding {
  return { ruleId: 'schema/type', severity, path: 'a.yaml', line, column: 3, message: `number ${line}`, ...parts };
}

function many(severity: Severity, number: number): readonly Finding[] {
  return Array.from({ length: number }, (_, index) => finding(severity, index + 1));
}

function outcomeOf(name: string): Outcome {
  const found = OUTCOMES.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no outcome ${name}`);
  return found.outcome;
}

describe('workflowCommand', () => {
  it('is read back by the runner as it was written, whatever the text holds', () => {
    const text = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(text, text, (file, data) => {
        const [command, ...more] = runnerCommands(workflowCommand('error', { file, line: 3 }, data));
        expect(more).toEqual([]);
        expect(command?.data).toBe(data);
        expect(command?.properties.line).toBe('3');
        expect(command?.properties.file?.trim()).toBe(file === '' ? undefined : file.trim());
      }),
    );
  });
});

describe('renderAnnotations', () => {
  it('puts the most severe first and ten of each level at most, the last a notice of how many more there are', () => {
    const findings = [...many('info', 12), ...many('warning', 12), ...many('error', 12)];
    const commands = runnerCommands(renderAnnotations({ ...EMPTY, findings }).join('\n'));
    const levels = ['error', 'warning', 'notice'].flatMap((name) => Array<string>(10).fill(name));
    expect(commands.map(({ name }) => name)).toEqual(levels);
    expect(commands[0]?.data).toBe('number 1');
    expect(commands.at(-1)?.data).toMatch(/^7 more, /);
  });

  it('keeps a notice free for that even when only errors are too many', () => {
    const findings = [...many('info', 10), ...many('error', 11)];
    const commands = runnerCommands(renderAnnotations({ ...EMPTY, findings }).join('\n'));
    expect(commands.filter(({ name }) => name === 'notice')).toHaveLength(10);
    expect(commands.at(-1)?.data).toMatch(/^2 more, /);
  });

  it('says nothing more when everything is shown', () => {
    expect(renderAnnotations({ ...EMPTY, findings: many('error', 10) })).toHaveLength(10);
    expect(renderAnnotations(EMPTY)).toEqual([]);
  });

  it('gives columns only within one line, and the path from the repository root', () => {
    const findings = [finding('error', 2, { endLine: 5, endColumn: 1 }), finding('error', 7, { endColumn: 9 })];
    const [first, second] = runnerCommands(renderAnnotations({ ...EMPTY, findings }, 'config/prod').join('\n'));
    expect(first?.properties).toEqual({ file: 'config/prod/a.yaml', line: '2', endLine: '5', title: 'schema/type' });
    expect(second?.properties).toMatchObject({ line: '7', endLine: '7', col: '3', endColumn: '9' });
  });

  it('keeps a message within the 4096 characters that GitHub shows', () => {
    const problems = Array.from({ length: 60 }, () => 'x'.repeat(150));
    const line = renderErrorAnnotation('bump', new ToolError('input', 'Many inputs are not right.', { problems }));
    const [command] = runnerCommands(line);
    expect(command?.data).toHaveLength(4096);
    expect(command?.data).toMatch(/ …$/);
  });
});

describe('renderSummary', () => {
  it('stays under the limit and says what is left out', () => {
    const outcome = { ...outcomeOf('deliver-failed'), findings: many('error', 20_000) };
    const summary = renderSummary('deliver', outcome);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(900_000);
    expect(summary).toMatch(/\n\n_More is left out here: .*_\n$/);
    expect(summary).toContain('### Why `argocd/shop-web` failed');
  });

  it('is cut between rows and never within a fence, at any limit', () => {
    const { outcome } = { outcome: outcomeOf('deliver-failed') };
    const whole = renderSummary('deliver', outcome);
    for (let limit = 200; limit < whole.length + 300; limit += 37) {
      const summary = renderSummary('deliver', outcome, { limit });
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(limit);
      expect((summary.match(/^```/gm) ?? []).length % 2).toBe(0);
    }
  });

  it('links to the request, and only to web addresses', () => {
    const outputs = { 'pull-request-url': 'https://git.example.com/acme/config/pull/12', 'pull-request-number': '12' };
    expect(renderSummary('bump', { ...EMPTY, outputs })).toContain(`- [Request 12](${outputs['pull-request-url']})`);
    const evil = renderSummary('bump', {
      ...EMPTY,
      outputs: { ...outputs, 'pull-request-url': 'javascript:alert(1)' },
    });
    expect(evil).toContain('- Request 12\n');
    const broken = renderSummary('bump', { ...EMPTY, outputs: { ...outputs, 'pull-request-url': 'https://x/a)|(b' } });
    expect(broken).toContain('- [Request 12](https://x/a%29%7c%28b)');
  });

  it('shows no link where the forge has no pages', () => {
    expect(renderSummary('deliver', outcomeOf('deliver-landed'))).not.toContain('](');
  });

  it('tells every problem of an error', () => {
    const error = new ToolError('input', 'Two inputs.', { problems: ['one <b>', 'two'], hint: 'Look.' });
    expect(renderErrorSummary('bump', error)).toBe(
      '## ❌ drawbridge bump\n\nTwo inputs.\n\n- one &#60;b&#62;\n- two\n\n**Next:** Look.\n',
    );
  });
});

describe('rolloutChart', () => {
  const verdict = { kind: 'landed', phase: 'settling', reasons: [], observation: observation('a') } as const;

  it('joins what stayed the same and gives every bar a length', () => {
    const timeline = [
      { seconds: 0, phase: 'syncing', state: 'syncing', reason: 'a' },
      { seconds: 0.4, phase: 'syncing', state: 'syncing', reason: 'b' },
      { seconds: 0.6, phase: 'settling', state: 'healthy', reason: '' },
    ];
    const chart = rolloutChart([{ target: target('shop: api;#%%'), verdict, seconds: 3700, timeline }]);
    expect(chart?.split('\n')).toEqual([
      'gantt',
      '    dateFormat HH:mm:ss',
      '    axisFormat %H:%M:%S',
      '    section shop- api----',
      '    syncing :active, 00:00:00, 00:00:01',
      '    settling, healthy :done, 00:00:00, 01:01:40',
    ]);
  });

  it('is not drawn where nothing was watched, and stays small', () => {
    expect(rolloutChart([])).toBeUndefined();
    expect(rolloutChart([{ target: target('a'), verdict, seconds: 3, timeline: [] }])).toBeUndefined();
    const timeline = Array.from({ length: 500 }, (_, index) => ({
      seconds: index,
      phase: 'rolling',
      state: index % 2 === 0 ? 'progressing' : 'degraded',
      reason: '',
    }));
    const chart = rolloutChart([{ target: target('a'), verdict, seconds: 500, timeline }]) ?? '';
    expect(chart.split('\n').length).toBeLessThan(70);
  });
});

describe('no part of a report', () => {
  it('lets a revision or a link bring in a command', () => {
    const outcome = {
      ...EMPTY,
      targets: [
        {
          target: target('a'),
          seconds: 1,
          timeline: [],
          verdict: { kind: 'failed', phase: 'seen', reasons: [`::error::${NEW}`] },
        },
      ],
    } as const;
    expect(runnerCommands(renderSummary('wait', outcome), ANY_COMMAND)).toEqual([]);
  });
});
