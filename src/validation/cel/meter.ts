/** How much work is still allowed. Work is counted, not timed, so that the same input always ends the same way. */
export interface Meter {
  left: number;
}

/**
 * About what Kubernetes allows one expression
 * (https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints): a tenth of a second here, or less.
 */
export const WORK_OF_ONE = 1_000_000;

/** Over all expressions of a run: some seconds. */
export const WORK_OF_ALL = 60_000_000;

/** Of one step of a macro, beside what it calls. */
export const WORK_OF_STEP = 3;

/** Longer text and longer lists are not made. */
export const MOST_LENGTH = 4_000_000;

/** False where there is not as much left. */
export function spend(meter: Meter, work: number): boolean {
  meter.left -= work;
  return meter.left >= 0;
}
