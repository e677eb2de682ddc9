import { type Answer, json } from '../stand-in/answers.ts';
import type { Store } from './store.ts';
import type { Surroundings } from './types.ts';

/** What all answers are made from. */
export interface Api {
  readonly store: Store;
  readonly token: string;
  readonly surroundings: Pick<Surroundings, 'host' | 'now'>;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export function refusal(code: number, reason: string, message: string): Answer {
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }, code);
}
