import { bump } from '../../src/commands/bump.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import type { ForgeId } from '../../src/forges/forge-ids.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { createRealHost, type RealHostOptions } from './real-host.ts';

/** How the images of the writers are spread over files. */
export type Spread = 'a file each' | 'one file';

const SHARED = 'apps/all.yaml';

const imageOf = (writer: number) => `acme/app-${writer}`;
const fileOf = (writer: number, spread: Spread) => (spread === 'one file' ? SHARED : `apps/app-${writer}.yaml`);

function pod(writers: readonly number[]): string {
  const containers = writers
    .map((writer) => `    - name: c${writer}\n      image: ${imageOf(writer)}:1.0.0\n`)
    .join('');
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  containers:\n${containers}`;
}

/** What is there before the race: one image for each writer. */
export function filesFor(writers: number, spread: Spread): Readonly<Record<string, string>> {
  const all = Array.from({ length: writers }, (_, writer) => writer);
  if (spread === 'one file') return { [SHARED]: pod(all) };
  return Object.fromEntries(all.map((writer) => [fileOf(writer, spread), pod([writer])]));
}

/** Flags of the bump of one writer. */
export function flagsOf(writer: number, spread: Spread): Readonly<Record<string, string>> {
  return { images: `${imageOf(writer)}:2.0.${writer}`, files: fileOf(writer, spread), 'conflict-timeout': '10m' };
}

export interface Racers {
  readonly forge: ForgeId;
  /** `config-repository` */
  readonly address: string;
  readonly token?: string;
  readonly writers: number;
  readonly spread: Spread;
  readonly host?: RealHostOptions;
}

export interface Raced {
  readonly outcomes: readonly Outcome[];
  /** Tries of each writer. */
  readonly tries: readonly number[];
}

/** All of them bump their own image at the same time, each with a connection of its own, as the command does it. */
export async function raceBumps(racers: Racers): Promise<Raced> {
  const { forge, address, token, writers, spread } = racers;
  const env: Record<string, string> = token === undefined ? {} : { DRAWBRIDGE_TOKEN: token };
  const runs = Array.from({ length: writers }, async (_, writer) => {
    const host = createRealHost(racers.host);
    const unused = () => {
      throw new Error('not in this test');
    };
    const context: CommandContext = { host, connectForge, connectEngine: unused, run: unused };
    const flags = { ...flagsOf(writer, spread), forge, 'config-repository': address };
    const outcome = await bump(parseInputs('bump', { flags, env }), context);
    return { outcome, tries: 1 + host.lines.filter((line) => line.startsWith('The branch moved (')).length };
  });
  const ended = await Promise.all(runs);
  return { outcomes: ended.map(({ outcome }) => outcome), tries: ended.map(({ tries }) => tries) };
}

/** `64 writers, 171 tries: 2.7 each, 9 at most, in 41 s` */
export function describeTries(tries: readonly number[], milliseconds: number): string {
  const all = tries.reduce((sum, each) => sum + each, 0);
  const each = (all / tries.length).toFixed(1);
  const seconds = (milliseconds / 1000).toFixed(0);
  return `${tries.length} writers, ${all} tries: ${each} each, ${Math.max(...tries)} at most, in ${seconds} s`;
}

/** What a reader of the final head has to find. */
export interface FinalHead {
  /** First parents, newest first. */
  readonly history: readonly string[];
  readonly read: (path: string) => Promise<string> | string;
}

/** @returns everything that is wrong: lost, doubled, or told otherwise than it is */
export async function problemsOf(raced: Raced, spread: Spread, { history, read }: FinalHead): Promise<string[]> {
  const writers = raced.outcomes.length;
  const problems: string[] = [];
  if (history.length !== writers + 1) problems.push(`${history.length - 1} commits of ${writers} writers`);
  const told = raced.outcomes.map(({ outputs }) => outputs.revision ?? '');
  if (new Set(told).size !== writers) problems.push(`${new Set(told).size} revisions told by ${writers} writers`);
  for (const [writer, outcome] of raced.outcomes.entries()) {
    if (outcome.exitCode !== 0 || outcome.outputs.changed !== 'true') problems.push(`writer ${writer} did not succeed`);
    if (!history.includes(told[writer] ?? '')) problems.push(`the commit of writer ${writer} is lost`);
    const text = await read(fileOf(writer, spread));
    if (!text.includes(`${imageOf(writer)}:2.0.${writer}\n`)) problems.push(`the value of writer ${writer} is lost`);
  }
  return problems;
}
