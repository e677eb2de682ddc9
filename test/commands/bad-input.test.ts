import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { validate } from '../../src/commands/validate.ts';
import { ToolError } from '../../src/errors.ts';
import type { Host } from '../../src/host.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { createRealHost, temporaryFolder } from '../support/real-host.ts';

/** Milliseconds that any input may take, on however busy a machine. */
const LONGEST = 10_000;

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

type Content = string | Uint8Array;

function write(path: string, content: Content): void {
  mkdirSync(dirname(join(folder.path, path)), { recursive: true });
  writeFileSync(join(folder.path, path), content);
}

/** A machine on which nothing speaks to the network, and no other program runs. */
function loneHost(): Host {
  const never = (what: string) => async () => {
    throw new ToolError('io', `${what} was wanted`);
  };
  return {
    ...createRealHost({ workingDirectory: folder.path, env: { XDG_CACHE_HOME: join(folder.path, '.cache') } }),
    http: { send: never('the network'), open: never('the network') },
    processes: { run: never('another program') },
  };
}

async function run(
  paths: readonly string[] = ['.'],
  flags: Readonly<Record<string, readonly string[]>> = {},
): Promise<Outcome> {
  const inputs = parseInputs('validate', {
    flags: { 'missing-schema': ['skip'], ...flags },
    positionals: [...paths],
    env: {},
  });
  return validate(inputs, { host: loneHost() });
}

/** What comes of it, a line for each thing: `rule: message`, `skipped: reason`, or how it is refused. */
async function outcome(paths?: readonly string[], flags?: Readonly<Record<string, readonly string[]>>) {
  const started = performance.now();
  try {
    const { findings, checked = [] } = await run(paths, { 'allow-empty': ['true'], ...flags });
    const skipped = checked.flatMap((one) => ('reason' in one ? [`skipped: ${one.reason}`] : []));
    return [...findings.map(({ ruleId, message }) => `${ruleId}: ${message}`), ...skipped];
  } catch (error) {
    if (error instanceof ToolError) return [`refused ${error.code}: ${error.message}`, ...error.problems];
    throw error;
  } finally {
    expect(performance.now() - started).toBeLessThan(LONGEST);
  }
}

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
const PODS =
  'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: x}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}, replicas: ';
const times = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, n) => line(n));
const laughs = [
  'a: &a0 [x, x, x, x, x, x, x, x, x]',
  ...times(9, (n) => `b${n}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`),
].join('\n');
const utf16be = Buffer.from(`\uFEFF${HEAD}`, 'utf16le').swap16();
const utf32 = Buffer.from(
  [...`\uFEFF${HEAD}`].flatMap((character) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8, 0, 0]),
);

describe('over a cap, refused by its name', () => {
  const CASES: readonly (readonly [string, Content, string])[] = [
    ['aliases of aliases', `${HEAD}${laughs}\n`, 'more than 200,000 nodes once its aliases are written out'],
    [
      'a long text 5,000 times',
      `${HEAD}a: &a "${'x'.repeat(100_000)}"\nb: [${Array(5_000).fill('*a').join(', ')}]\n`,
      'more than 16 MiB of text once its aliases are written out',
    ],
    [
      '20,000 anchors',
      HEAD + times(20_000, (n) => `x${n}: &a${n} 1\ny${n}: *a${n}\n`).join(''),
      'more than 1000 anchors',
    ],
    [
      'an alias in its own anchor',
      `${HEAD}data: &a {self: *a}\n`,
      'An alias stands inside the very node that its anchor names',
    ],
    ['5,000 brackets', `${HEAD}a: ${'['.repeat(5_000)}`, 'deeper than 64 levels'],
    ['200,000 brackets', '['.repeat(200_000), 'deeper than 64 levels'],
    ['2,000 levels', HEAD + times(2_000, (n) => `${' '.repeat(n)}a:\n`).join(''), 'deeper than 64 levels'],
    ['65 levels', `${HEAD}a: ${'['.repeat(65)}${']'.repeat(65)}\n`, 'deeper than 64 levels'],
    ['100,000 documents', `${HEAD}---\n`.repeat(100_000).slice(0, 3 << 20), 'more than 10,000 documents'],
    [
      'a List of 100,000',
      `apiVersion: v1\nkind: List\nitems:\n${'- {apiVersion: v1, kind: Namespace}\n'.repeat(100_000)}`,
      'more than 200,000 nodes',
    ],
    [
      'a line of 10 MB',
      `${HEAD}data: {a: "${'x'.repeat(10 << 20)}"}\n`,
      `has ${(10 << 20) + HEAD.length + 14} bytes; the limit is 4194304`,
    ],
  ];

  it.each(CASES)('%s', async (_title, content, name) => {
    write('x.yaml', content);
    const found = await outcome();
    expect(found).toEqual([expect.stringMatching(/^yaml\/limit: /)]);
    expect(found[0]).toContain(name);
  });

  it('JSON of 65 levels', async () => {
    write('x.json', `{"apiVersion": "v1", "kind": "List", "items": ${'['.repeat(65)}${']'.repeat(65)}}`);
    expect(await outcome()).toEqual([expect.stringMatching(/^yaml\/limit: .*deeper than 64 levels/)]);
  });

  it('files of 50 MB and of 10 GB, by their size alone', async () => {
    for (const [name, size] of [
      ['a.yaml', 50 << 20],
      ['b.yaml', 10 * 2 ** 30],
    ] as const) {
      write(name, HEAD);
      truncateSync(join(folder.path, name), size);
    }
    const started = performance.now();
    expect(await outcome()).toEqual([
      `yaml/limit: The file has ${50 << 20} bytes; the limit is 4194304.`,
      `yaml/limit: The file has ${10 * 2 ** 30} bytes; the limit is 4194304.`,
    ]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('what cannot be read as text, or as YAML', () => {
  const CASES: readonly (readonly [string, Content, string])[] = [
    ['UTF-16, little endian', Buffer.from(`\uFEFF${HEAD}`, 'utf16le'), 'yaml/encoding'],
    ['UTF-16, big endian', utf16be, 'yaml/encoding'],
    ['UTF-16 without a mark', Buffer.from(HEAD, 'utf16le'), 'yaml/encoding'],
    ['UTF-32', utf32, 'yaml/encoding'],
    ['Latin-1', Uint8Array.from([...Buffer.from(HEAD), 0xff]), 'yaml/encoding'],
    ['a NUL', `${HEAD}data: {a: "\0"}\n`, 'yaml/encoding'],
    ['a mark before the second document', `${HEAD}---\n\uFEFF${HEAD}`, 'yaml/encoding'],
    ['a mark in the middle', `${HEAD}\uFEFFdata: {a: b}\n`, 'yaml/encoding'],
    ['tabs', `${HEAD}data:\n\ta: b\n`, 'yaml/syntax'],
    ['commas', ','.repeat(100_000), 'yaml/syntax'],
    ['closing braces', '}'.repeat(100_000), 'yaml/syntax'],
    ['an unknown tag', `${HEAD}data: {a: !Ref x}\n`, 'yaml/syntax'],
    ['a tag that runs code elsewhere', `${HEAD}data: {a: !!python/object/apply:os.system ls}\n`, 'yaml/syntax'],
    ['a key twice', `${HEAD}data: {a: b, a: c}\n`, 'yaml/duplicate-key'],
    ['a key twice, once in quotes', `${HEAD}data: {a: b, "a": c}\n`, 'yaml/duplicate-key'],
    ['a number as apiVersion', 'apiVersion: 1\nkind: ConfigMap\nmetadata: {name: x}\n', 'schema/type'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: x}\n', 'schema/missing-field'],
    ['a name of 254 characters', HEAD.replace('x', 'x'.repeat(254)), 'object/name'],
    ['1e309 as a number of pods', `${PODS}1e309}\n`, 'schema/type'],
    ['2^63 as a number of pods', `${PODS}9223372036854775808}\n`, 'schema/type'],
  ];

  it.each(CASES)('%s', async (_title, content, rule) => {
    write('x.yaml', content);
    const found = await outcome();
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(20);
    expect(found.every((line) => line.startsWith(rule))).toBe(true);
    expect(readFileSync(join(folder.path, 'x.yaml')).equals(Buffer.from(content as string))).toBe(true);
  });

  it('says where both of two equal keys stand', async () => {
    write('x.yaml', `${HEAD}data:\n  a: b\n  b: c\n  "a": d\n`);
    const { findings } = await run();
    expect(findings).toMatchObject([
      { line: 7, ruleId: 'yaml/duplicate-key', message: expect.stringContaining('line 5') },
    ]);
  });

  it('a comma too many in JSON', async () => {
    write('x.json', '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"},}');
    expect(await outcome()).toEqual([expect.stringMatching(/^yaml\/syntax: /)]);
  });

  it('a literal that is read in two ways, as a warning', async () => {
    write('x.yaml', `${HEAD}data:\n  a: "b"\n  c: yes\n`);
    expect(await outcome()).toContainEqual(expect.stringMatching(/^yaml\/ambiguous-literal: /));
  });
});

describe('what is large or odd, and right', () => {
  const CASES: readonly (readonly [string, Content, readonly string[]])[] = [
    ['40,000 keys', `${HEAD}data:\n${times(40_000, (n) => `  k${n}: v\n`).join('')}`, []],
    ['a million lines of comment', `${HEAD}${'#\n'.repeat(1_000_000)}`, []],
    ['a mark at the start', `\uFEFF${HEAD}`, []],
    ['lines that end in CR and LF', HEAD.replaceAll('\n', '\r\n'), []],
    ['lines that end in both ways', HEAD.replace('\n', '\r\n'), []],
    ['lines that end in CR alone, as kubectl reads them', HEAD.replaceAll('\n', '\r'), []],
    ['1e400, which is a text to the cluster', `${HEAD}data: {a: 1e400}\n`, []],
    ['no line end at the end', HEAD.trimEnd(), []],
    ['64 levels', `a: ${'['.repeat(60)}${']'.repeat(60)}\n`, ['skipped: not a Kubernetes object']],
    ['names of Object.prototype', `${HEAD}data: {__proto__: a, constructor: b, toString: c, hasOwnProperty: d}\n`, []],
    ['the same by a merge', `${HEAD}data: {<<: {__proto__: a, polluted: b}}\n`, []],
    ['NUL as an escape', `${HEAD}data: {a: "\\0"}\n`, []],
    [
      'half a surrogate as an escape',
      `${HEAD}data: {a: "\\ud800"}\n`,
      ['yaml/syntax: kubectl and kustomize refuse an escape that stands for one half of a character.'],
    ],
    ['a control character of C1 as an escape', `${HEAD}data: {a: "\\x85"}\n`, []],
    ['2 MB of base64 elsewhere', `a: !!binary ${'QUJD'.repeat(500_000)}\n`, ['skipped: not a Kubernetes object']],
    [
      'a tag in a file of something else',
      'a: !!python/object/apply:os.system [ls]\n',
      ['skipped: not a Kubernetes object'],
    ],
    ['nothing', '', ['skipped: empty']],
    ['comments', '# a\n# b\n', ['skipped: empty']],
    ['three dashes', '---\n', ['skipped: empty']],
    ['a template', `${HEAD}data:\n  {{- toYaml .Values.data | nindent 2 }}\n`, ['skipped: template']],
    [
      'a List in a List',
      `apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [${HEAD.trim().replaceAll('\n', ', ').replace(/^/, '{')}}]}]\n`,
      [],
    ],
    [
      '2 EiB',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: x}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Ei}}}\n',
      [],
    ],
  ];

  it.each(CASES)('%s', async (_title, content, expected) => {
    write('x.yaml', content);
    expect(await outcome()).toEqual(expected);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('20,000 objects in one List', async () => {
    write(
      'x.yaml',
      `apiVersion: v1\nkind: List\nitems:\n${times(20_000, (n) => `- {apiVersion: v1, kind: Namespace, metadata: {name: a${n}}}\n`).join('')}`,
    );
    expect((await run()).outputs).toMatchObject({ documents: '20000', errors: '0' });
  });
});

describe('odd things in folders', () => {
  it('are named and left alone, and nothing waits for them', async () => {
    write('good.yaml', HEAD);
    write('outside/secret.yaml', HEAD);
    mkdirSync(join(folder.path, 'tree/folder.yaml'), { recursive: true });
    const tree = join(folder.path, 'tree');
    symlinkSync('../good.yaml', join(tree, 'in.yaml'));
    symlinkSync('/etc/passwd', join(tree, 'out.yaml'));
    symlinkSync('/proc/self/environ', join(tree, 'environ.yaml'));
    symlinkSync('loop.yaml', join(tree, 'loop.yaml'));
    symlinkSync('..', join(tree, 'up'));
    symlinkSync('nowhere', join(tree, 'broken.yml'));
    execFileSync('mkfifo', [join(tree, 'pipe.yaml')]);
    expect(await outcome(['tree'])).toEqual(
      [
        'skipped: symbolic link',
        'skipped: symbolic link',
        'skipped: symbolic link',
        'skipped: symbolic link',
        'skipped: not a regular file',
        'skipped: symbolic link',
      ]
        .sort()
        .reverse(),
    );
    expect(await outcome(['tree/pipe.yaml', 'tree/loop.yaml'])).toEqual([
      'skipped: symbolic link',
      'skipped: not a regular file',
    ]);
    expect(await outcome(['tree/folder.yaml'])).toEqual([]);
  });

  it('a hard link is a file like any other', async () => {
    write('a.yaml', HEAD);
    linkSync(join(folder.path, 'a.yaml'), join(folder.path, 'b.yaml'));
    expect((await run()).outputs).toMatchObject({ documents: '2' });
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? it.skip : it)(
    `${asRoot ? '(skipped, as root reads everything) ' : ''}a file that may not be read is named`,
    async () => {
      write('a.yaml', HEAD);
      chmodSync(join(folder.path, 'a.yaml'), 0o000);
      expect(await outcome()).toEqual([expect.stringMatching(/^refused io: .*a\.yaml/)]);
    },
  );

  it('a folder without any object is refused, with what was looked at', async () => {
    write('a.yaml', 'a: 1\n');
    write('b.txt', 'b');
    await expect(run()).rejects.toMatchObject({
      code: 'missing',
      problems: ['1 file looked at', '1 skipped: not a Kubernetes object'],
    });
  });

  it('names with line ends, escapes and other alphabets are files like others', async () => {
    const names = [
      'a\nb.yaml',
      '\u001b[2J.yaml',
      '::error::x.yaml',
      '##[group]x.yaml',
      '-rf.yaml',
      ' x.yaml',
      `${'x'.repeat(250)}.yaml`,
      'e\u0301.yaml',
      '\u00e9.yaml',
      'A.yaml',
      'a.yaml',
      '{{x}}.yaml',
      '[x].yaml',
    ];
    for (const name of names) write(name, `${HEAD}x: 1\n`);
    const { findings } = await run();
    expect(findings.map(({ path }) => path).sort()).toEqual([...names].sort());
  });

  it('a path that leads nowhere is named, whatever is in it', async () => {
    const paths = ['../none', '/none/x', '..\\none-of-these', '%2e%2e/', 'C:\\x', '\\\\?\\x', 'a\0b'];
    for (const path of paths) expect((await outcome([path]))[0]).toMatch(/^refused /);
  });
});

describe('what would have to be fetched or run', () => {
  it('is never fetched or run by default', async () => {
    write(
      'kustomization.yaml',
      'resources: ["https://git.example.com/a.git//x?ref=v1", "git@host:a/b?ref=--upload-pack=touch x", a.yaml]\nhelmCharts: [{name: x, repo: "https://charts.example.com"}]\ngenerators: [exec.yaml]\n',
    );
    write(
      'exec.yaml',
      'apiVersion: x/v1\nkind: Exec\nmetadata: {name: x, annotations: {config.kubernetes.io/function: "exec: {path: ./run}"}}\n',
    );
    write('a.yaml', HEAD);
    write(
      'chart/Chart.yaml',
      'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies: [{name: y, version: 1.0.0, repository: "https://charts.example.com"}]\n',
    );
    write('chart/values.schema.json', '{"$ref": "file:///dev/zero"}');
    write('chart/charts/bomb.tgz', 'x');
    write('chart/templates/a.yaml', '{{ include "x" . }}\n');
    write(
      'flux.yaml',
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: x, namespace: x}\nspec: {interval: 1m, url: "https://git.example.com/x"}\n',
    );
    write(
      'argo.yaml',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {project: default, destination: {name: c}, source: {repoURL: "ext::sh -c touch% x", path: x}}\n',
    );
    const found = await outcome();
    expect(found.filter((line) => line.startsWith('refused'))).toEqual([]);
  });

  it.each([
    ['a file of the machine', '{"type": "object", "properties": {"spec": {"$ref": "file:///dev/zero"}}}'],
    ['the metadata of a cloud', '{"type": "object", "properties": {"spec": {"$ref": "http://169.254.169.254/x"}}}'],
    ['itself', '{"$ref": "#", "properties": {"spec": {"$ref": "#"}}}'],
  ])('a schema that points at %s ends', async (_title, schema) => {
    write('schemas/thing_v1.json', schema);
    write('x.yaml', 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x}\nspec: {a: {b: c}}\n');
    const found = await outcome(['x.yaml'], {
      'schema-locations': ['schemas/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'],
    });
    expect(found.every((line) => !line.includes('was wanted'))).toBe(true);
  });

  it('a pattern that others take forever with is done at once', async () => {
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: '^(a|a)*$' } } } },
    };
    write('schemas/thing_v1.json', JSON.stringify(schema));
    write('x.yaml', `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x}\nspec: {a: ${'a'.repeat(40)}!}\n`);
    const found = await outcome(['x.yaml'], {
      'schema-locations': ['schemas/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'],
    });
    expect(found.filter((line) => line.startsWith('refused'))).toEqual([]);
  });
});

describe('a run that is told to stop', () => {
  /** Time goes on at every look at it; the run is told to stop in a pause, as a signal of the process would do it. */
  async function stoppedIn(
    pause: number,
  ): Promise<{ readonly code: string; readonly pauses: number; readonly read: number }> {
    const controller = new AbortController();
    let [now, pauses, read] = [0, 0, 0];
    const base = createRealHost({ workingDirectory: folder.path, signal: controller.signal });
    const clock: Host['clock'] = {
      now: () => now,
      monotonic: () => (now += 40),
      sleep: async (_milliseconds, signal) => {
        if (++pauses === pause) controller.abort(new ToolError('interrupted', 'told to stop'));
        signal?.throwIfAborted();
      },
    };
    const files: Host['files'] = {
      ...base.files,
      take: (path, most) => base.files.take(path, most).finally(() => read++),
    };
    const inputs = parseInputs('validate', { flags: {}, positionals: ['.'], env: {} });
    const code = await validate(inputs, { host: { ...base, clock, files } }).then(
      () => 'ended',
      (error: unknown) => (error instanceof ToolError ? error.code : String(error)),
    );
    return { code, pauses, read };
  }

  it('stops between folders, files that are read, and files that are checked', async () => {
    for (let n = 0; n < 600; n++) write(`${n % 5}/f${n}.yaml`, HEAD.replace('x', `a${n}`));
    const { code, pauses, read } = await stoppedIn(Number.POSITIVE_INFINITY);
    expect([code, pauses > 100, read >= 600]).toEqual(['ended', true, true]);
    const early = await stoppedIn(3);
    expect([early.code, early.pauses, early.read < 600]).toEqual(['interrupted', 3, true]);
    expect(await stoppedIn(pauses - 20)).toEqual({ code: 'interrupted', pauses: pauses - 20, read });
  });
});
