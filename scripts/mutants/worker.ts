import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runCollected } from './mini-jest.ts';

/** Runs tests over one changed text after the other, each over modules of its own. */
export interface Order {
  readonly file: string;
  readonly source: string | undefined;
  readonly tests: readonly string[];
}

export type Report = { readonly kind: 'killed' | 'invalid'; readonly by: string } | { readonly kind: 'survived' };

const SHIM = new URL('mini-jest.ts', import.meta.url).href;
const ROOT = new URL('../../', import.meta.url).href;
let number = 0;
let current: Order | undefined;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: SHIM, shortCircuit: true };
    const resolved = next(specifier, context);
    const isOurs = resolved.url.startsWith(`${ROOT}src/`) || resolved.url.startsWith(`${ROOT}test/`);
    const [, query] = context.parentURL?.split('?') ?? [];
    return isOurs && query !== undefined ? { ...resolved, url: `${resolved.url}?${query}` } : resolved;
  },
  load(url, context, next) {
    const [plain = '', query] = url.split('?');
    if (query === undefined || !plain.endsWith('.ts')) return next(url, context);
    const file = fileURLToPath(plain);
    const isChanged = file === current?.file && current.source !== undefined;
    const source = stripTypeScriptTypes(isChanged ? (current?.source ?? '') : readFileSync(file, 'utf8'));
    return { format: 'module', source, shortCircuit: true };
  },
});

process.on('message', (order: Order) => {
  void judge(order).then((report) => process.send?.(report));
});

async function judge(order: Order): Promise<Report> {
  current = order;
  number++;
  for (const test of order.tests) {
    try {
      await import(`${pathToFileURL(test).href}?${number}`);
    } catch (error) {
      const isSyntax =
        error instanceof SyntaxError || (error as { code?: string }).code === 'ERR_INVALID_TYPESCRIPT_SYNTAX';
      return { kind: isSyntax ? 'invalid' : 'killed', by: String(error) };
    }
    const failed = await runCollected();
    if (failed !== undefined) return { kind: 'killed', by: failed };
  }
  return { kind: 'survived' };
}
