/** Which files the program comes in: what is always loaded together is one file, and what is rarely needed one of its own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';

/**
 * What is loaded before the rest. esbuild makes a chunk of each set of lazy parts that share some code
 * (https://esbuild.github.io/api/#splitting), and each chunk takes a third of a millisecond to load; it cannot know that
 * whoever loads such a part has these already. An import of them tells it.
 */
const LOADED_BEFORE: readonly { readonly first: readonly string[]; readonly lazy: 'all' | readonly string[] }[] = [
  {
    // What every run needs, and what is small and nearly every run needs.
    first: [
      'src/front-ends/conduct.ts',
      'src/front-ends/sources.ts',
      'src/commands/rendering.ts',
      'src/commands/words.ts',
      'src/forges/repository-url.ts',
      'src/host/memory.ts',
      'src/host/this-process.ts',
      'src/inputs/flags.ts',
      'src/manifests/file-names.ts',
      'src/manifests/libraries.ts',
      'src/manifests/path-filter.ts',
      'src/manifests/text.ts',
      'src/reporting/log-style.ts',
      'src/validation/compare-reports.ts',
    ],
    lazy: 'all',
  },
  {
    first: ['src/commands/validate.ts'],
    lazy: [
      'src/commands/deliver.ts',
      'src/commands/diff.ts',
      'src/commands/rendered-change.ts',
      'src/rendering/judge.ts',
      'src/reporting/sarif.ts',
      'src/validation/baseline.ts',
      'src/validation/cel/engine.ts',
      'src/validation/schema-ask.ts',
    ],
  },
];

/** @param plain a build of the same entries without this: it tells which parts are lazy */
export function joinChunks(root: string, { inputs, outputs }: Metafile, entries: readonly string[]): Plugin {
  const parts = new Set(Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []));
  const before = new Map<string, string[]>();
  for (const { first, lazy } of LOADED_BEFORE) {
    const known = importedBy(first, inputs);
    const others = [...parts].filter((part) => !entries.includes(part) && !known.has(part));
    const chosen = lazy === 'all' ? others : lazy;
    const unknown = [
      ...first.filter((path) => inputs[path] === undefined),
      ...chosen.filter((part) => !others.includes(part)),
    ];
    if (unknown.length > 0)
      throw new Error(`scripts/build/chunks.ts names what is no part of the program: ${unknown.join(', ')}`);
    for (const part of chosen) before.set(part, [...(before.get(part) ?? []), ...first]);
  }
  return {
    name: 'join-chunks',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const first = before.get(path.slice(root.length + 1).replaceAll('\\', '/'));
        if (first === undefined) return undefined;
        const imports = first.map((name) => `import ${JSON.stringify(join(root, name))};`);
        return { contents: `${imports.join('')}${readFileSync(path, 'utf8')}`, loader: 'ts' };
      });
    },
  };
}

function importedBy(starts: readonly string[], inputs: Metafile['inputs']): ReadonlySet<string> {
  const seen = new Set<string>();
  const pending = [...starts];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const imports = inputs[path]?.imports ?? [];
    pending.push(...imports.filter(({ kind }) => kind === 'import-statement').map((imported) => imported.path));
  }
  return seen;
}

/** Libraries that few runs need, and then in the midst of something that cannot wait. */
const APART = ['js-yaml', 'picomatch', 'yaml'];

/** Builds each of them into a file that `require` loads at once. */
export const LIBRARIES: BuildOptions = {
  entryPoints: Object.fromEntries(APART.map((name) => [`library-${name}`, name])),
  bundle: true,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
};

export const requireLibraries: Plugin = {
  name: 'require-libraries',
  setup({ onLoad, onResolve }) {
    const namespace = 'library';
    onResolve({ filter: new RegExp(`^(${APART.join('|')})$`) }, ({ path }) => ({ path, namespace }));
    onResolve({ filter: /^\.\//, namespace }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = require('./library-${path}.cjs');`,
    }));
  },
};

/**
 * Has the modules of Node loaded with `require`, and asks them for nothing but what is used. An `import` of one reads all that
 * it exports, which loads much that nobody uses: with `node:fs`, `node:util` and `node:zlib` ten milliseconds in all.
 */
export const requireNode: Plugin = {
  name: 'require-node',
  setup({ onLoad, onResolve }) {
    const namespace = 'node';
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace },
    );
    onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const names = Object.keys(createRequire(import.meta.url)(path)).filter((name) => /^[A-Za-z]\w*$/.test(name));
      // What has no effect and is not used is left out.
      const exported = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => from.${name})();`);
      return {
        contents: [`const from = require(${JSON.stringify(path)});`, ...exported, 'export default from;'].join('\n'),
      };
    });
  },
};
