import { describe, expect, it } from '@jest/globals';
import { withPages } from '../../src/commands/pages.ts';
import { renderAnnotations, renderErrorAnnotation } from '../../src/reporting/github-annotations.ts';
import { renderErrorSummary, renderSummary } from '../../src/reporting/github-summary.ts';
import { renderJson } from '../../src/reporting/json.ts';
import { REPORTS, type ReportKind } from '../../src/reporting/registry.ts';
import { renderError, renderText } from '../../src/reporting/text.ts';
import { isInertInGitlab } from '../support/gitlab-log.ts';
import { expectGolden } from '../support/golden.ts';
import { ANY_COMMAND, runnerCommands } from '../support/runner-commands.ts';
import { ERRORS, OUTCOMES, SOURCES } from './outcomes.ts';

const LINKS = {
  commit: (revision: string) => `https://git.example.com/acme/config/commit/${revision}`,
  file: (path: string, revision: string, line?: number) =>
    `https://git.example.com/acme/config/blob/${revision}/${path}#L${line}`,
};

const FILES: readonly (readonly [ReportKind, string])[] = [
  ['sarif', 'report.sarif'],
  ['codequality', 'codequality.json'],
  ['junit', 'junit.xml'],
  ['tap', 'report.tap'],
  ['comment', 'comment.md'],
];

function golden(name: string, file: string): URL {
  return new URL(`./cases/${name}/${file}`, import.meta.url);
}

describe.each(OUTCOMES)('$name', ({ name, command, outcome }) => {
  it('reads well as text', () => {
    const text = renderText(outcome, { sources: (path) => SOURCES[path] });
    expectGolden(text, golden(name, 'text.txt'));
    expect(runnerCommands(text, ANY_COMMAND)).toEqual([]);
    expect(isInertInGitlab(text)).toBe(true);
  });

  it('reads well as a job summary', () => {
    expectGolden(renderSummary(command, withPages(outcome, { links: LINKS })), golden(name, 'summary.md'));
  });

  it.each(FILES)('is written as %s', async (kind, file) => {
    const render = await REPORTS[kind]();
    const report = render({ command, outcome, version: '1.0.0', directory: 'config', startedAt: 1_790_000_000_000 });
    expectGolden(report, golden(name, file));
  });

  it('annotates its lines', () => {
    const lines = renderAnnotations(outcome, 'config');
    expectGolden(lines.map((line) => `${line}\n`).join(''), golden(name, 'annotations.txt'));
    expect(runnerCommands(lines.join('\n'), ANY_COMMAND)).toHaveLength(lines.length);
  });

  it('prints JSON in which a log finds no command', () => {
    const json = renderJson(command, outcome, '1.0.0');
    expectGolden(json, golden(name, 'outcome.json'));
    expect(runnerCommands(json, ANY_COMMAND)).toEqual([]);
    expect(isInertInGitlab(json)).toBe(true);
  });
});

describe.each(ERRORS)('$name', ({ name, command, error }) => {
  it('reads well as text, as a summary and as an annotation', () => {
    expectGolden(renderError(error), golden(name, 'text.txt'));
    expectGolden(renderErrorSummary(command, error), golden(name, 'summary.md'));
    expectGolden(`${renderErrorAnnotation(command, error)}\n`, golden(name, 'annotations.txt'));
    expectGolden(renderJson(command, error, '1.0.0'), golden(name, 'outcome.json'));
  });

  it.each(FILES)('is written as %s', async (kind, file) => {
    const render = await REPORTS[kind]();
    const report = render({ command, outcome: error, version: '1.0.0', startedAt: 1_790_000_000_000 });
    expectGolden(report, golden(name, file));
  });
});
