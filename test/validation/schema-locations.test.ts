import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import type { Host, HttpRequest, HttpResponse } from '../../src/host.ts';
import { readJsonSchema } from '../../src/validation/schema-json.ts';
import { occurringKinds } from '../../src/validation/schema-kinds.ts';
import { parseLocations, renderTemplate } from '../../src/validation/schema-location.ts';
import { withMoreSchemas } from '../../src/validation/schema-prepare.ts';
import type { Schemas } from '../../src/validation/schemas.ts';
import { bundledSchemas, checkFiles, sourceFiles } from '../support/manifests.ts';
import { createRealHost, type RealHost } from '../support/real-host.ts';

const SHOP = 'apiVersion: shops.example.com/v1\nkind: Shop\nmetadata:\n  name: a\nspec:\n  sice: 1\n';
const SCHEMA = JSON.stringify({
  type: 'object',
  properties: {
    metadata: { type: 'object' },
    spec: { type: 'object', properties: { size: { type: ['integer', 'null'] } }, additionalProperties: false },
  },
});
const CATALOG = 'https://schemas.example.com/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json';
const SHOP_URL = 'https://schemas.example.com/shops.example.com/shop_v1.json';

type Answer = Partial<HttpResponse> | Error;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawbridge-schemas-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The real machine with a cache of its own, and a network that answers from a table and writes down what it was asked. */
function hostWith(answers: Readonly<Record<string, Answer>>, now = 1_000_000): { host: RealHost; asked: string[] } {
  const base = createRealHost({ env: { XDG_CACHE_HOME: join(folder, 'cache') }, workingDirectory: folder });
  const asked: string[] = [];
  const send = async ({ url }: HttpRequest): Promise<HttpResponse> => {
    asked.push(url);
    const answer = answers[url] ?? { status: 404 };
    if (answer instanceof Error) throw answer;
    return { status: 200, headers: {}, body: new Uint8Array(), ...answer };
  };
  const http: Host['http'] = { send, open: () => Promise.reject(new Error('nothing is streamed here')) };
  return { host: { ...base, http, clock: { ...base.clock, now: () => now } }, asked };
}

function body(text: string): Partial<HttpResponse> {
  return { body: new TextEncoder().encode(text) };
}

function prepare(
  host: Host,
  locations: readonly string[],
  files: Readonly<Record<string, string>> = { 'a.yaml': SHOP },
): Promise<Schemas> {
  return withMoreSchemas(host, bundledSchemas('1.34'), { crds: [], locations, files: sourceFiles(files) });
}

function messages(schemas: Schemas): readonly string[] {
  return checkFiles({ 'a.yaml': SHOP }, {}, schemas).findings.map(({ ruleId }) => ruleId);
}

describe('schema-locations', () => {
  it('asks a URL for the kinds that occur and are not known, and checks against the answer', async () => {
    const { host, asked } = hostWith({ [SHOP_URL]: body(SCHEMA) });
    const files = {
      'a.yaml': SHOP,
      'b.yaml': 'apiVersion: apps/v1\nkind: Deployment\n---\napiVersion: v1\nkind: Pod\n',
      'c.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    };
    const schemas = await prepare(host, ['default', CATALOG], files);
    expect(asked).toEqual([SHOP_URL]);
    expect(messages(schemas)).toEqual(['schema/unknown-field']);
    expect(messages(bundledSchemas('1.34'))).toEqual(['api/unknown-kind']);
  });

  it('asks nothing when no location is given, or a CRD among the files has the kind', async () => {
    const { host, asked } = hostWith({});
    await prepare(host, []);
    const names = { kind: 'Shop', plural: 'shops' };
    const crd = {
      kind: 'CustomResourceDefinition',
      spec: { group: 'shops.example.com', names, versions: [{ name: 'v1' }] },
    };
    await prepare(host, [CATALOG], { 'a.yaml': SHOP, 'crd.json': JSON.stringify(crd) });
    expect(asked).toEqual([]);
  });

  it('keeps answers on disk, those that there is none as well, and asks again when they are old', async () => {
    const first = hostWith({ [SHOP_URL]: body(SCHEMA) });
    const files = { 'a.yaml': SHOP, 'b.yaml': SHOP.replace('kind: Shop', 'kind: Other') };
    await prepare(first.host, [CATALOG], files);
    expect(first.asked).toHaveLength(2);
    expect(readdirSync(join(folder, 'cache/drawbridge/schemas'))).toHaveLength(2);
    const second = hostWith({});
    expect(messages(await prepare(second.host, [CATALOG], files))).toEqual(['schema/unknown-field']);
    expect(second.asked).toEqual([]);
    const dayLater = hostWith({}, 1_000_000 + 25 * 3_600_000);
    await prepare(dayLater.host, [CATALOG], files);
    expect(dayLater.asked).toEqual([SHOP_URL.replace('/shop_', '/other_')]);
  });

  it.each<[string, Answer]>([
    ['429', { status: 429 }],
    ['503', { status: 503 }],
    ['no connection', new ToolError('temporary', 'The connection was refused.')],
    ['no JSON', body('<html>')],
  ])('warns of %s and goes on to the next location', async (_, answer) => {
    const { host, asked } = hostWith({ [SHOP_URL]: answer, 'https://b.example.com/shop.json': body(SCHEMA) });
    const schemas = await prepare(host, [CATALOG, 'https://b.example.com/{{.ResourceKind}}.json']);
    expect(asked).toHaveLength(2);
    expect(messages(schemas)).toEqual(['schema/unknown-field']);
    expect(host.lines.filter((line) => line.includes(SHOP_URL))).toHaveLength(1);
  });

  it('gives a location up that fails again and again', async () => {
    const kinds = Array.from({ length: 40 }, (_, index) => `apiVersion: a.example.com/v1\nkind: K${index}\n`);
    const { host, asked } = hostWith(
      Object.fromEntries(kinds.map((_, index) => [`https://s.example.com/k${index}.json`, { status: 500 }])),
    );
    await prepare(host, ['https://s.example.com/{{.ResourceKind}}.json'], { 'a.yaml': kinds.join('---\n') });
    expect(asked.length).toBeLessThan(12);
    expect(host.lines.join('\n')).toContain('is not asked again');
  });

  it('follows redirects, but not for ever', async () => {
    const moved = { status: 302, headers: { location: 'https://cdn.example.com/shop.json' } };
    const good = hostWith({ [SHOP_URL]: moved, 'https://cdn.example.com/shop.json': body(SCHEMA) });
    expect(messages(await prepare(good.host, [CATALOG]))).toEqual(['schema/unknown-field']);
    rmSync(join(folder, 'cache'), { recursive: true, force: true });
    const round = hostWith({ [SHOP_URL]: { status: 302, headers: { location: SHOP_URL } } });
    expect(messages(await prepare(round.host, [CATALOG]))).toEqual(['api/unknown-kind']);
    expect(round.asked.length).toBeLessThan(10);
  });

  it.each(['v1.34.0-standalone-strict/shop-shops-v1.json', 'shops.example.com/shop_v1.json'])(
    'finds %s in a folder',
    async (path) => {
      const { host, asked } = hostWith({});
      mkdirSync(dirname(join(folder, 'schemas', path)), { recursive: true });
      writeFileSync(join(folder, 'schemas', path), SCHEMA);
      expect(messages(await prepare(host, ['schemas/']))).toEqual(['schema/unknown-field']);
      expect(asked).toEqual([]);
    },
  );

  it('does not use a schema that refers to something else, and says so', async () => {
    const { host, asked } = hostWith({ [SHOP_URL]: body('{"$ref": "file:///dev/zero"}') });
    expect(messages(await prepare(host, [CATALOG]))).toEqual(['api/unknown-kind']);
    expect(host.lines.join()).toContain(
      `${SHOP_URL} is not used, because $ref file:///dev/zero leads out of the file.`,
    );
    const elsewhere = 'https://b.example.com/{{.ResourceKind}}.json';
    const next = hostWith({ 'https://b.example.com/shop.json': body(SCHEMA) });
    expect(messages(await prepare(next.host, [CATALOG, elsewhere]))).toEqual(['schema/unknown-field']);
    expect([asked, next.asked]).toEqual([[SHOP_URL], ['https://b.example.com/shop.json']]);
  });

  it('refuses templates that nobody knows, all at once', () => {
    expect(() =>
      parseLocations(['https://a.example.com/{{.Name}}.json', 'x/{{ if .Group }}.json', '{{.Group']),
    ).toThrow(
      expect.objectContaining({
        code: 'input',
        problems: [expect.any(String), expect.any(String), expect.any(String)],
      }),
    );
  });

  it('takes plain http on this machine only', () => {
    expect(parseLocations(['http://127.0.0.1:8080/schemas'])).toHaveLength(1);
    expect(() => parseLocations(['http://127.0.0.1.example.com/schemas'])).toThrow(ToolError);
  });

  it('cannot be led out of the location by what an object says', () => {
    const name = { apiVersion: '../../etc/v1', kind: '..', version: '1.34' };
    expect(renderTemplate('/s/{{.Group}}/{{.ResourceKind}}.json', name, 'folder')).toBe('/s/_/_.json');
    expect(renderTemplate('https://s/{{.Group}}/{{.ResourceKind}}.json', { ...name, kind: 'a/../b?c' }, 'url')).toBe(
      'https://s/_/a%2F..%2Fb%3Fc.json',
    );
  });
});

describe('occurringKinds', () => {
  it('finds them in YAML and JSON, whatever the order and the quotes', () => {
    const files = sourceFiles({
      'a.yaml': 'kind: "One"\napiVersion: \'a.io/v1\'\n---\n- apiVersion: b.io/v1\n  kind: Two\n',
      'b.json': '{"apiVersion":"c.io/v1","kind":"Three"}',
      'c.yaml': 'x: { apiVersion: d.io/v1, kind: Four }',
    });
    const found = occurringKinds(files).map(({ apiVersion, kind }) => `${apiVersion}/${kind}`);
    expect(found).toEqual(expect.arrayContaining(['a.io/v1/One', 'b.io/v1/Two', 'c.io/v1/Three', 'd.io/v1/Four']));
  });
});

describe('readJsonSchema', () => {
  const fieldsOf = (schema: Record<string, unknown>) => {
    const read = readJsonSchema({ type: 'object', properties: { spec: schema }, ...definitions });
    if ('refused' in read) return read.refused;
    const { shape } = read;
    return typeof shape === 'object' && 'fields' in shape ? shape.fields.spec : shape;
  };
  const definitions = {
    definitions: {
      part: { type: 'string' },
      'a/b': { type: 'boolean' },
      loop: { properties: { again: { $ref: '#/definitions/loop' } } },
      ring: { $ref: '#/definitions/gnir' },
      gnir: { allOf: [{ $ref: '#/definitions/ring' }] },
      one: { type: 'object', required: ['a'] },
      two: { type: 'object', required: ['b'] },
    },
  };
  const OUT = 'leads out of the file';

  it.each<[string, Record<string, unknown>, unknown]>([
    [
      'a closed object',
      { type: 'object', properties: { a: {} }, additionalProperties: false },
      { fields: { a: 'any' } },
    ],
    ['an open one', { type: 'object', properties: { a: {} } }, { fields: { a: 'any' }, open: true }],
    ['null among the types', { type: ['string', 'null'] }, { of: 'string', nullable: true }],
    ['integer or string', { oneOf: [{ type: 'string' }, { type: 'integer' }] }, 'integer-or-string'],
    ['a reference', { $ref: '#/definitions/part' }, 'string'],
    ['a reference in allOf', { allOf: [{ $ref: '#/definitions/part' }], description: 'x' }, 'string'],
    ['a loop', { $ref: '#/definitions/loop' }, { fields: { again: 'any' }, open: true }],
    ['the whole', { type: 'array', items: { $ref: '#' } }, { items: expect.objectContaining({ open: true }) }],
    ['an escaped name', { $ref: '#/definitions/%61~1b' }, 'boolean'],
    ['another file', { $ref: '_definitions.json#/definitions/x' }, [`$ref _definitions.json#/definitions/x ${OUT}`]],
    ['a device', { items: { $ref: 'file:///dev/zero' } }, [`$ref file:///dev/zero ${OUT}`]],
    ['another server', { anyOf: [{}, { not: { $ref: 'http://a.b/c' } }] }, [`$ref http://a.b/c ${OUT}`]],
    ['an absent place', { $ref: '#/definitions/none' }, ['$ref #/definitions/none leads nowhere']],
    ['a place by name', { $ref: '#part' }, ['$ref #part leads nowhere']],
    ['itself', { $ref: '#/properties/spec' }, ['$ref #/properties/spec leads back to itself']],
    ['a circle', { $ref: '#/definitions/ring' }, ['$ref #/definitions/ring leads back to itself']],
    [
      'references in a choice',
      { type: 'object', oneOf: [{ $ref: '#/definitions/one' }, { $ref: '#/definitions/two' }] },
      {
        of: 'object',
        limits: {
          oneOf: [
            { type: 'object', required: ['a'] },
            { type: 'object', required: ['b'] },
          ],
        },
      },
    ],
    ['a map', { type: 'object', additionalProperties: { type: 'integer', format: 'int64' } }, { values: 'int64' }],
  ])('%s', (_, schema, shape) => {
    expect(fieldsOf(schema)).toEqual(shape);
  });
});
