import { describe, expect, it } from '@jest/globals';
import { type Inversion, invert } from '../../src/editing/invert.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';

function file(text: string, path = 'a.yaml', mode: SourceFile['mode'] = '100644'): SourceFile {
  return { path, mode, bytes: new TextEncoder().encode(text) };
}

function undo(parent: string, commit: string, head: string, images: readonly string[] = ['api:2']): Inversion {
  const trailers = images.map((value) => ({ name: 'Image', value }));
  return invert({ parent: [file(parent)], commit: [file(commit)], head: [file(head)], trailers });
}

function textOf(inversion: Inversion): string {
  if (inversion.kind !== 'change') throw new Error(JSON.stringify(inversion));
  return new TextDecoder().decode(inversion.files[0]?.bytes);
}

const PARENT = `containers:
  - name: one
    image: api:1 # note
`;
const COMMIT = PARENT.replace('api:1', 'api:2');

describe('invert', () => {
  it('brings the old characters back, quotes and odd numbers included', () => {
    const parent = 'image:\n  repository: api\n  tag: 1.10\n';
    const commit = 'image:\n  repository: api\n  tag: "2"\n';
    expect(textOf(undo(parent, commit, commit))).toBe(parent);
  });

  it('finds the scalar where others have added, removed and reordered', () => {
    const head = `# new head
containers:
  - name: zero
    image: other:9
  - image: api:2 # other note
    name: one
`;
    const inversion = undo(PARENT, COMMIT, head);
    expect(textOf(inversion)).toBe(head.replace('api:2', 'api:1'));
    expect(inversion).toMatchObject({
      edits: [
        {
          path: 'a.yaml',
          line: 5,
          before: 'api:2',
          after: 'api:1',
          image: 'api',
          imageBefore: 'api:2',
          imageAfter: 'api:1',
        },
      ],
    });
  });

  it('keeps the quotes that the head has', () => {
    expect(textOf(undo(PARENT, COMMIT, COMMIT.replace('api:2', "'api:2'")))).toBe(PARENT.replace('api:1', "'api:1'"));
  });

  it('takes out a key that the bump had added, and empties what it had filled', () => {
    const parent =
      'a: {image: {repository: api}}\nb:\n  image:\n    repository: api # c\n    other: 1\nc:\n  image:\n    repository: api\n    tag:\n';
    const commit =
      'a: {image: {repository: api, tag: "2"}}\nb:\n  image:\n    repository: api # c\n    tag: "2"\n    other: 1\nc:\n  image:\n    repository: api\n    tag: "2"\n';
    const head = `${commit}# later\n`;
    expect(textOf(undo(parent, commit, head))).toBe(`${parent}# later\n`);
  });

  it('finds the right document of several', () => {
    const pod = (name: string, tag: number) =>
      `kind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: "api:${tag}"}]}\n`;
    const head = `${pod('new', 2)}---\n${pod('b', 2)}---\n${pod('a', 2)}`;
    expect(textOf(undo(`${pod('a', 1)}---\n${pod('b', 2)}`, `${pod('a', 2)}---\n${pod('b', 2)}`, head))).toBe(
      `${pod('new', 2)}---\n${pod('b', 2)}---\n${pod('a', 1)}`,
    );
  });

  it('has nothing to do when the old value is back already', () => {
    expect(undo(PARENT, COMMIT, PARENT)).toEqual({ kind: 'nothing' });
  });

  it.each([
    ['a newer value', COMMIT.replace('api:2', 'api:3'), { line: 3, found: 'api:3' }],
    ['the container is gone', 'containers: []\n', {}],
    ['the scalar became a map', 'containers: [{name: one, image: {a: b}}]\n', {}],
    ['two containers of the name', `${COMMIT}  - name: one\n    image: x\n`, {}],
    ['the file does not parse', 'containers: [\n', {}],
  ])('is a conflict: %s', (_title, head, found) => {
    expect(undo(PARENT, COMMIT, head)).toEqual({
      kind: 'conflict',
      places: [{ path: 'a.yaml', place: 'containers[name=one].image', expected: 'api:2', ...found }],
    });
  });

  it('is a conflict when another image reads the anchored value by now', () => {
    const parent = 'a: {image: {repository: api, tag: &v "1"}}\n';
    const commit = parent.replace('1', '2');
    expect(undo(parent, commit, `${commit}b: {image: {repository: web, tag: *v}}\n`)).toMatchObject({
      kind: 'conflict',
      places: [{ found: '2, which b.image reads too' }],
    });
  });

  it('is a conflict when the file is gone or a link', () => {
    const trailers = [{ name: 'Image', value: 'api:2' }];
    const both = { parent: [file(PARENT)], commit: [file(COMMIT)], trailers };
    expect(invert({ ...both, head: [] }).kind).toBe('conflict');
    expect(invert({ ...both, head: [file('elsewhere.yaml', 'a.yaml', '120000')] }).kind).toBe('conflict');
  });

  it.each<[string, string, string, readonly string[]]>([
    ['has no Image trailer', PARENT, COMMIT, []],
    ['changes nothing', PARENT, PARENT, ['api:2']],
    ['which is no image that its trailers name', PARENT, COMMIT, ['api:3']],
    ['which is no image that its trailers name', PARENT, COMMIT, ['other:2']],
    ['which is no image that its trailers name', `${PARENT}replicas: 1\n`, `${COMMIT}replicas: 2\n`, ['api:2']],
    ['in more than a value', PARENT, `${COMMIT}  - name: two\n    image: api:2\n`, ['api:2']],
    ['which is no image that its trailers name', PARENT, `${COMMIT}extra: 1\n`, ['api:2']],
    ['in more than a value', `${PARENT}extra: 1\n`, COMMIT, ['api:2']],
    ['changes more of a.yaml than values', PARENT, COMMIT.replace('# note', '# another note'), ['api:2']],
    ['changes more of a.yaml than values', PARENT, `${COMMIT}\n`, ['api:2']],
    ['cannot be read as YAML', PARENT, `${COMMIT}: [`, ['api:2']],
  ])('is not a bump: %s', (reason, parent, commit, images) => {
    expect(undo(parent, commit, commit, images)).toEqual({
      kind: 'not-a-bump',
      reason: expect.stringContaining(reason),
    });
  });

  it('is not a bump when files come, go or change their mode', () => {
    const trailers = [{ name: 'Image', value: 'api:2' }];
    const both = { parent: [file(PARENT)], commit: [file(COMMIT)], head: [file(COMMIT)], trailers };
    expect(invert({ ...both, commit: [...both.commit, file('x', 'new.txt')] })).toMatchObject({
      reason: 'it adds new.txt',
    });
    expect(invert({ ...both, parent: [...both.parent, file('x', 'old.txt')] })).toMatchObject({
      reason: 'it deletes old.txt',
    });
    expect(invert({ ...both, commit: [file(COMMIT, 'a.yaml', '100755')] })).toMatchObject({
      reason: 'it changes the mode of a.yaml',
    });
    expect(
      invert({ ...both, parent: [...both.parent, file('x', 'r.md')], commit: [...both.commit, file('y', 'r.md')] })
        .kind,
    ).toBe('not-a-bump');
  });

  it('finds a value inside of a text, although the text has moved and grown', () => {
    const app = (name: string, values: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec: {source: {helm: {values: "${values}"}}}\n`;
    const [old, next] = ['image: api:1', 'image: api:2'];
    const head = `${app('new', next)}---\n${app('a', `# later\\n${next}\\nother: 1`)}`;
    expect(textOf(undo(app('a', old), app('a', next), head))).toBe(
      `${app('new', next)}---\n${app('a', `# later\\n${old}\\nother: 1`)}`,
    );
    expect(undo(app('a', old), app('a', next), app('a', 'image: api:3'))).toMatchObject({
      kind: 'conflict',
      places: [{ found: 'api:3', line: 4 }],
    });
    expect(undo(app('a', old), app('a', next), app('a', 'image: [')).kind).toBe('conflict');
  });

  it('does not take a text for bumped in which anything else has changed', () => {
    const app = (values: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    helm:\n      values: |\n${values}`;
    const old = app('        image: api:1\n        x: 1\n');
    const isBump = (next: string) => undo(old, app(next), app(next)).kind === 'change';
    expect(isBump('        image: api:2\n        x: 1\n')).toBe(true);
    expect(isBump('        image: api:2\n        x: 2\n')).toBe(false);
    expect(isBump('        image: api:2 # c\n        x: 1\n')).toBe(false);
    expect(isBump('          image: api:2\n          x: 1\n')).toBe(false);
  });

  const LIST = 'resources: [a.yaml]\nimages:\n- name: web\n  newTag: "1"\n';
  const ENTRY = '- name: api\n  newTag: "2"\n';

  it('takes out an entry that a bump has added, wherever it stands by now', () => {
    const at = (path: string, text: string) => [file(text, path)];
    const trailers = [{ name: 'Image', value: 'api:2' }];
    const request = (head: string) => ({
      parent: at('kustomization.yaml', LIST),
      commit: at('kustomization.yaml', `${LIST}${ENTRY}`),
      head: at('kustomization.yaml', head),
      trailers,
    });
    const later = `${LIST}${ENTRY}- name: late\n  newTag: "1"\n`;
    expect(textOf(invert(request(later)))).toBe(later.replace(ENTRY, ''));
    expect(invert(request(LIST))).toEqual({ kind: 'nothing' });
    expect(invert(request(`${LIST}${ENTRY.replace('2', '3')}`)).kind).toBe('conflict');
    expect(invert(request(`${LIST}${ENTRY}${ENTRY}`)).kind).toBe('conflict');
    const claimed = (value: string) => invert({ ...request(LIST), trailers: [{ name: 'Image', value }] }).kind;
    expect([claimed('api:2'), claimed('api:3'), claimed('web:1')]).toEqual(['nothing', 'not-a-bump', 'not-a-bump']);
    const two = { ...request(LIST), commit: at('kustomization.yaml', `${LIST}${ENTRY}- name: other\n  newTag: "2"\n`) };
    expect(invert(two).kind).toBe('not-a-bump');
    const other = { ...request(LIST), commit: at('kustomization.yaml', `${LIST}${ENTRY}  extra: 1\n`) };
    expect(invert(other)).toMatchObject({
      kind: 'not-a-bump',
      reason: expect.stringContaining('in more than a value'),
    });
  });

  it('takes a value back that a Set trailer names, and no other', () => {
    const trailers = [{ name: 'Set', value: 'a.yaml#spec.list[name=x].replicas=3' }];
    const [old, next] = ['1', '3'].map(
      (value) => `spec: {list: [{name: x, replicas: ${value}}, {name: y, replicas: ${value}}]}\n`,
    );
    const half = (old ?? '').replace('1', '"3"');
    expect(textOf(invert({ parent: [file(old ?? '')], commit: [file(half)], head: [file(half)], trailers }))).toBe(old);
    const both = invert({ parent: [file(old ?? '')], commit: [file(next ?? '')], head: [file(next ?? '')], trailers });
    expect(both.kind).toBe('not-a-bump');
    const elsewhere = [{ name: 'Set', value: 'b.yaml#spec.list[name=x].replicas=3' }];
    expect(
      invert({ parent: [file(old ?? '')], commit: [file(half)], head: [file(half)], trailers: elsewhere }).kind,
    ).toBe('not-a-bump');
  });
});
