import { describe, expect, it } from '@jest/globals';
import { imageProblems, imagesToShow, repositoriesOf } from '../../src/engines/live-images.ts';

const WANTED = ['ghcr.io/acme/shop:2', 'ghcr.io/acme/cart:2', 'nginx:1.27'];
const set = (...images: readonly string[]) => new Set(repositoriesOf(images));

describe('imagesToShow', () => {
  it('asks of a target for the images that it runs, in whatever version, and not for those of another', () => {
    expect(imagesToShow(WANTED, set('ghcr.io/acme/shop:1'), set('ghcr.io/acme/cart:1', 'nginx'))).toEqual([
      'ghcr.io/acme/shop:2',
    ]);
    expect(imagesToShow(WANTED, set('docker.io/library/nginx:1.26'), set('ghcr.io/acme/shop:2'))).toEqual([
      'ghcr.io/acme/cart:2',
      'nginx:1.27',
    ]);
  });

  it('asks for what both run in both', () => {
    expect(imagesToShow(['nginx:1.27'], set('nginx:1.26'), set('nginx:1.27'))).toEqual(['nginx:1.27']);
  });

  it('asks every target for an image that none has shown, so that a wrong name never counts as live', () => {
    expect(imagesToShow(WANTED, set(), set())).toEqual(WANTED);
    expect(imagesToShow(['ghcr.io/acme/spoh:2'], set('ghcr.io/acme/shop:1'), set('ghcr.io/acme/cart:1'))).toEqual([
      'ghcr.io/acme/spoh:2',
    ]);
  });
});

describe('imageProblems', () => {
  const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

  it('a digest is exact, whatever tag stands beside it', () => {
    const wanted = [`ghcr.io/acme/shop:2@${digest('a')}`];
    expect(imageProblems(wanted, [`ghcr.io/acme/shop:1@${digest('a')}`])).toEqual([]);
    expect(imageProblems(wanted, [`ghcr.io/acme/shop@${digest('a')}`])).toEqual([]);
    expect(imageProblems(wanted, [`ghcr.io/acme/shop:2@${digest('b')}`])).toHaveLength(2);
    expect(imageProblems(wanted, ['ghcr.io/acme/shop:2'])).toHaveLength(2);
  });

  it('no tag is latest', () => {
    expect(imageProblems(['nginx'], ['docker.io/library/nginx:latest'])).toEqual([]);
    expect(imageProblems(['nginx:latest'], ['nginx'])).toEqual([]);
    expect(imageProblems(['nginx'], ['nginx:1.27'])).toHaveLength(2);
  });

  it('what is no image is nothing', () => {
    expect(imageProblems(['nginx:2'], ['nginx:2', 'NOT AN IMAGE'])).toEqual([]);
    expect(repositoriesOf(['NOT AN IMAGE', 'nginx'])).toEqual(repositoriesOf(['nginx']));
  });
});
