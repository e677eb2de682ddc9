import { automaticOperation, reassess, writeComparison } from './comparison.ts';
import { appliedNow, begun, finished, retriedNow, scheduled, started, terminated, terminating } from './operation.ts';
import type { ApplicationDefinition, ApplicationState, Event, Rollout, Step } from './types.ts';

export const DEFAULT_ROLLOUT: Rollout = {
  readyAfter: 4500,
  progressDeadline: 20_000,
  oldPodsAfter: 300,
  pullable: () => true,
  refused: () => undefined,
  write: 15,
  start: 15,
  apply: 200,
  finish: 15,
  notice: 60,
  reread: 90,
  retry: { limit: 5, wait: 5000, factor: 2 },
  secondLookAfterRepair: true,
};

/** An Application that was just created: nothing compared, nothing live. */
export function initialState(
  definition: ApplicationDefinition,
  repoURL: string,
  rollout: Partial<Rollout>,
  now: number,
): ApplicationState {
  const defaults = {
    project: 'default',
    repoURL,
    targetRevision: 'main',
    namespace: definition.name,
    automated: true,
    prune: false,
    windowClosed: false,
    labels: {},
  };
  return {
    application: { ...defaults, ...definition },
    rollout: { ...DEFAULT_ROLLOUT, ...rollout },
    createdAt: now,
    everRefreshed: false,
    asked: 1,
    resources: [],
    images: [],
    conditions: [],
    history: [],
    live: [],
    noticed: [],
    due: [],
  };
}

/** When something happens next by itself, in milliseconds of the wall clock; undefined: nothing does. */
export function nextStep(state: ApplicationState): number | undefined {
  return state.due.length === 0 ? undefined : Math.min(...state.due.map((step) => step.at));
}

/**
 * The state after one event. Each call makes at most one change that people see, as the real server writes them one
 * after the other: the order in which it does, and what is not yet true in between, is taken from recordings of it.
 */
export function advance(state: ApplicationState, event: Event, now: number): ApplicationState {
  switch (event.kind) {
    case 'refresh':
      return { ...state, refresh: event.level, everRefreshed: true, asked: state.asked + 1 };
    case 'look':
      return { ...state, asked: state.asked + 1 };
    case 'compared':
      return compared(state, event, now);
    case 'operate':
      return begun(state, event.operation, now + state.rollout.start);
    case 'terminate':
      return terminating(state, now);
    case 'edit':
      return edited(state, event.changes);
    case 'tick':
      return tick(state, now);
  }
}

// Only a changed source or destination makes the controller compare anew; another sync policy does not.
function edited(state: ApplicationState, changes: Partial<ApplicationDefinition>): ApplicationState {
  const application = { ...state.application, ...changes };
  const moved = (['repoURL', 'path', 'targetRevision', 'namespace'] as const).some((key) => key in changes);
  return { ...state, application, asked: state.asked + (moved ? 1 : 0) };
}

// When auto-sync starts an operation, that is written before the status that gave the reason for it.
function compared(state: ApplicationState, event: Event & { kind: 'compared' }, now: number): ApplicationState {
  const operation = automaticOperation(state, event.reading, now);
  if (operation === undefined) return writeComparison(state, event.reading, event.startedAt, event.asked, now);
  const writtenAt = now + state.rollout.write;
  const { reading, startedAt, asked } = event;
  const writing: Step = { kind: 'written', at: writtenAt, reading, startedAt, asked };
  return scheduled(begun(state, operation, writtenAt + state.rollout.start), writing);
}

function tick(state: ApplicationState, now: number): ApplicationState {
  const at = nextStep(state);
  const step = state.due.find((candidate) => candidate.at === at);
  if (step === undefined || step.at > now) return state;
  return take({ ...state, due: state.due.filter((other) => other !== step) }, step, now);
}

function take(state: ApplicationState, step: Step, now: number): ApplicationState {
  switch (step.kind) {
    case 'written':
      return writeComparison(state, step.reading, step.startedAt, step.asked, now);
    case 'started':
      return started(state, now);
    case 'applied':
      return appliedNow(state, now);
    case 'finished':
      return finished(state, now);
    case 'retry':
      return retriedNow(state, now);
    case 'terminated':
      return terminated(state, now);
    case 'noticed':
      return reassess({ ...state, noticed: state.live }, now);
    case 'reread':
      return { ...state, asked: state.asked + 1 };
  }
}
