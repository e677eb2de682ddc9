const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const ANSI = /\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)/g;
const LONGEST = 600;

/** One printable line out of what a server or Git said, at most 600 characters. */
export function oneLine(text: string): string {
  const line = text
    .replace(ANSI, '')
    .split(/[\r\n]+/)
    .map((part) => part.replace(CONTROL, '').trim())
    .filter((part) => part !== '')
    .join(' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** What the server itself said: Git marks its lines with `remote:`. */
export function serverText(stderr: string): string {
  const lines = stderr.split(/\r?\n|\r/).filter((line) => line.startsWith('remote:'));
  return oneLine(lines.map((line) => line.slice('remote:'.length).replace(/^[\s=-]+$/, '')).join('\n'));
}
