import { createRequire } from 'node:module';
import { lazily } from './lazily.ts';

declare const DRAWBRIDGE_BUNDLED: boolean | undefined;

/**
 * Libraries that only some runs need: to load them takes longer than to check a few files. Whether one is needed turns out
 * in the midst of something, too late to wait for an import. In the bundle each is a file of its own
 * (`scripts/build/chunks.ts`), which `require` of the package by its name stands for.
 */
const isBundled = typeof DRAWBRIDGE_BUNDLED !== 'undefined';
const source = lazily(() => createRequire(import.meta.url));

export const jsYaml = lazily((): typeof import('js-yaml') => (isBundled ? require('js-yaml') : source()('js-yaml')));

export const picomatch = lazily((): typeof import('picomatch') =>
  isBundled ? require('picomatch') : source()('picomatch'),
);

export const yaml = lazily((): typeof import('yaml') => (isBundled ? require('yaml') : source()('yaml')));
