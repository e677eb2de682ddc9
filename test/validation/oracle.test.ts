import { describe, expect, it } from '@jest/globals';
import { checkFiles } from '../support/manifests.ts';
import { type OracleCase, oracleCases, readVerdicts } from '../support/oracle.ts';

/** Where we differ from the server; docs/validation-coverage.md says why. */
const MISSED: readonly string[] = ['autoscaler: least 0 without the feature'];
const ALARMS: readonly string[] = [];

const verdicts = readVerdicts();
const results = oracleCases().map((one) => ({ ...one, ...resultOf(one) }));

function resultOf({ title, text }: OracleCase) {
  const { findings } = checkFiles({ 'x.yaml': text });
  const errors = findings.filter(({ severity }) => severity === 'error');
  return { verdict: verdicts.cases[title], errors, warnings: findings.length - errors.length };
}

/** `/spec/a` and `/spec/a/b` lie on one way. */
function onOneWay(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

/** `spec.ports[0].name` as `/spec/ports/0/name`. */
function pointerOf(field: string): string {
  return `/${field
    .replaceAll(/\[([^\]]*)\]/g, '.$1')
    .replaceAll('/', '~1')
    .replaceAll('.', '/')}`;
}

describe('beside the answers of a real API server', () => {
  it('there are hundreds of cases, each with an answer', () => {
    const sound = results.filter(({ sort }) => sort === 'sound').length;
    expect([sound >= 100, results.length - sound >= 500]).toEqual([true, true]);
    expect(results.filter(({ verdict }) => verdict === undefined).map(({ title }) => title)).toEqual([]);
    expect(Object.keys(verdicts.cases).length).toBe(results.length);
  });

  it('what the server refuses is an error', () => {
    const missed = results.filter(({ verdict, errors }) => verdict?.refused === true && errors.length === 0);
    expect(missed.map(({ title }) => title)).toEqual(MISSED);
  });

  it('what the server takes is none', () => {
    const alarms = results.filter(({ verdict, errors }) => verdict?.refused === false && errors.length > 0);
    expect(alarms.map(({ title }) => title)).toEqual(ALARMS);
  });

  it('objects that only look wrong are taken, by the server and by us', () => {
    const sound = results.filter(({ sort }) => sort === 'sound');
    const wrong = sound.filter(({ verdict, errors }) => verdict?.refused === true || errors.length > 0);
    expect(wrong.map(({ title }) => title)).toEqual([]);
  });

  it('what the server takes and drops in silence is a warning, where we know of it', () => {
    const quiet = results.filter(
      ({ sort, verdict, warnings }) => sort === 'planted' && verdict?.refused === false && warnings === 0,
    );
    expect(quiet.map(({ title }) => title)).toEqual(['pod: projected part of nothing', 'priority: no value']);
  });

  it('an error stands where the mistake is, or where the server sees it, at least 97 times in 100', () => {
    const found = results.filter(({ changed, errors }) => changed.length > 0 && errors.length > 0);
    const astray = found.filter(({ changed, errors, verdict }) => {
      const places = [...changed, ...(verdict?.fields ?? []).map(pointerOf)];
      return !errors.some(({ pointer = '' }) => places.some((place) => onOneWay(pointer, place)));
    });
    expect(astray.length / found.length).toBeLessThanOrEqual(0.03);
  });
});
