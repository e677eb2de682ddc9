import { createRequire } from 'node:module';
import { lazily } from './lazily.ts';

declare const DRAWBRIDGE_BUNDLED: boolean | undefined;

/**
 * The two libraries that only some documents need: to load them takes longer than to check a few files. Whether one is
 * needed turns out in the middle of a check, too late to wait for an import; in the bundle, `require` of a package by its
 * name is a call of the function that the package was wrapped in.
 */
const isBundled = typeof DRAWBRIDGE_BUNDLED !== 'undefined';
const source = lazily(() => createRequire(import.meta.url));

export const jsYaml = lazily((): typeof import('js-yaml') => (isBundled ? require('js-yaml') : source()('js-yaml')));

export const yaml = lazily((): typeof import('yaml') => (isBundled ? require('yaml') : source()('yaml')));
