import { describe, expect, it } from '@jest/globals';
import { readPromotion } from '../../src/editing/promotion.ts';
import { parseImageRef } from '../../src/image/image-ref.ts';
import { sourceFiles } from '../support/manifests.ts';

function promote(files: Readonly<Record<string, string>>, images: readonly string[] = []) {
  const sources = sourceFiles(files);
  const side = (name: string) => (path: string) => path.startsWith(name);
  const named = images.map(parseImageRef).flatMap((ref) => ('problem' in ref ? [] : [ref]));
  return readPromotion(
    { files: sources, paths: Object.keys(files) },
    { from: side('staging/'), to: side('production/'), images: named },
  );
}

const texts = (images: readonly { readonly text: string }[]) => images.map(({ text }) => text);

describe('a promotion', () => {
  it('takes what both sides use, by repository, whatever format and spelling either has', () => {
    const { images, onlyInSource, problems } = promote({
      'staging/kustomization.yaml': 'images:\n- {name: web, newName: docker.io/acme/web, newTag: "2"}\n',
      'staging/values.yaml':
        'image: {repository: acme/api, tag: "1.10"}\nother: {image: acme/only}\ntoolImage: acme/tool:1\n',
      'production/app.json': '{"image": "acme/web:1", "apiImage": "index.docker.io/acme/api:1.9"}',
      'elsewhere/a.yaml': 'image: acme/web:9\n',
    });
    expect(texts(images)).toEqual(['docker.io/acme/web:2', 'acme/api:1.10']);
    expect(texts(onlyInSource)).toEqual(['acme/tool:1']);
    expect(problems).toEqual([]);
  });

  it('passes over images without a version, and those that take it from a variable', () => {
    const { images } = promote({
      'staging/deployment.yaml': 'image: acme/api\n',
      'staging/values.yaml': 'image: {repository: acme/api, tag: "${TAG}"}\n---\nimage: acme/api:3\n',
      'production/values.yaml': 'image: acme/api\n',
    });
    expect(texts(images)).toEqual(['acme/api:3']);
  });

  it('names every source that differs, unless the target does not use the image or it was not asked for', () => {
    const files = {
      'staging/a.yaml': 'image: acme/api:1\n',
      'staging/b.yaml': '\nimage: acme/api:2\n---\nimage: acme/web:1\n---\nimage: acme/web:2\n---\nimage: acme/db:1\n',
      'production/a.yaml': 'image: acme/api:0\n---\nimage: acme/db:0\n',
    };
    expect(promote(files).problems).toEqual([
      expect.objectContaining({
        path: 'staging/a.yaml',
        line: 1,
        code: 'ambiguous',
        reason: 'image: acme/api:1 is to be promoted, and so is acme/api:2 in staging/b.yaml:2',
      }),
    ]);
    const only = promote(files, ['acme/db', 'acme/gone']);
    expect([only.problems, texts(only.images), only.notInSource]).toEqual([
      [],
      ['acme/db:1'],
      [{ repository: 'acme/gone' }],
    ]);
  });

  it('tells the files that it could not read', () => {
    const { skipped } = promote({ 'staging/a.yaml': 'a: [\n', 'production/a.yaml': 'image: acme/api:0\n' });
    expect(skipped).toEqual([expect.objectContaining({ path: 'staging/a.yaml' })]);
  });
});
