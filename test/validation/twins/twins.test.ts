import { describe, expect, it } from '@jest/globals';
import { splitDocuments } from '../../../src/manifests/documents.ts';
import { createYamlReader } from '../../../src/manifests/read-yaml.ts';
import { createTwins, type Twins, twinValue } from '../../../src/validation/twins/twins.ts';

const service = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: 80\n`;
const account = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n`;

/** One that has met Services and ServiceAccounts before. */
function experienced(): Twins {
  const twins = createTwins();
  for (let count = 0; count < 10; count++) {
    for (const text of [service(`web-${count}`), account(`web-${count}`)]) {
      twins.find({ text, start: 0, line: 1 }, 'cluster');
    }
  }
  return twins;
}

describe('a document that was never met before', () => {
  it('has to be read, until there were some like it', () => {
    const twins = createTwins();
    const found = Array.from({ length: 12 }, (_, count) =>
      twins.find({ text: service(`web-${count}`), start: 0, line: 1 }, 'cluster'),
    );
    expect(found.map((twin) => twin !== undefined)).toEqual([...Array(8).fill(false), ...Array(4).fill(true)]);
    const last = found.at(-1)?.twin;
    expect(last && twinValue(last)).toMatchObject({ kind: 'Service', metadata: { name: 'web-11' } });
  });

  it('is no twin of what kustomize reads, which takes some words for others', () => {
    const piece = { text: service('web'), start: 0, line: 1 };
    expect(experienced().find(piece, 'cluster')).toBeDefined();
    expect(experienced().find(piece, 'kustomize')).toBeUndefined();
  });

  it('is no longer looked at where hardly any has a twin', () => {
    const twins = createTwins();
    for (let count = 0; count < 500; count++) {
      twins.find({ text: `apiVersion: v1\nkind: X\nspec:\n  field-${count}: a\n`, start: 0, line: 1 }, 'cluster');
    }
    const later = Array.from({ length: 20 }, () => twins.find({ text: service('a'), start: 0, line: 1 }, 'cluster'));
    expect(later.every((twin) => twin === undefined)).toBe(true);
  });

  it('is not looked at where it is large', () => {
    const twins = createTwins();
    const text = `${service('web')}${'# nothing\n'.repeat(1_000)}`;
    const found = Array.from({ length: 20 }, () => twins.find({ text, start: 0, line: 1 }, 'cluster'));
    expect(found.every((twin) => twin === undefined)).toBe(true);
  });
});

describe('a file', () => {
  const findAll = (text: string) => {
    const twins = experienced();
    twins.find({ text: service('first'), start: 0, line: 1 }, 'cluster');
    twins.find({ text: account('first'), start: 0, line: 1 }, 'cluster');
    return twins.findAll(text, 'cluster');
  };

  it.each([
    ['one document', service('a')],
    ['two documents', `${service('a')}---\n${account('b')}`],
    [
      'markers and comments at the top of each',
      `---\n# a\n\n${service('a')}---\n# b\n${account('b')}---\n\n${service('c')}`,
    ],
    ['documents of one kind', `${service('a')}---\n${service('bb')}---\n${service('ccc')}`],
  ])('of %s is cut and read as it would be without twins', (_, text) => {
    const reader = createYamlReader(64);
    const pieces = splitDocuments(text).map((piece) => ({ ...piece, value: reader.read(piece.text, 'cluster') }));
    const found = findAll(text)?.map(({ twin, ...piece }) => ({ ...piece, value: twinValue(twin) }));
    expect(found).toEqual(
      pieces.map(({ value, ...piece }) => ({ ...piece, value: value.ok ? value.value : undefined })),
    );
  });

  it('tells the line that the content of each document begins on', () => {
    const found = findAll(`---\n# a\n\n${service('a')}---\n# b\n${account('b')}`);
    expect(found?.map(({ line, twin }) => [line, twin.firstLine])).toEqual([
      [1, 4],
      [11, 13],
    ]);
  });

  it.each([
    ['a document of another kind', `${service('a')}---\napiVersion: v1\nkind: Pod\n`],
    ['a document without anything', `${service('a')}---\n`],
    ['more behind it', `${service('a')}  clusterIP: None\n`],
    ['nothing', ''],
    ['a directive', `%YAML 1.2\n---\n${service('a')}`],
  ])('with %s has to be cut', (_, text) => {
    expect(findAll(text)).toBeUndefined();
  });
});
