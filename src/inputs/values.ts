import type { InputDefinition } from './define.ts';
import { enumerate } from './names.ts';
import { didYouMean } from './nearest.ts';

/** A value of the kind that was asked for, or what is wrong with the text, as the end of a sentence. */
export type ReadValue =
  | { readonly ok: true; readonly value: string | boolean | number }
  | { readonly ok: false; readonly problem: string };

/** Seven days: a deadline beyond that is a mistake, and timers overflow soon after. */
const LONGEST_DURATION = 7 * 24 * 60 * 60 * 1000;

/** The words of the YAML 1.2 core schema, which is also what @actions/core takes (https://yaml.org/spec/1.2.2/#103-core-schema). */
const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** Control characters, line separators, and characters that turn the direction of text around. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** Reads one text (of a list: one item), already trimmed and not empty. */
export function readValue(definition: InputDefinition, text: string): ReadValue {
  if (UNSAFE.test(definition.multiline ? text.replace(/[\r\n]/g, '') : text))
    return bad('holds control characters, which are never part of a value');
  switch (definition.kind) {
    case 'string':
    case 'list':
      return { ok: true, value: text };
    case 'boolean':
      return readBoolean(text);
    case 'duration':
      return readDuration(text);
    case 'integer':
      return readInteger(text);
    case 'choice':
      return readChoice(definition.choices ?? [], text);
  }
}

function readBoolean(text: string): ReadValue {
  const value = Object.hasOwn(BOOLEAN_WORDS, text) ? BOOLEAN_WORDS[text] : undefined;
  return value === undefined ? bad(`${quoted(text)} is neither true nor false`) : { ok: true, value };
}

function readDuration(text: string): ReadValue {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null) return bad(`${quoted(text)} is no duration; write it like 90s, 10m or 1h30m`);
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
  ];
  const value = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return value > LONGEST_DURATION
    ? bad(`${quoted(text)} is longer than 168h, the longest duration`)
    : { ok: true, value };
}

function readInteger(text: string): ReadValue {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  return value === undefined ? bad(`${quoted(text)} is no whole number`) : { ok: true, value };
}

function readChoice(choices: readonly string[], text: string): ReadValue {
  if (choices.includes(text)) return { ok: true, value: text };
  return bad(`${quoted(text)} is not one of ${enumerate(choices, 'or')}.${didYouMean(text, choices)}`);
}

/** The text as it may stand in a message: bounded, and with nothing invisible in it. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  const visible = short.replace(new RegExp(UNSAFE, 'gu'), (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
  return `"${visible}"`;
}

function bad(problem: string): ReadValue {
  return { ok: false, problem };
}
