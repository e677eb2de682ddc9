import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';

const FOLDER = resolve(import.meta.dirname, '../validation/fixtures/oracle');
export const VERDICTS_PATH = resolve(FOLDER, 'verdicts.json');

export type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** One document that an API server was asked about. */
export interface OracleCase {
  /** Such as `pod: port 0`. */
  readonly title: string;
  readonly sort: 'sound' | 'planted';
  /** YAML as a user has it; planted ones are JSON, one field a line. */
  readonly text: string;
  /** JSON pointers to what was changed. */
  readonly changed: readonly string[];
}

/** What the server said: the fields that it complained about, or none. */
export interface Verdict {
  readonly refused: boolean;
  readonly fields: readonly string[];
}

export interface Verdicts {
  /** Version of the server. */
  readonly kubernetes: string;
  readonly cases: Readonly<Record<string, Verdict>>;
}

export function readVerdicts(): Verdicts {
  return JSON.parse(readFileSync(VERDICTS_PATH, 'utf8')) as Verdicts;
}

/** All bases, all tricky ones, and each base with each mistake. */
export function oracleCases(): readonly OracleCase[] {
  const bases = titled('bases.yaml', 'base');
  const tricky = titled('sound.yaml', 'sound');
  return [
    ...[...bases, ...tricky].map(([title, text]): OracleCase => ({ title, sort: 'sound', text, changed: [] })),
    ...plantedCases(new Map(bases)),
  ];
}

/** Documents by the title in their first comment. */
function titled(file: string, word: string): readonly (readonly [string, string])[] {
  return readFileSync(resolve(FOLDER, file), 'utf8')
    .split(/^---\n/m)
    .map((text) => [new RegExp(`^# ${word}: (.*)$`, 'm').exec(text)?.[1] ?? 'untitled', text] as const);
}

function plantedCases(bases: ReadonlyMap<string, string>): readonly OracleCase[] {
  const planted = load(readFileSync(resolve(FOLDER, 'planted.yaml'), 'utf8')) as Record<
    string,
    Record<string, Record<string, Json>>
  >;
  return Object.entries(planted).flatMap(([base, mistakes]) => {
    const sound = readAsCluster(bases.get(base) ?? '');
    return Object.entries(mistakes).map(([what, changes]): OracleCase => {
      const object = structuredClone(sound);
      for (const [pointer, value] of Object.entries(changes)) change(object, pointer, value);
      const text = JSON.stringify(object, null, 1);
      return { title: `${base}: ${what}`, sort: 'planted', text, changed: Object.keys(changes) };
    });
  });
}

/** As the cluster reads it: octal numbers, and no dates. */
function readAsCluster(text: string): Json {
  const octal = text.replaceAll(/(?<=ode: )0(\d{3})\b/g, (_, digits: string) => String(Number.parseInt(digits, 8)));
  return load(octal) as Json;
}

function change(object: Json, pointer: string, value: Json): void {
  const parts = pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const parent = parts.slice(0, -1).reduce<Json>((inner, part) => step(inner, part), object) as Record<string, Json>;
  const name = parts.at(-1) ?? '';
  if (value === '(absent)') delete parent[name];
  else parent[name] = grown(value);
}

function step(value: Json, part: string): Json {
  const map = value as Record<string, Json>;
  map[part] ??= {};
  return map[part];
}

/** Sizes in words become texts of that size. */
function grown(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const [, count, unit] = /^\((\d+) ([KM])iB\)$/.exec(String(inner)) ?? [];
      return [key, count === undefined ? inner : 'x'.repeat(Number(count) << (unit === 'K' ? 10 : 20))];
    }),
  );
}
