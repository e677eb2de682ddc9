import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of `validate` said about one checkout. */
export interface TreeRun {
  readonly repository: string;
  readonly commit: string;
  readonly files: number;
  /** Seen, checked or not. */
  readonly documents: number;
  /** Objects that were checked. */
  readonly checked: number;
  /** The reason of each document that was not. */
  readonly skipped: readonly string[];
  readonly errors: readonly TreeError[];
}

export interface TreeError {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  /** The object that it is about, or the file where there is none. */
  readonly object: string;
}

interface Report {
  readonly outputs: { readonly documents?: string };
  readonly findings: readonly {
    readonly ruleId: string;
    readonly severity: string;
    readonly path: string;
    readonly message: string;
    readonly resource?: unknown;
  }[];
}

/** Runs the program without any configuration. A tree without objects ends with nothing checked. */
export function runOn(cli: string, folder: string, repository: string): TreeRun {
  const reports = mkdtempSync(join(tmpdir(), 'drawbridge-alarms-'));
  try {
    const [json, tap] = [join(reports, 'report.json'), join(reports, 'report.tap')];
    const flags = ['validate', '.', '--reports', `json=${json}`, '--reports', `tap=${tap}`];
    const { stdout } = spawnSync(process.execPath, [cli, ...flags], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
    const skipped = [...readFileSync(tap, 'utf8').matchAll(/ # SKIP (.*)$/gm)].map(([, reason = '']) => reason);
    const checked = Number(report.outputs.documents ?? 0);
    const files = Number(/in ([\d,]+) files? checked/.exec(stdout)?.[1]?.replaceAll(',', '') ?? 0);
    const commit = execFileSync('git', ['-C', folder, 'rev-parse', '--short=10', 'HEAD'], { encoding: 'utf8' }).trim();
    const errors = report.findings.filter(({ severity }) => severity === 'error').map(errorOf);
    return { repository, commit, files, documents: checked + skipped.length, checked, skipped, errors };
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

function errorOf({ path, ruleId, message, resource }: Report['findings'][number]): TreeError {
  return { path, rule: ruleId, message, object: `${path} ${resource === undefined ? '' : JSON.stringify(resource)}` };
}
