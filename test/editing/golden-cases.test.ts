import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Edit } from '../../src/editing/edit.ts';
import { invert } from '../../src/editing/invert.ts';
import { describeChange } from '../../src/editing/message.ts';
import { plan } from '../../src/editing/plan.ts';
import type { Plan } from '../../src/editing/plan-types.ts';
import { parseSelection } from '../../src/editing/selection.ts';
import { parseSets } from '../../src/editing/set-wish.ts';
import { parseTrailers } from '../../src/editing/trailers.ts';
import { parseWantedImages } from '../../src/image/wanted-image.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';

/**
 * Every folder of `cases/` is one: `request.json`, the files `before/`, and what the planner makes of them: `plan.txt`, and
 * `after/` with the files that it changes. `UPDATE_GOLDENS=1` writes the latter two again; read the difference.
 */
const CASES = new URL('./cases/', import.meta.url).pathname;
const UPDATE = process.env.UPDATE_GOLDENS === '1';

interface CaseRequest {
  readonly images?: readonly string[];
  readonly sets?: readonly string[];
  readonly createMissing?: boolean;
  readonly select?: readonly string[];
  readonly allowDowngrade?: boolean;
  /** Paths of `before/` that stand for symbolic links or programs. */
  readonly modes?: Readonly<Record<string, SourceFile['mode']>>;
}

describe('golden cases', () => {
  const names = readdirSync(CASES);

  it.each(names)('%s', (name) => {
    const folder = join(CASES, name);
    const request: CaseRequest = JSON.parse(readFileSync(join(folder, 'request.json'), 'utf8'));
    const files = readFolder(join(folder, 'before'), request.modes ?? {});
    const planned = planCase(files, request);
    if (UPDATE) writeCase(folder, planned);
    expect(printPlan(planned)).toBe(readFileSync(join(folder, 'plan.txt'), 'utf8'));
    const after = readFolder(join(folder, 'after'), request.modes ?? {});
    expect(texts(planned.kind === 'change' ? planned.files : [])).toEqual(texts(after));
  });

  it.each(names)(
    '%s: edits are the whole difference, a second run has nothing to do, the inverse brings back every byte',
    (name) => {
      const folder = join(CASES, name);
      const request: CaseRequest = JSON.parse(readFileSync(join(folder, 'request.json'), 'utf8'));
      const files = readFolder(join(folder, 'before'), request.modes ?? {});
      const planned = planCase(files, request);
      if (planned.kind !== 'change') return expect(existsSync(join(folder, 'after'))).toBe(false);
      for (const file of planned.files) {
        const old = files.find(({ path }) => path === file.path);
        const edits = planned.edits.filter(({ path }) => path === file.path);
        expect(splice(old?.bytes ?? new Uint8Array(), edits)).toEqual(Buffer.from(file.bytes));
      }
      const next = files.map((file) => planned.files.find(({ path }) => path === file.path) ?? file);
      expect(planCase(next, request).kind).toBe('nothing');
      const { message } = describeChange(planned.edits, planned.files, {});
      const inverse = invert({ parent: files, commit: next, trailers: parseTrailers(message), head: next });
      const restored = inverse.kind === 'change' ? inverse.files : inverse;
      expect(restored).toEqual(planned.files.map(({ path }) => files.find((file) => file.path === path)));
    },
  );
});

function planCase(files: readonly SourceFile[], request: CaseRequest): Plan {
  return plan(
    { files, paths: files.map(({ path }) => path) },
    {
      images: parseWantedImages(request.images ?? []),
      sets: parseSets(request.sets ?? []),
      createMissing: request.createMissing ?? false,
      select: parseSelection(request.select ?? []),
      allowDowngrade: request.allowDowngrade ?? false,
    },
  );
}

function printPlan(planned: Plan): string {
  const lines: string[] = [planned.kind];
  if (planned.kind === 'change') {
    lines.push(
      ...planned.edits.map(
        (edit) =>
          `edit ${edit.path}:${edit.line} ${edit.place}: ${edit.imageBefore ?? edit.before} -> ${edit.imageAfter ?? edit.after}`,
      ),
    );
    lines.push(
      ...planned.differing.map(({ path, line, place, image }) => `differs ${path}:${line} ${place}: ${image}`),
    );
    lines.push(
      ...planned.shared.map(
        ({ path, line, place, readers }) => `shared ${path}:${line} ${place}: ${readers.join(', ')}`,
      ),
    );
    lines.push(...planned.current.map(({ path, line, place, image }) => `current ${path}:${line} ${place}: ${image}`));
  }
  if (planned.kind === 'nothing') {
    lines.push(...planned.places.map(({ path, line, place, image }) => `current ${path}:${line} ${place}: ${image}`));
  }
  if (planned.kind === 'refused') {
    lines.push(
      ...planned.problems.flatMap(({ path, line, code, reason, hint }) => [
        `${code} ${path}:${line} ${reason}`,
        `  ${hint}`,
      ]),
    );
  }
  lines.push(
    ...planned.skipped.map(
      ({ path, line, reason }) => `skipped ${path}${line === undefined ? '' : `:${line}`} ${reason}`,
    ),
  );
  lines.push(
    ...planned.unmatched.map(({ wanted, why, nearest }) => `unmatched ${wanted.text} ${why} [${nearest.join(', ')}]`),
  );
  return `${lines.join('\n')}\n`;
}

function writeCase(folder: string, planned: Plan): void {
  rmSync(join(folder, 'after'), { recursive: true, force: true });
  writeFileSync(join(folder, 'plan.txt'), printPlan(planned));
  for (const { path, bytes } of planned.kind === 'change' ? planned.files : []) {
    mkdirSync(dirname(join(folder, 'after', path)), { recursive: true });
    writeFileSync(join(folder, 'after', path), bytes);
  }
}

function readFolder(folder: string, modes: CaseRequest['modes'] & object): readonly SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
    .map((path) => ({ path, mode: modes[path] ?? '100644', bytes: new Uint8Array(readFileSync(join(folder, path))) }));
}

function texts(files: readonly SourceFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('latin1')]));
}

function splice(bytes: Uint8Array, edits: readonly Edit[]): Buffer {
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const edit of edits) {
    parts.push(bytes.subarray(position, edit.start), Buffer.from(edit.replacement));
    position = edit.end;
  }
  return Buffer.concat([...parts, bytes.subarray(position)]);
}
