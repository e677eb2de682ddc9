import { holdsBracketed, holdsVariable } from './brackets.ts';

/**
 * What stands for a secret without being one: variables (`${…}`, `$(…)`, `{{ … }}`), marks of tools that put it in
 * (`<path:…>` of argocd-vault-plugin, `ref+…` of vals, `vault:…` of bank-vaults, `op://…` of 1Password), words that say
 * that it must be replaced, and ciphertext of SOPS.
 */
export function isPlaceholder(text: string): boolean {
  const plain = text.trim();
  return plain === '' || holdsLaterText(plain) || MARKS.some((mark) => mark.test(plain)) || WORDS.test(plain);
}

function holdsLaterText(text: string): boolean {
  const template = text.indexOf('{{');
  return (
    holdsVariable(text) ||
    holdsBracketed(text, '$(', ')') ||
    (template >= 0 && text.includes('}}', template + 2)) ||
    ['<path:', '<secret:', '<vault:'].some((open) => holdsBracketed(text, open, '>'))
  );
}

const MARKS: readonly RegExp[] = [/^<[^<>]+>$/, /ref\+[a-z]/, /^(vault|op|awssm|gcpsm|azkv):/, /^ENC\[/];

const WORDS =
  /^[<["'*_-]*(change[-_ ]?(me|it|this)|replace([-_ ]?(me|this|with)|d?[-_ ]by)|(fill|insert|put|set|add)[-_ ]?(me|in|your|here)|your[-_ ]|to[-_ ]?do\b|place[-_ ]?holder|redacted|dummy|x{3,}$|\.{3}|\*{3,})/i;

/** Text of base64, or undefined where it is none. */
export function decodeBase64(text: string): string | undefined {
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return undefined;
  }
}

/**
 * True for a configuration file that names no credential: many programs take theirs from a Secret whatever it holds.
 * Such a file has several lines and a key with an ending.
 */
export function isOpenConfiguration(key: string, text: string): boolean {
  if (!/\.[a-z]{2,10}$/i.test(key) || !text.trim().includes('\n')) return false;
  return !/-----BEGIN/.test(text) && !text.split('\n').some((line) => holdsCredential(line));
}

/** Quotes and what stands between entries. */
function withoutEnd(value: string): string {
  let end = value.length;
  while (end > 0 && `"',;`.includes(value.charAt(end - 1))) end--;
  return value.slice(0, end);
}

function isPlain(value: string): boolean {
  return !isPlaceholder(value) && !/^(true|false|null|\d+|[[{|>].*)$/.test(value);
}

const CREDENTIAL =
  /(pass(word|wd|phrase)?|pwd|token|secret|credentials?|api[-_]?key|access[-_]?key|private[-_]?key|account[-_]?key|auth|dsn|webhook|(api|slack)_url)["']?\s*[:=]\s*["']?(\S.*)$/is;

function holdsCredential(line: string): boolean {
  const value = /^\s*[#;]/.test(line) ? undefined : CREDENTIAL.exec(line)?.at(-1);
  const isUrlWithPassword = /:\/\/[^/\s:@]+:[^/\s@]+@/.test(line);
  return isUrlWithPassword || (value !== undefined && isPlain(withoutEnd(value)));
}
