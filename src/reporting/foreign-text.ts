/**
 * Text that others wrote (a server's message, a file's name, a commit's title) made safe to print.
 *
 * The GitHub runner reads commands from every line that a step prints, in two grammars: `::name key=value::data` at the
 * start of a line after white space, and the older `##[name key=value]data` anywhere in a line
 * (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs). It looks for both with .NET's
 * culture-sensitive search, which skips characters of no collation weight, so a soft hyphen or a combining mark between
 * `#` and `[` does not stop it. GitLab folds its log at `section_start:TIME:NAME\r\e[0K` anywhere in a line and lets a bare
 * `\r` wipe the line before it (https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections).
 */

/** Characters of one line; longer text is cut and says so. */
const LINE_LIMIT = 2000;
const LINES_LIMIT = 500;

/** Whole escape sequences of ECMA-48: CSI; OSC, DCS, SOS, PM and APC with their terminator; the two-character ones. */
const ESCAPE_SEQUENCE =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-OQ-WYZ\\`-~]/g;

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const LINE_END = /\r\n|[\n\v\f\r\x85\u2028\u2029]/;
const LINE_ENDS = /[\n\v\f\r\x85\u2028\u2029]+/g;

/**
 * One line that is safe in every log: terminal sequences are taken out, invisible and direction-changing characters are
 * shown as escapes (`\u202e`), line ends as ` ⏎ `, both command grammars are broken by a space, and at most `limit`
 * characters stay. Applying it twice changes nothing.
 */
export function safeText(text: string, limit: number = LINE_LIMIT): string {
  const visible = trimLineEnds(text.slice(0, limit * 4).replace(ESCAPE_SEQUENCE, ''))
    .replace(LINE_ENDS, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, '')
    .replace(INVISIBLE, showEscaped);
  return shorten(breakCommands(visible), limit, text.length);
}

/** As `safeText` for text of several lines: each line for itself, joined by `\n`, at most `limit` of them. */
export function safeLines(text: string, limit: number = LINES_LIMIT): string {
  const lines = dropBlankEnd(text.slice(0, limit * LINE_LIMIT).split(LINE_END));
  const shown = dropBlankEnd(lines.slice(0, limit).map((line) => safeText(line)));
  if (lines.length > limit) shown[limit - 1] = `… (${lines.length - limit + 1} more lines)`;
  return shown.join('\n');
}

function dropBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, Math.max(1, last + 1));
}

function trimLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && LINE_END.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** `\x07`, `\u202e`, `\u{e0041}`: how an invisible character is shown. */
function showEscaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/**
 * Breaks both grammars in one line that is already free of invisible characters: for lines put together from safe parts.
 * A visible space goes in between, since an invisible character would be skipped by the runner's search.
 */
export function breakCommands(line: string): string {
  return line.replace(/^([\s\p{M}]*:\p{M}*)(?=:)/u, '$1 ').replace(/#(?=\p{M}*#\p{M}*\[)/gu, '# ');
}

function shorten(text: string, limit: number, originalLength: number): string {
  if (text.length <= limit && originalLength <= limit * 4) return text;
  const note = ` … (cut, ${originalLength} characters in all)`;
  const end = Math.max(0, limit - note.length);
  return text.slice(0, end).replace(/[\ud800-\udbff]$/, '') + note;
}

/**
 * Inline Markdown that shows the text as it is, in a paragraph, a table cell or a heading of GitHub and GitLab: no markup,
 * no HTML, no link, no mention, no reference (`#12`, `!12`, `GH-12`), no emoji code, no quick action (`/merge`).
 * Both forges look for references in the rendered text, where an escape no longer shows, so a zero-width space breaks them.
 */
export function safeMarkdown(text: string, limit: number = LINE_LIMIT): string {
  return safeText(text, limit)
    .trim()
    .replace(/[@#!%~$](?=[\w"])|&(?=\d)|GH-(?=\d)|:(?=\/\/|[\w+-]+:)|www(?=\.)/gi, '$&\u200b')
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/[&<>$\u200b]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/^[-+=#/]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** The text as inline code, which both forges leave alone. Also right in a table cell, where a `|` would end the cell. */
export function codeSpan(text: string): string {
  const line = safeText(text).trim();
  if (line === '') return '';
  if (!/[`|]/.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;
}

/** The text as a fenced block. The fence is longer than any run of back-quotes in the text, so nothing in it can close it. */
export function codeFence(text: string, language = ''): string {
  const lines = safeLines(text);
  const runs = lines.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${lines}\n${fence}`;
}
