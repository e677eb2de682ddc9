/**
 * What GitLab's job log makes of a job's output: section markers anywhere in a line, escape sequences, and a bare CR that
 * wipes what stands before it in the line (lib/gitlab/ci/ansi2json in GitLab).
 */
export interface GitlabSection {
  readonly action: 'start' | 'end';
  readonly time: number;
  readonly id: string;
  readonly options: string;
}

const MARKER = /section_(start|end):(\d+):([a-zA-Z0-9_.-]+)(\[.*?\])?\r\x1b\[0K/g;

export function gitlabSections(output: string): readonly GitlabSection[] {
  return [...output.matchAll(MARKER)].map(([, action, time, id = '', options = '']) => ({
    action: action === 'start' ? 'start' : 'end',
    time: Number(time),
    id,
    options,
  }));
}

/** True when the log shows every character of the output and acts on none. */
export function isInertInGitlab(output: string): boolean {
  return gitlabSections(output).length === 0 && !/[\r\x1b]/.test(output);
}

/** Variables as GitLab reads a dotenv report (app/services/ci/parse_dotenv_artifact_service.rb); throws what it refuses. */
export function readDotenvReport(report: string): Readonly<Record<string, string>> {
  if (Buffer.byteLength(report) >= 5 * 1024) throw new Error('the report is too big');
  const lines = report.split('\n').slice(0, -1);
  const pairs = lines.map((line) => {
    const [, key, value] = /^(.*?)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || !/^\w{1,255}$/.test(key)) throw new Error(`invalid line: ${line}`);
    return [key.trim(), value.trim().replace(/\$(\w+|\{\w+\})/g, '')];
  });
  if (pairs.length > 20) throw new Error('the report has too many variables');
  return Object.fromEntries(pairs);
}
