/**
 * Writes every file that is rendered from the table of inputs. With --check it writes nothing, names what is stale, and
 * then ends with 1.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RenderedFile, renderFiles } from '../src/inputs/render.ts';
import { renderReadmeTable, replaceBetweenMarkers } from '../src/inputs/render-markdown.ts';

/** npm runs scripts in the folder of package.json. */
const root = process.cwd();

const stale = await staleFiles();
if (process.argv.includes('--check')) report(stale);
else await writeAll(stale);

async function staleFiles(): Promise<readonly RenderedFile[]> {
  const files = [...renderFiles(await packageVersion()), ...(await readme())];
  const present = await Promise.all(files.map(({ path }) => read(path)));
  return files.filter(({ content }, index) => present[index] !== content);
}

async function packageVersion(): Promise<string> {
  const { version } = JSON.parse((await read('package.json')) ?? '{}') as { version?: unknown };
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}

/** The README is written by people but for what stands between its markers, if it has them. */
async function readme(): Promise<readonly RenderedFile[]> {
  const content = replaceBetweenMarkers((await read('README.md')) ?? '', 'inputs', renderReadmeTable());
  return content === undefined ? [] : [{ path: 'README.md', content }];
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function report(stale: readonly RenderedFile[]): void {
  for (const { path } of stale) console.error(`${path} is stale`);
  if (stale.length === 0) return;
  console.error('Run: npm run generate');
  process.exitCode = 1;
}

async function writeAll(stale: readonly RenderedFile[]): Promise<void> {
  for (const { path, content } of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    console.log(`wrote ${path}`);
  }
}
