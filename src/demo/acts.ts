import type { Outcome } from '../outcome.ts';
import { renderText } from '../reporting/text.ts';
import { type Act, expectThat, PACE, type Stage, typed } from './stage.ts';

const GOOD_IMAGE = 'my-app:1.1.0';
/** The stand-in's cluster cannot pull it. */
export const BAD_IMAGE = 'my-app:2.0.0';

/** An image is bumped in both of its places, validated, committed, and followed until it is live. */
export async function goodChange(stage: Stage): Promise<Act> {
  heading(stage, 1, 'A good change lands');
  const outcome = await delivered(stage, GOOD_IMAGE, {});
  return {
    outcomes: [outcome],
    surprises: [
      ...expectThat(outcome.exitCode === 0, `act 1 ended with exit code ${outcome.exitCode}, not 0`),
      ...expectThat(outcome.edits.length === 2, `act 1 changed ${outcome.edits.length} places, not 2`),
    ],
  };
}

const MISTAKE = { from: 'replicas: 2 #', to: 'replicas: two #' };

/** Somebody edits a manifest by hand; the check of the pull request points at the line, and the branch stays as it was. */
export async function stoppedChange(stage: Stage): Promise<Act> {
  heading(stage, 2, 'A mistake is stopped before it reaches the branch');
  const { host, repository, folder } = stage;
  const before = await repository.tip();
  const copy = await repository.clone(`${folder}/pull-request`);
  const path = 'kubernetes/manifests/deployment.yaml';
  const bytes = await host.files.read(`${copy.path}/${path}`);
  const text = new TextDecoder()
    .decode(bytes)
    .replace(MISTAKE.from, MISTAKE.to)
    .replace('containerPort', 'containerport');
  await host.files.write(`${copy.path}/${path}`, text);
  const outcome = await typed(stage, 'validate', { paths: ['kubernetes', 'overlays'] }, copy.path);
  show(stage, outcome, (file) => (file === path ? text : undefined));
  const after = await repository.tip();
  return {
    outcomes: [outcome],
    surprises: [
      ...expectThat(outcome.exitCode === 1, `act 2 ended with exit code ${outcome.exitCode}, not 1`),
      ...expectThat(before === after, 'act 2 moved the branch'),
    ],
  };
}

/** An image that cannot be pulled is committed, never gets healthy, is explained, and undone by a Git commit. */
export async function badImage(stage: Stage): Promise<Act> {
  heading(stage, 3, 'A bad image is explained and rolled back by a commit');
  const outcome = await delivered(stage, BAD_IMAGE, { 'on-failure': 'rollback' });
  return {
    outcomes: [outcome],
    surprises: [
      ...expectThat(outcome.exitCode === 1, `act 3 ended with exit code ${outcome.exitCode}, not 1`),
      ...expectThat(
        outcome.notes.some((note) => /^Rolled back by commit .* is live and healthy/.test(note)),
        'act 3 was not rolled back',
      ),
    ],
  };
}

async function delivered(stage: Stage, image: string, more: Readonly<Record<string, string>>): Promise<Outcome> {
  const { repository, standIn } = stage;
  const outcome = await typed(stage, 'deliver', {
    flags: { images: image, ...more },
    hidden: { ...PACE, 'config-repository': repository.path, ...standIn.reached },
  });
  show(stage, outcome);
  return outcome;
}

function heading({ host }: Stage, number: number, title: string): void {
  host.log.info(`\nAct ${number}  ${title}`);
}

function show({ host }: Stage, outcome: Outcome, sources?: (path: string) => string | undefined): void {
  const text = renderText(outcome, sources === undefined ? {} : { sources });
  host.log.info(text.trimEnd().replace(/^(?=.)/gm, '    '));
}
