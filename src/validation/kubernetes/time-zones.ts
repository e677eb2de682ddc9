const known = new Map<string, boolean>();

/** Whether the IANA time zone database has the name, in this case. Go looks it up as a file, so that the case counts. */
export function isTimeZone(name: string): boolean {
  const answer = known.get(name) ?? isInDatabase(name);
  known.set(name, answer);
  return answer;
}

function isInDatabase(name: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return ZONE_FORM.test(name);
  } catch {
    return false;
  }
}

/** Old short names such as EST are upper case; each part of the others begins with a capital letter. */
const ZONE_FORM = /^([A-Z0-9+-]+|([A-Z][A-Za-z]*[a-z]|[A-Z]+)(\/[A-Z][A-Za-z0-9_+-]*)*)$/;
