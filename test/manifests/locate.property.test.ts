import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBlockYamlReader } from '../../src/manifests/block-yaml.ts';
import { createLibraryLocator } from '../../src/manifests/library-locate.ts';
import { createLocator, type Path } from '../../src/manifests/locate.ts';
import { yamlText } from '../support/yaml-texts.ts';

const read = createBlockYamlReader(64);

/** All paths of a value, and for each map one that leads nowhere. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, child]) =>
    pathsIn(child, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return [path, ...inner, [...path, 'nowhere']];
}

describe('createLocator', () => {
  it('finds the places that the library finds', () => {
    let asked = 0;
    fc.assert(
      fc.property(yamlText, fc.constantFrom('cluster' as const, 'kustomize' as const), (text, mode) => {
        const own = createLocator(text, mode);
        const library = createLibraryLocator(text, mode);
        for (const path of pathsIn(read(text, mode)?.value)) {
          expect([path, own.key(path), own.value(path)]).toEqual([path, library.key(path), library.value(path)]);
          asked++;
        }
        expect(own.ambiguousScalars()).toEqual(library.ambiguousScalars());
        expect(own.repeatedKeys()).toEqual(library.repeatedKeys());
        expect(own.complexKeys()).toEqual(library.complexKeys());
      }),
      { numRuns: 300 },
    );
    expect(asked).toBeGreaterThan(3_000);
  });
});
