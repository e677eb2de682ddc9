import { ToolError } from '../errors.ts';

const MASK = '***';
const SHORTEST = 8;

export interface Redactor {
  /**
   * From now on this value is masked, in every encoding that a log or an error of another program may show it in.
   * @throws ToolError input for fewer than 8 characters: masking those would blank ordinary words
   */
  add(secret: string): void;
  /** The text with every secret replaced by `***`. */
  redact(text: string): string;
  /** A copy of plain data with every string in it redacted. Do this before rendering: cutting and escaping change text. */
  redactAll<T>(value: T): T;
}

/** Keeps secrets out of whatever is printed. Matches literally; where occurrences overlap, all of it is masked. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  const redact = (text: string): string => mask(text, forms);
  return {
    add(secret) {
      if (secret.trim().length < SHORTEST) throw tooShort(secret.trim().length);
      for (const form of formsOf(secret)) forms.add(form);
    },
    redact,
    redactAll: (value) => mapStrings(value, redact),
  };
}

function tooShort(length: number): ToolError {
  return new ToolError('input', `A secret of ${length} characters is too short to be kept out of the log.`, {
    hint: `Use a token or password of at least ${SHORTEST} characters.`,
  });
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r\n|\r|\n/).map((line) => line.trim());
  const parts = [secret, secret.trim(), ...lines].filter((part) => part.length >= SHORTEST);
  return parts.flatMap((part) => [part, ...base64Forms(part), ...urlForms(part), ...jsonForms(part)]);
}

/** Basic credentials hold the secret after a user name, so it may start at any of the three offsets of a base64 group. */
function base64Forms(secret: string): readonly string[] {
  const whole = [secret, `x-access-token:${secret}`].map((text) => Buffer.from(text).toString('base64'));
  const cores = [0, 1, 2].map((offset) => base64Core(secret, offset));
  const standard = [...whole, ...whole.map((text) => text.replace(/=+$/, '')), ...cores];
  return standard.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The base64 characters that depend on the secret alone when `offset` other bytes come before it and any come after. */
function base64Core(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

function urlForms(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const strict = encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const all = [encoded, strict, encoded.replaceAll('%20', '+'), strict.replaceAll('%20', '+')];
  return all.flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** As JavaScript writes JSON, and as Go does, which escapes `<`, `>` and `&` too. */
function jsonForms(secret: string): readonly string[] {
  const text = JSON.stringify(secret).slice(1, -1);
  const go = text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return [text, go, text.replaceAll('/', '\\/')];
}

function mask(text: string, forms: ReadonlySet<string>): string {
  const spans = [...forms]
    .flatMap((form) => occurrences(text, form))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let masked = '';
  let done = 0;
  for (const { start, end } of spans) {
    if (end <= done) continue;
    if (start > done || done === 0) masked += text.slice(done, start) + MASK;
    done = end;
  }
  return masked + text.slice(done);
}

function occurrences(text: string, form: string): { readonly start: number; readonly end: number }[] {
  const found = [];
  for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
    found.push({ start, end: start + form.length });
  }
  return found;
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
  return mapUnknown(value, change) as T;
}

function mapUnknown(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapUnknown(item, change));
  if (value instanceof ToolError) return redactError(value, change);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapUnknown(item, change)]));
}

function redactError(error: ToolError, change: (text: string) => string): ToolError {
  return new ToolError(error.code, change(error.message), {
    problems: error.problems.map(change),
    ...(error.hint === undefined ? {} : { hint: change(error.hint) }),
  });
}
