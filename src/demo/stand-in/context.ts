import type { Host } from '../../host.ts';
import { type Account, coversProject, may } from './accounts.ts';
import { type Answer, failure } from './answers.ts';
import type { Controller } from './controller.ts';
import { CONTROL_NAMESPACE } from './render.ts';

export interface Context {
  readonly host: Pick<Host, 'clock' | 'processes' | 'env'>;
  /** Milliseconds of a wall clock that never jumps. */
  readonly now: () => number;
  readonly repository: string;
  readonly accounts: readonly Account[];
  readonly controllers: ReadonlyMap<string, Controller>;
  /** The newest version of anything. */
  readonly version: () => number;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly account: Account;
  /** What stood in the place of `:name` and the like in the pattern of the route. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Place {
  readonly name: string;
  readonly project?: string | undefined;
  readonly appNamespace?: string | undefined;
}

/**
 * The application that a call is about, or the refusal. Without a project, missing and forbidden look alike (403), so
 * that names cannot be tried out; with one it is 404. https://github.com/argoproj/argo-cd/security/advisories/GHSA-2q5c-qw9c-fmvq
 */
export function locate(context: Context, account: Account, place: Place): Controller | Answer {
  const controller = context.controllers.get(place.name);
  const project = controller?.state().application.project;
  const enabled = (place.appNamespace || CONTROL_NAMESPACE) === CONTROL_NAMESPACE;
  if (!enabled || (place.project && !coversProject(account, place.project))) return failure(7, 'permission denied');
  if (place.project && project !== place.project) {
    return failure(5, `applications.argoproj.io "${place.name}" not found`);
  }
  if (controller === undefined || project === undefined || !may(account, 'get', project)) {
    return failure(7, 'permission denied');
  }
  return controller;
}

/** The place that the path and the query of a call name. */
export function placeOf(call: Call): Place {
  const { query } = call;
  return {
    name: call.params.name ?? '',
    project: query.get('project') ?? undefined,
    appNamespace: query.get('appNamespace') ?? undefined,
  };
}

export function isAnswer(value: Controller | Answer): value is Answer {
  return 'contentType' in value;
}
