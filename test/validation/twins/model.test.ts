import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { YamlMode } from '../../../src/manifests/plain-scalar.ts';
import { createYamlReader } from '../../../src/manifests/read-yaml.ts';
import { createStage, type Stage, withChanges } from '../../../src/validation/twins/changes.ts';
import { createModel, type Model, matchModel } from '../../../src/validation/twins/model.ts';
import { yamlText } from '../../support/yaml-texts.ts';

const reader = createYamlReader(64);

function modelOf(text: string, mode: YamlMode = 'cluster'): Model {
  const model = createModel(text, mode);
  if (model === undefined) throw new Error(`no model of ${text}`);
  return model;
}

function slotsOf(text: string, mode?: YamlMode): readonly string[] {
  return modelOf(text, mode).slots.map((slot) => slot.text);
}

/** The text of a model with other words in its slots. */
function textWith({ start, slots }: Model, words: readonly (string | undefined)[]): string {
  return start + slots.map(({ text, after }, index) => (words[index] ?? text) + after).join('');
}

const stages = new WeakMap<Model, Stage>();

/** What a text is read to as a twin: asked once more, and shown after what was shown before, it is the same. */
function twinValue(model: Model, text: string): unknown {
  const match = matchModel(model, text, 0);
  expect(matchModel(model, text, 0)).toEqual(match);
  if (match === undefined) return undefined;
  const value = withChanges(model, match.changes);
  const stage = stages.get(model) ?? createStage(model);
  stages.set(model, stage);
  expect(stage(match.changes)).toEqual(value);
  return value;
}

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web, "tier": 'front'}
spec:
  replicas: 2 # enough
  paused: false
  template:
    spec:
      containers:
        - name: web
          image: "registry.example.com/web:1.0"
          args: [--port=80, serve]
          command:
          - sh
`;

describe('a model', () => {
  it('has a slot for each scalar that could be another one', () => {
    const words = ['web', 'web', 'front', '2', 'false', 'web', 'registry.example.com/web:1.0', 'serve', 'sh'];
    expect(slotsOf(DEPLOYMENT)).toEqual(words);
  });

  it('has none for what an object is, for nothing, and for what is more than a word', () => {
    const text = 'apiVersion: v1\nkind: X\na: b\nc: ~\nd:\ne: x y\nf: "a\\nb"\ng: |-\n  i\nh: j\n  k\n';
    expect(slotsOf(text)).toEqual(['b']);
  });

  it('has the last words of the lines of a block of text', () => {
    const text = 'a: |\n  # b\n  url: http://db:80/x\n\n  c = d\n    e=f g\n  h:\nz: 1\n';
    expect(slotsOf(text)).toEqual(['http://db:80/x', 'd', '1']);
    const other = text.replace('http://db:80/x', 'none').replace('= d', '= 0777').replace('z: 1', 'z: 22');
    expect(twinValue(modelOf(text), other)).toEqual({ a: '# b\nurl: none\n\nc = 0777\n  e=f g\nh:\n', z: 22 });
  });

  it.each([
    ['an anchor', 'a: &x b\nc: *x\n'],
    ['a tag', 'a: !!str b\n'],
    ['a word that is read in two ways', 'a: yes\nb: c\n'],
    ['no scalar', 'a: []\n'],
    ['more scalars than are worth it', `a:\n${'  - b\n'.repeat(121)}`],
    ['what is no YAML', 'a: b: c\n'],
  ])('is not made of a document with %s', (_, text) => {
    expect(createModel(text, 'cluster')).toBeUndefined();
  });
});

describe('a twin', () => {
  const model = modelOf(DEPLOYMENT);

  it('may differ in every slot, and in the comments at its top', () => {
    const text = `---\n# another one\n\n${DEPLOYMENT.replaceAll('web', 'shop-2').replace('2 #', '10 #')}`;
    expect(twinValue(model, text)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop-2', labels: { app: 'shop-2', tier: 'front' } },
      spec: {
        replicas: 10,
        paused: false,
        template: {
          spec: {
            containers: [
              {
                name: 'shop-2',
                image: 'registry.example.com/shop-2:1.0',
                args: ['--port=80', 'serve'],
                command: ['sh'],
              },
            ],
          },
        },
      },
    });
  });

  it('leaves the model as it is, and shares with it what does not differ', () => {
    const before = structuredClone(model.value);
    const value = twinValue(model, DEPLOYMENT.replace('name: web\n  labels', 'name: shop\n  labels')) as {
      spec: unknown;
      metadata: { name: string };
    };
    expect(value.metadata.name).toBe('shop');
    expect(value.spec).toBe((model.value as { spec: unknown }).spec);
    expect(model.value).toEqual(before);
  });

  it.each([
    ['another kind', ['Deployment', 'StatefulSet']],
    ['a field more', ['  replicas', '  minReadySeconds: 1\n  replicas']],
    ['a field less', ['  paused: false\n', '']],
    ['a word that is read in two ways', ['name: web\n  labels', 'name: no\n  labels']],
    ['a date', ['name: web\n  labels', 'name: 2001-01-01\n  labels']],
    ['nothing in place of a word', ['name: web\n  labels', 'name: null\n  labels']],
    ['two words', ['name: web\n  labels', 'name: web two\n  labels']],
    ['an alias', ['name: web\n  labels', 'name: *web\n  labels']],
    ['a comment', ['name: web\n  labels', 'name: web # or not\n  labels']],
    ['other quotes', ['"registry.example.com/web:1.0"', "'registry.example.com/web:1.0'"]],
    ['something to replace', ['web:1.0', `web:$${'{TAG}'}`]],
    ['more behind it', ['          - sh\n', '          - sh\nx: y\n']],
    ['another document right behind it', ['          - sh\n', '          - sh\n--- # next\n']],
  ])('is not one with %s', (_, [from = '', to = '']) => {
    const text = DEPLOYMENT.replace(from, () => to);
    expect(text).not.toBe(DEPLOYMENT);
    expect(matchModel(model, text, 0)).toBeUndefined();
  });

  it('is found behind another document, and ends before the next one', () => {
    const text = `a: b\n---\n${DEPLOYMENT}---\nc: d\n`;
    expect(matchModel(model, text, 5)).toEqual({ from: 9, end: 9 + DEPLOYMENT.length, changes: [] });
  });

  it('is read as the reader has it, whatever stands in the slots', () => {
    const word = fc.oneof(
      fc.constantFrom(...WORDS),
      fc.stringMatching(/^[ -~]{0,12}$/),
      fc.string({ unit: 'grapheme' }),
    );
    const words = fc.array(fc.option(word, { nil: undefined }), { maxLength: 12 });
    const given = fc.tuple(yamlText, words, words, MODE);
    let twins = 0;
    fc.assert(
      fc.property(given, ([text, first, second, mode]) => {
        const own = createModel(text, mode);
        if (own === undefined) return;
        expect(matchModel(own, text, 0)?.changes).toEqual([]);
        for (const words of [first, second, first]) {
          const other = textWith(own, words);
          const value = twinValue(own, other);
          if (value === undefined) continue;
          twins++;
          expect(reader.read(other, mode)).toMatchObject({ ok: true, value, ambiguous: false });
        }
      }),
      { numRuns: 4_000 },
    );
    expect(twins).toBeGreaterThan(450);
  });
});

const MODE = fc.constantFrom<YamlMode>('cluster', 'kustomize');
const WORDS = [
  'a',
  '0',
  '007',
  '1e3',
  '0x1F',
  'true',
  'yes',
  'null',
  '~',
  '.inf',
  '1:30',
  'a:b',
  'a: b',
  'a #b',
  '-',
  '- a',
];
