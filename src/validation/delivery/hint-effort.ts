/**
 * Letters that are compared with letters, in one run, to say which name or path was meant: some hundred milliseconds. Nobody
 * reads the hints of thousands of findings.
 */
export const HINT_EFFORT = 20_000_000;
