import type { ToolError } from '../errors.ts';
import { asToolError } from '../host/log.ts';
import type { Host } from '../host.ts';
import type { InputDefinition } from '../inputs/define.ts';
import { INPUTS } from '../inputs/definitions.ts';
import { type ReportEntry, readReportEntries, reportProblems } from '../inputs/report-entries.ts';
import { findGiven, type RawInputs } from '../inputs/sources.ts';
import { REPORTS, type ReportInput } from '../reporting/registry.ts';

/** The entries of `reports`, also where other inputs are wrong; none where one of the entries is. */
export function wantedReports(raw: RawInputs): readonly ReportEntry[] {
  const definition: InputDefinition = INPUTS.reports;
  const texts = findGiven({ name: 'reports', definition }, raw)?.texts ?? [];
  return reportProblems(texts).length > 0 ? [] : readReportEntries(texts);
}

/** A report that could not be written. */
export interface FailedReport {
  readonly entry: ReportEntry;
  readonly error: ToolError;
}

/** Renders and writes each report, whatever becomes of the others. */
export async function writeReports(
  entries: readonly ReportEntry[],
  input: ReportInput,
  host: Host,
  redact: (text: string) => string,
): Promise<readonly FailedReport[]> {
  const failed: FailedReport[] = [];
  for (const entry of entries) {
    try {
      const render = await REPORTS[entry.kind]();
      await host.files.write(entry.file, redact(render(input)));
    } catch (error) {
      failed.push({ entry, error: asToolError(error) });
    }
  }
  return failed;
}
