import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SourceFile } from '../../src/manifests/source-file.ts';
import { createCelEngine } from '../../src/validation/cel/engine.ts';
import { type CheckOptions, type CheckReport, check } from '../../src/validation/check.ts';
import { type Pack, readPack } from '../../src/validation/pack.ts';
import { createSchemas, type Schemas } from '../../src/validation/schemas.ts';

const PACK = readBundled('kubernetes.pack');
const CRD_PACK = readBundled('crds.pack');

function readBundled(name: string): Pack {
  return readPack(readFileSync(resolve(import.meta.dirname, '../../packs', name)));
}

/** The bundled schemas of these versions; the newest without any. */
export function bundledSchemas(...versions: readonly string[]): Schemas {
  return createSchemas(PACK, versions, [], () => CRD_PACK);
}

/** Files by path, from their text or bytes. */
export function sourceFiles(files: Readonly<Record<string, string | Uint8Array>>): readonly SourceFile[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    mode: '100644',
  }));
}

const DEFAULTS: CheckOptions = { missingSchema: 'error', strict: true, disableRules: [] };

export function checkFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<CheckOptions> = {},
  schemas: Schemas = bundledSchemas('1.34'),
): CheckReport {
  return check(sourceFiles(files), schemas, { ...DEFAULTS, cel: createCelEngine(), ...options });
}

/** `path:line:column rule`, one for each finding. */
export function placesOf(report: CheckReport): readonly string[] {
  return report.findings.map(({ path, line, column, ruleId }) => `${path}:${line}:${column} ${ruleId}`);
}

/** How many documents were skipped for each reason. */
export function reasonsOf(report: CheckReport): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { reason } of report.skipped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
