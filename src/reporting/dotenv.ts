const PREFIX = 'DRAWBRIDGE_OUT_';

/** GitLab refuses a whole report of 5 KiB or more, or of more variables than the plan allows, 20 at the least. */
const SIZE_LIMIT = 5 * 1024;
const VARIABLE_LIMIT = 20;

/**
 * The outputs as a dotenv report: `DRAWBRIDGE_OUT_<NAME>=value`, one a line. Left out are JSON, values of several lines,
 * and those that one reader or another would take for more than text. GitLab keeps quotes as they are, strips white space
 * at the ends and lets its runner expand `$`
 * (https://docs.gitlab.com/ci/variables/dotenv_variables, app/services/ci/parse_dotenv_artifact_service.rb in GitLab).
 */
export function renderDotenv(outputs: Readonly<Record<string, string>>): string {
  const lines = Object.entries(outputs)
    .filter(([, value]) => isPlainScalar(value))
    .map(([name, value]) => `${variableName(name)}=${value}\n`);
  return fitting(lines.slice(0, VARIABLE_LIMIT)).join('');
}

/** `changed-files` becomes `DRAWBRIDGE_OUT_CHANGED_FILES`. */
export function variableName(output: string): string {
  return PREFIX + output.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function isPlainScalar(value: string): boolean {
  return !/[\p{C}\p{Zl}\p{Zp}$'"`\\]/u.test(value) && value === value.trim() && !/^[[{]/.test(value);
}

function fitting(lines: readonly string[]): readonly string[] {
  let size = 0;
  return lines.filter((line) => {
    const bytes = Buffer.byteLength(line);
    if (size + bytes >= SIZE_LIMIT) return false;
    size += bytes;
    return true;
  });
}
