import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

/** jest's transform: TypeScript to ES modules with inline source maps. */
export default {
  canInstrument: false,
  getCacheKey: (source, path) => createHash('sha256').update(version).update(path).update(source).digest('hex'),
  process(source, path) {
    const { code } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcemap: 'inline',
      sourcefile: path,
    });
    return { code };
  },
};
