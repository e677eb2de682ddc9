import type { Row, Scenario } from './scenario.ts';

/** What a runner needs of a stage. */
interface Played {
  readonly rows: readonly Row[];
  close(): Promise<void>;
}

/** One server, and what is played on it. */
export interface Suite<S extends Played> {
  /** Of the server, as the table shows it. */
  readonly version: string;
  readonly scenarios: readonly Scenario<S>[];
  /** `name` is good for a namespace. */
  open(name: string, scenario: Scenario<S>): S;
  /** Why that scenario cannot be played here. */
  lacks(scenario: Scenario<S>): Promise<string | undefined>;
}

export interface Choice {
  /** Scenarios whose name holds one of these texts; all where there is none. */
  readonly only: readonly string[];
  /** How many at a time. */
  readonly jobs: number;
  readonly notYet: boolean;
  /** Also what is marked as extra. */
  readonly all: boolean;
  /** Told of each row as it comes. */
  readonly say: (line: string) => void;
}

/** Plays the chosen ones, several at a time, and then one by one what disturbs others. Rows in the order of the list. */
export async function playSuite<S extends Played>(suite: Suite<S>, choice: Choice): Promise<readonly Row[]> {
  const chosen = suite.scenarios.filter(({ name }) => isChosen(name, choice));
  const rows: Row[] = [];
  const queue = chosen.filter(({ alone }) => !alone);
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      rows.push(...(await play(suite, next, choice)));
  };
  await Promise.all(Array.from({ length: choice.jobs }, worker));
  for (const scenario of chosen.filter(({ alone }) => alone)) rows.push(...(await play(suite, scenario, choice)));
  const place = ({ scenario }: Row) => suite.scenarios.findIndex(({ name }) => scenario.startsWith(name));
  return rows.sort((a, b) => place(a) - place(b));
}

const isChosen = (name: string, { only }: Choice) => only.length === 0 || only.some((text) => name.includes(text));

async function play<S extends Played>(suite: Suite<S>, scenario: Scenario<S>, choice: Choice): Promise<readonly Row[]> {
  const reason = leftOut(scenario, choice) ?? (await suite.lacks(scenario));
  if (reason !== undefined) return [{ ...emptyRow(scenario, suite.version), skipped: reason }];
  const stage = suite.open(`lab-${suite.scenarios.indexOf(scenario)}-${slug(scenario.name)}`, scenario);
  const broken = await scenario.play(stage).then(
    () => [],
    (error: unknown) => [{ ...emptyRow(scenario, suite.version), verdict: 'not played', problem: String(error) }],
  );
  await stage.close().catch((error: unknown) => console.error(`${scenario.name}: clearing away failed: ${error}`));
  const rows = [...stage.rows, ...broken];
  for (const row of rows) choice.say(lineOf(row));
  return rows;
}

function leftOut<S>({ notYet, extra }: Scenario<S>, choice: Choice): string | undefined {
  if (notYet !== undefined && !choice.notYet) return `not yet: ${notYet}`;
  return extra && !choice.all && choice.only.length === 0 ? 'only with --all' : undefined;
}

export function emptyRow({ name, expected }: Pick<Scenario, 'name' | 'expected'>, version: string): Row {
  const { verdict, exit } = expected;
  return { scenario: name, version, expected: `${verdict} ${exit}`, verdict: '', seconds: 0, other: '', problem: '' };
}

function lineOf({ problem, version, seconds, scenario, other }: Row): string {
  const mark = problem === '' ? 'ok    ' : 'FAILED';
  const line = `${mark} ${version.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${scenario}  (${other})`;
  return problem === '' ? line : `${line}\n       ${problem}`;
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .slice(0, 24)
    .replace(/-$/, '');
