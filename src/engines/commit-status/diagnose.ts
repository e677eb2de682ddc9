import type { Diagnosis, Target } from '../delivery-engine.ts';
import type { Rules } from './interpret.ts';
import type { Reading } from './reading.ts';
import { meaningOf, sentenceOf } from './words.ts';

/** Names of others that are listed; more would only scroll by. */
const MOST_OTHERS = 20;

/** Everything that was said about the commits, with links; and what else there is where nothing was said by whom it should. */
export function diagnosisOf(target: Target, { spoken }: Reading, { matches }: Rules): Diagnosis {
  const sections = spoken.flatMap(({ revision, statuses }) => {
    const own = statuses.filter(({ context }) => matches(context));
    const lines = own.map((status) => `${sentenceOf(status)}${status.url === undefined ? '' : ` ${status.url}`}`);
    return lines.length === 0 ? [] : [{ title: `Said about ${revision.slice(0, 12)}`, lines }];
  });
  if (sections.length > 0) return { target, sections, hints: wordHints(spoken.flatMap(({ statuses }) => statuses)) };
  const others = [...new Set(spoken.flatMap(({ statuses }) => statuses.map(({ context }) => context)))].sort();
  const listed = { title: 'Other contexts that there are', lines: others.slice(0, MOST_OTHERS) };
  return { target, sections: others.length === 0 ? [] : [listed], hints: silenceHints(others.length > 0) };
}

function silenceHints(hasOthers: boolean): readonly string[] {
  const spelling = hasOthers ? ['Compare the names above with contexts.'] : [];
  return [
    ...spelling,
    'Flux tells only with a Provider of the type of the forge and an Alert that selects the object; Argo CD only with a trigger that the application subscribes to.',
  ];
}

/** A success that was not believed needs an explanation. */
function wordHints(statuses: Parameters<typeof meaningOf>[0][]): readonly string[] {
  const doubted = statuses.some((status) => status.state === 'success' && meaningOf(status) !== 'success');
  if (!doubted) return [];
  return [
    'A success of Flux counts only in the words "reconciliation succeeded": before version 2.8 it says success for other events as well.',
  ];
}
