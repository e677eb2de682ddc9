import { describe, expect, it } from '@jest/globals';
import { createLogStyle, logKind, wantsColour } from '../../src/reporting/log-style.ts';
import { gitlabSections } from '../support/gitlab-log.ts';
import { runnerCommands } from '../support/runner-commands.ts';
import { HOSTILE_TEXT } from './outcomes.ts';

const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
const GROUP = { title: 'Waiting for 2 targets', startedAt: 1_763_800_000_000 };

describe('the log of GitHub', () => {
  const style = createLogStyle('github', { colour: true });

  it('marks levels by commands, and info not at all', () => {
    expect(LEVELS.map((level) => style.line(level, '100% of a: b'))).toEqual([
      '::debug::100%25 of a: b',
      '100% of a: b',
      '::warning::100%25 of a: b',
      '::error::100%25 of a: b',
    ]);
  });

  it('holds no command but its own, whatever the text is', () => {
    const log = LEVELS.map((level) => style.line(level, `${HOSTILE_TEXT}\n::add-mask::x\n##[error]y`)).join('\n');
    expect(runnerCommands(log).map(({ grammar, name }) => grammar + name)).toEqual(['::debug', '::warning', '::error']);
  });

  it('folds groups', () => {
    expect(style.groupStart(GROUP)).toBe('::group::Waiting for 2 targets');
    expect(style.groupEnd(GROUP, 0)).toBe('::endgroup::');
  });
});

describe('the log of GitLab', () => {
  const style = createLogStyle('gitlab', { colour: false });

  it('marks levels by words and colours', () => {
    expect(LEVELS.map((level) => style.line(level, 'a\nb'))).toEqual([
      '\u001b[2mdebug: a\u001b[22m\n\u001b[2mb\u001b[22m',
      'a\nb',
      '\u001b[33mwarning: \u001b[39ma\nb',
      '\u001b[31merror: \u001b[39ma\nb',
    ]);
    expect(createLogStyle('gitlab', { colour: false, noColour: true }).line('error', 'a')).toBe('error: a');
  });

  it('folds groups, and foreign text opens none', () => {
    const log = [
      style.groupStart(GROUP),
      style.line('info', HOSTILE_TEXT),
      style.groupEnd(GROUP, GROUP.startedAt + 4000),
    ];
    const sections = gitlabSections(log.join('\n'));
    expect(sections.map(({ action, time }) => [action, time])).toEqual([
      ['start', 1_763_800_000],
      ['end', 1_763_800_004],
    ]);
    expect(sections[0]?.id).toBe(sections[1]?.id);
  });
});

describe('the log of a terminal', () => {
  it('is plain without colours', () => {
    const style = createLogStyle('terminal', { colour: false });
    expect(LEVELS.map((level) => style.line(level, 'a'))).toEqual(['debug: a', 'a', 'warning: a', 'error: a']);
    expect([style.groupStart(GROUP), style.groupEnd(GROUP, 0)]).toEqual(['Waiting for 2 targets', '']);
  });

  it('paints what we wrote and nothing that others wrote', () => {
    const style = createLogStyle('terminal', { colour: true });
    expect(style.line('warning', '\u001b[31mred')).toBe('\u001b[33mwarning: \u001b[39mred');
    expect(style.groupStart(GROUP)).toBe('\u001b[1mWaiting for 2 targets\u001b[22m');
  });
});

describe('which log it is', () => {
  it.each([
    [{ GITHUB_ACTIONS: 'true', GITLAB_CI: 'true' }, 'github'],
    [{ GITLAB_CI: 'true' }, 'gitlab'],
    [{ CI: 'true' }, 'terminal'],
    [{}, 'terminal'],
  ] as const)('%j is %s', (env, kind) => {
    expect(logKind(env)).toBe(kind);
  });

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s, colour: %s', (env, terminal, colour) => {
    expect(wantsColour(env, terminal)).toBe(colour);
  });
});
