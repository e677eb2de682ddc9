import { describe, expect, it } from '@jest/globals';
import { dryRun, readAccess } from '../support/api-server.ts';
import { bundledSchemas, checkFiles } from '../support/manifests.ts';
import { type Json, soundBases } from '../support/oracle.ts';

const kubeconfig = process.env.LAB_KUBECONFIG;
const schemas = bundledSchemas('1.34');

type Change = (parent: Record<string, Json>, name: string) => void;

const put =
  (make: (value: Json) => Json): Change =>
  (parent, name) => {
    parent[name] = make(parent[name] ?? null);
  };
const drop: Change = (parent, name) => {
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
};

/** What is done to a value of each type. */
function changesOf(value: Json): readonly Change[] {
  if (typeof value === 'string') {
    const texts = ['', 'a b', 'Xy', 'x'.repeat(300), 'a/b', '-a', `${value}x`];
    return [drop, put(() => 7), put(() => null), ...texts.map((text) => put(() => text))];
  }
  if (typeof value === 'number')
    return [drop, put(() => 'seven'), ...[0, -1, 1.5, 100_000, 2 ** 31].map((number) => put(() => number))];
  if (typeof value === 'boolean') return [drop, put(() => !value), put(() => 'true')];
  if (Array.isArray(value)) return [drop, put(() => []), put(() => ({})), put(() => [...value, value[0] ?? null])];
  return [drop, put(() => ({})), put(() => 'x'), put((map) => ({ ...(map as object), bogus: 1 }))];
}

function* placesIn(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [...path, key];
    yield* placesIn(inner, [...path, key]);
  }
}

function at(value: Json, path: readonly string[]): Json {
  return path.reduce<Json>((inner, part) => (inner as Record<string, Json>)[part] ?? null, value);
}

/** Every object with one change in one place; not of what it is, or of all its metadata. */
function mutants(): readonly Json[] {
  return soundBases().flatMap((base) =>
    [...placesIn(base)]
      .filter(
        ([first, ...rest]) => first !== 'apiVersion' && first !== 'kind' && (first !== 'metadata' || rest.length > 0),
      )
      .flatMap((path) =>
        changesOf(at(base, path)).map((change) => {
          const copy = structuredClone(base);
          change(at(copy, path.slice(0, -1)) as Record<string, Json>, path.at(-1) ?? '');
          return copy;
        }),
      ),
  );
}

describe('a real API server and thousands of changed objects', () => {
  (kubeconfig === undefined ? it.skip : it)(
    'agree with us in at least 98 of 100 that it refuses, 98 of 100 that it takes (skipped where LAB_KUBECONFIG names no server)',
    async () => {
      const access = readAccess(kubeconfig ?? '');
      const counts = { refused: 0, found: 0, taken: 0, alarms: 0 };
      const left = [...mutants()];
      const work = async () => {
        for (let one = left.pop(); one !== undefined; one = left.pop()) {
          const { apiVersion, kind } = one as { apiVersion: string; kind: string };
          const json = JSON.stringify(one);
          const { refused } = await dryRun(access, { resource: { apiVersion, kind } }, json, schemas);
          const { findings } = checkFiles({ 'x.yaml': json }, {}, schemas);
          const isError = findings.some(({ severity }) => severity === 'error');
          counts[refused ? 'refused' : 'taken']++;
          if (isError) counts[refused ? 'found' : 'alarms']++;
        }
      };
      await Promise.all(Array.from({ length: 8 }, work));
      expect(counts.refused + counts.taken).toBeGreaterThan(6000);
      expect(counts.found / counts.refused).toBeGreaterThanOrEqual(0.98);
      expect(counts.alarms / counts.taken).toBeLessThanOrEqual(0.02);
    },
    300_000,
  );
});
