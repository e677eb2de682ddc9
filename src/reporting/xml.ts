/** Text as the content of an element or of a double-quoted attribute, without what no XML 1.0 document may hold. */
export function xmlText(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`);
}

/** The complement of `Char` (https://www.w3.org/TR/xml/#NT-Char): control characters, lone surrogates, two non-characters. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** `<name a="1">`, or with `close` the whole empty element. Attributes without a value are left out. */
export function xmlTag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  close: '' | '/' = '',
): string {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${xmlText(String(value))}"`);
  return `<${name}${pairs.join('')}${close}>`;
}

/** An element on one line, its text escaped. */
export function xmlElement(name: string, attributes: Parameters<typeof xmlTag>[1], text: string): string {
  if (text === '') return xmlTag(name, attributes, '/');
  return `${xmlTag(name, attributes)}${xmlText(text).replaceAll('&#10;', '\n')}</${name}>`;
}
