/**
 * Builds dist/: three entries that share lazy chunks, the schema packs, and the licences of what is bundled.
 * The same source gives the same bytes in any folder. `--check` builds into a temporary folder and compares.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { joinChunks, LIBRARIES, requireLibraries, requireNode } from './build/chunks.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

const COMMON = {
  absWorkingDir: ROOT,
  platform: 'node',
  target: 'node22',
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  logLevel: 'error',
} as const;

const ENTRIES = { cli: 'src/cli.ts', action: 'src/action.ts', post: 'src/post.ts' };

const PROGRAM = {
  ...COMMON,
  entryPoints: ENTRIES,
  bundle: true,
  splitting: true,
  format: 'esm',
  chunkNames: 'chunk-[name]-[hash]',
  alias: {
    '@actions/http-client': './scripts/stubs/actions-http-client.ts',
    '@actions/http-client/lib/auth': './scripts/stubs/actions-http-client.ts',
  },
  define: { DRAWBRIDGE_BUNDLED: 'true' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
} satisfies BuildOptions;

async function buildInto(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const plain = await build({ ...PROGRAM, outdir: folder, write: false });
  const plugins = [joinChunks(ROOT, plain.metafile, Object.values(ENTRIES)), requireLibraries, requireNode];
  const program = await build({ ...PROGRAM, outdir: folder, plugins });
  const libraries = await build({ ...COMMON, ...LIBRARIES, outdir: folder });
  const metafiles = [program, libraries].flatMap(({ metafile }) => metafile ?? []);
  // Packs travel beside the program; their builder's notes stay in the repository.
  for (const name of readdirSync(join(ROOT, 'packs'))) {
    if (name.endsWith('.pack')) cpSync(join(ROOT, 'packs', name), join(folder, 'packs', name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'licenses.txt'), licences(metafiles));
  writeFileSync(join(folder, 'build.json'), buildStamp(folder));
}

/** Version, and a hash over every other file: what `--version` prints. */
function buildStamp(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const hash = createHash('sha256');
  for (const name of filesOf(folder))
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(folder, name)));
  return `${JSON.stringify({ version, hash: hash.digest('hex') })}\n`;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function licences(metafiles: readonly Metafile[]): string {
  const packages = new Set<string>();
  for (const output of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (name !== undefined && bytesInOutput > 0) packages.add(name);
    }
  }
  const texts = [...packages].sort().map(licenceOf);
  return `Third-party software in this folder, with its licences.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenceOf(name: string): string {
  const folder = join(ROOT, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e([.-]|$)/i.test(entry));
  // Some packages name their licence and leave the text out; the one of ours is the same.
  const path = file !== undefined ? join(folder, file) : license === 'Apache-2.0' ? join(ROOT, 'LICENSE') : undefined;
  if (path === undefined) throw new Error(`${name} ships no licence text`);
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Names of files that differ between two folders, each with how. */
function differences(expected: string, actual: string): string[] {
  const before = existsSync(actual) ? filesOf(actual) : [];
  const names = [...new Set([...filesOf(expected), ...before])].sort();
  return names.flatMap((name) => {
    if (!existsSync(join(actual, name))) return [`missing: dist/${name}`];
    if (!existsSync(join(expected, name))) return [`left over: dist/${name}`];
    return readFileSync(join(expected, name)).equals(readFileSync(join(actual, name))) ? [] : [`differs: dist/${name}`];
  });
}

async function check(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-dist-'));
  try {
    await buildInto(folder);
    const found = differences(folder, DIST);
    if (found.length > 0) {
      console.error(
        `dist/ is not what the source builds. Run: npm run build\n${found.map((line) => `  ${line}`).join('\n')}`,
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printSizes(): void {
  const sizes = filesOf(DIST).map((name) => ({ name, bytes: readFileSync(join(DIST, name)).length }));
  for (const { name, bytes } of sizes) console.log(`${(bytes / 1024).toFixed(1).padStart(9)} KB  dist/${name}`);
  console.log(`${(sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1024).toFixed(1).padStart(9)} KB  in all`);
}

if (process.argv.includes('--check')) {
  await check();
} else {
  await buildInto(DIST);
  printSizes();
}
