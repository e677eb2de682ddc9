import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createYamlReader } from '../../../src/manifests/read-yaml.ts';
import { check } from '../../../src/validation/check.ts';
import type { Finding } from '../../../src/validation/finding.ts';
import { RULES, SET_RULES } from '../../../src/validation/rules/registry.ts';
import { createModel, type Model } from '../../../src/validation/twins/model.ts';
import { bundledSchemas, sourceFiles } from '../../support/manifests.ts';

const PAGES = resolve(import.meta.dirname, '../../../docs/rules');
const SCHEMAS = bundledSchemas('1.34');
const OPTIONS = {
  missingSchema: 'warn',
  strict: true,
  disableRules: [...SET_RULES.map(({ id }) => id), 'policy'],
  enableRules: RULES.filter(({ optIn }) => optIn).map(({ id }) => id),
} as const;

/** The documents of all examples in the pages of the rules, right and wrong ones, that can have twins. */
function models(): readonly Model[] {
  const reader = createYamlReader(64);
  return readdirSync(PAGES).flatMap((name) => {
    const fences = readFileSync(resolve(PAGES, name), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms);
    return [...fences].flatMap(([, text = '']) =>
      text.split(/^(?:---|# file: .*)\n/m).flatMap((document) => {
        const isObject = reader.read(document, 'cluster').ok && /^kind: /m.test(document);
        return (isObject ? createModel(document, 'cluster') : undefined) ?? [];
      }),
    );
  });
}

/** Words that some rule or some type has something against. */
const WORDS = [
  'web',
  'Web_1',
  'x'.repeat(64),
  '0',
  '70000',
  'true',
  '1Gi',
  '5m',
  'http',
  'a.b',
  'a/b',
  'latest',
  'default',
];

const WORDS_OF_SLOT = 2;

/** The model with other words in its slots. */
function textWith({ start, slots }: Model, words: readonly string[]): string {
  return start + words.map((word, index) => word + slots[index]?.after).join('');
}

/** Copies of the model, so that it is well known. */
function copiesOf(model: Model): Files {
  const text = textWith(
    model,
    model.slots.map((slot) => slot.text),
  );
  return Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`copies/${index}.yaml`, text]));
}

/** The model with another word in one of its slots. */
function othersOf(model: Model): Files {
  const own = model.slots.map((slot) => slot.text);
  const texts = own.flatMap((_, slot) =>
    Array.from({ length: WORDS_OF_SLOT }, (__, turn) =>
      textWith(model, own.with(slot, WORDS[(slot * WORDS_OF_SLOT + turn) % WORDS.length] ?? '')),
    ),
  );
  return Object.fromEntries(texts.map((text, index) => [`others/${String(index).padStart(4, '0')}.yaml`, text]));
}

type Files = Readonly<Record<string, string>>;

function findingsIn(files: Files): readonly Finding[] {
  return check(sourceFiles(files), SCHEMAS, OPTIONS).findings;
}

describe('twins', () => {
  it('are found fault with as they are one by one', () => {
    let [twins, found] = [0, 0];
    for (const model of models()) {
      const others = othersOf(model);
      const alone = Object.entries(others).flatMap(([path, text]) => findingsIn({ [path]: text }));
      const together = findingsIn({ ...copiesOf(model), ...others });
      expect(together.filter(({ path }) => path.startsWith('others/'))).toEqual(alone);
      twins += Object.keys(others).length;
      found += alone.length;
    }
    expect(twins).toBeGreaterThan(3_000);
    expect(found).toBeGreaterThan(3_000);
  });

  it.each([0, 6, 7, 8, 12, 20])(
    'are found fault with where the one at %i, like whom the others are, is wrong',
    (wrong) => {
      const account = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n`;
      const names = Array.from({ length: 40 }, (_, index) =>
        index === wrong || index > 36 ? 'Not_A_Name' : `web-${index}`,
      );
      const files = Object.fromEntries(
        names.map((name, index) => [`${String(index).padStart(2, '0')}.yaml`, account(name)]),
      );
      expect(findingsIn(files).map(({ path, ruleId }) => `${path} ${ruleId}`)).toEqual(
        [wrong, 37, 38, 39].map((index) => `${String(index).padStart(2, '0')}.yaml object/name`),
      );
    },
  );
});
