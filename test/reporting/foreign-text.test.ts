import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  breakCommands,
  codeFence,
  codeSpan,
  safeLines,
  safeMarkdown,
  safeText,
} from '../../src/reporting/foreign-text.ts';
import { isInertInGitlab } from '../support/gitlab-log.ts';
import { ANY_COMMAND, KNOWN_COMMANDS, runnerCommands } from '../support/runner-commands.ts';

/** `FUZZ=long` tries a million strings. */
const RUNS = process.env.FUZZ === 'long' ? 1_000_000 : 20_000;
const TIMEOUT = process.env.FUZZ === 'long' ? 3_600_000 : 30_000;

const hostile = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('::', ':', '##[', '#', '[', ']', '\r', '\n', '\r\n', ' ', '\t') },
      {
        weight: 2,
        arbitrary: fc.constantFrom('add-mask', 'error', 'set-output name=a', 'section_start:1:a', '\r\u001b[0K'),
      },
      fc.constantFrom(
        '\u001b[',
        '\u001b]8;;',
        '\u0007',
        '\u001b\\',
        '\u009b',
        '\u009d',
        '\u009c',
        '31m',
        '\u001bP',
        '%0A',
      ),
      fc.constantFrom('\u00ad', '\u200b', '\u200d', '\ufe0f', '\u202e', '\u2028', '\u0085', '\0', '\ufeff', '\u034f'),
      fc.constantFrom('\u0301', '\u20dd', '\ud800', '\udfff', '⚠️', '👩‍🚀', '\u{e0041}', '\uffff', '\u3164', '\u180e'),
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

/** No command for the runner, no section for GitLab, and nothing invisible. */
function isInert(text: string): boolean {
  const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(text);
  return runnerCommands(text, ANY_COMMAND).length === 0 && isInertInGitlab(text) && !invisible;
}

describe('the parsers that stand in for the runner and for GitLab', () => {
  it.each([
    ['::error file=a.yaml,line=1::x', 1],
    ['  \t::ADD-MASK::1', 1],
    ['text ##[stop-commands]token', 1],
    ['text #\u00ad#\u200b[error]x', 1],
    ['a\r::error::x', 1],
    ['text ::error::x', 0],
    ['::unknown::x', 0],
    ['##[error', 0],
  ])('read %j as %i command(s)', (line, commands) => {
    expect(runnerCommands(line, KNOWN_COMMANDS)).toHaveLength(commands);
  });

  it('find a section of GitLab anywhere in a line', () => {
    expect(isInertInGitlab('a section_start:1:x[collapsed=true]\r\u001b[0Kb')).toBe(false);
  });
});

describe('safeText', () => {
  it.each([
    ['plain text stays: ümläut, 日本語, ✓', 'plain text stays: ümläut, 日本語, ✓'],
    ['x\n::add-mask::1\n::set-output name=a::b', 'x ⏎ ::add-mask::1 ⏎ ::set-output name=a::b'],
    ['%0A::add-mask::x', '%0A::add-mask::x'],
    ['foo ##[stop-commands]z', 'foo # #[stop-commands]z'],
    ['###[error]', '## #[error]'],
    ['#\u0301#\u20dd[error]', '# \u0301#\u20dd[error]'],
    [':\u0301:error::x', ':\u0301 :error::x'],
    ['\r::error::', ' ⏎ ::error::'],
    ['  ::error::x', '  : :error::x'],
    [':::', ': ::'],
    ['\u001b[31;1mred\u001b[0m', 'red'],
    ['\u009b31mred', 'red'],
    ['\u001b]8;;https://evil.example\u0007text\u001b]8;;\u001b\\', 'text'],
    ['\u001b]0;never ended', '\\x1b]0;never ended'],
    ['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['v1\u200b', 'v1\\u200b'],
    ['bell\u0007 nul\0', 'bell\\x07 nul\\x00'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['lone \ud800', 'lone \\ud800'],
    ['ended\r\n', 'ended'],
    ['⚠️ careful', '⚠ careful'],
    ['a\tb', 'a b'],
  ])('%j becomes %j', (text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  it('cuts long text and says how long it was', () => {
    const safe = safeText('é'.repeat(5000), 100);
    expect(safe).toHaveLength(100);
    expect(safe).toMatch(/é … \(cut, 5000 characters in all\)$/);
  });

  it('never cuts a character in half', () => {
    expect(safeText('🚀'.repeat(100), 101).isWellFormed()).toBe(true);
  });

  it(
    'leaves no command in either grammar, no line end and nothing that GitLab acts on, and is stable',
    () => {
      fc.assert(
        fc.property(hostile, (text) => {
          const safe = safeText(text);
          if (!isInert(safe) || safe.includes('\n') || safeText(safe) !== safe) throw new Error(JSON.stringify(safe));
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );

  it.each([
    ['escapes', '\u001b['],
    ['C1 introducers', '\u009d'],
    ['line ends', '\n'],
    ['spaces', ' '],
    ['hashes', '#'],
    ['colons', ':'],
    ['combining marks', '\u0301'],
    ['digits after an escape', '0'],
  ])('takes linear time for a megabyte of %s', (_name, unit) => {
    const text = `\u001b[${unit.repeat(1_000_000)}x`;
    const started = performance.now();
    expect(safeText(text).length).toBeLessThanOrEqual(2000);
    expect(safeLines(text).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('safeLines', () => {
  it('keeps lines and indentation, and drops blank lines at the end', () => {
    expect(safeLines('remote: a\r\n  ::error::b\rc\n\n')).toBe('remote: a\n  : :error::b\nc');
  });

  it('says how many lines are left out', () => {
    expect(safeLines('a\nb\nc\nd', 3)).toBe('a\nb\n… (2 more lines)');
  });

  it('leaves no command in any line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = safeLines(text);
        if (!isInert(safe) || safeLines(safe) !== safe) throw new Error(JSON.stringify(safe));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('breakCommands', () => {
  it('guards a line that safe parts make up', () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const line = breakCommands(safeText(first) + safeText(second));
        expect(runnerCommands(line, ANY_COMMAND)).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('safeMarkdown', () => {
  it.each([
    ['a | b', 'a \\| b'],
    ['`code` *bold* _it_ ~~no~~ \\', '\\`code\\` \\*bold\\* \\_it\\_ \\~\\~&#8203;no\\~\\~ \\\\'],
    ['<img src=x onerror=alert(1)> &amp;', '&#60;img src=x onerror=alert(1)&#62; &#38;amp;'],
    ['[link](javascript:x)', '\\[link\\](javascript:x)'],
    ['@everyone, org/team#12, !34, GH-5', '@&#8203;everyone, org/team#&#8203;12, !&#8203;34, GH-&#8203;5'],
    ['https://evil.example www.evil.example', 'https:&#8203;//evil.example www&#8203;.evil.example'],
    [':tada: at 10:30', ':&#8203;tada: at 10:30'],
    ['$x$', '&#36;&#8203;x&#36;'],
    ['/merge', '\\/merge'],
    ['# heading', '\\# heading'],
    ['1. list', '1\\. list'],
    ['- list', '\\- list'],
    ['a\nb', 'a ⏎ b'],
  ])('%j becomes %j', (text, markdown) => {
    expect(safeMarkdown(text)).toBe(markdown);
  });

  it('leaves no character that starts markup unescaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (text) => {
        const rest = safeMarkdown(text)
          .replace(/\\[-\\`*_[\]|~+=#/.)]/g, ' ')
          .replace(/&#\d+;/g, ' ');
        expect(rest).not.toMatch(/[\\`*_[\]|~<>&$]|@\w|#\d/);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('codeSpan and codeFence', () => {
  it.each([
    ['ghcr.io/acme/api:1.4.2', '`ghcr.io/acme/api:1.4.2`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['a`b', '<code>a&#96;b</code>'],
    ['', ''],
  ])('%j becomes %j', (text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  it('fences with more back-quotes than any run in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '\n', 'a', ' ') }), (text) => {
        const [first = '', ...rest] = codeFence(text, 'text').split('\n');
        const fence = first.replace('text', '');
        expect(rest.pop()).toBe(fence);
        expect(rest.join('\n')).not.toContain(fence);
        expect(fence.length).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 2000 },
    );
  });
});
