import { safeText } from './foreign-text.ts';

/** Clears the line, so that the marker itself is not seen (https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections). */
const MARKER_END = '\r\x1b[0K';

/** A name for the section: GitLab takes letters, digits and `_.-` only, and each name once per job log. */
export function sectionId(title: string, startedAt: number): string {
  const words = title.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return `${words.slice(0, 40)}_${Math.floor(startedAt)}`;
}

/**
 * The line that opens a collapsible section.
 * @param now milliseconds since 1970
 */
export function sectionStart(id: string, title: string, now: number, collapsed = false): string {
  return `section_start:${unixSeconds(now)}:${id}${collapsed ? '[collapsed=true]' : ''}${MARKER_END}${safeText(title)}`;
}

/** The line that closes it; GitLab shows how long the section took. */
export function sectionEnd(id: string, now: number): string {
  return `section_end:${unixSeconds(now)}:${id}${MARKER_END}`;
}

function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
