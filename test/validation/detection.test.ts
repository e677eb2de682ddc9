import { describe, expect, it } from '@jest/globals';
import { readAnswers } from '../../scripts/bench-detection/answers.ts';
import { soundBases } from '../../scripts/bench-detection/bases.ts';
import { judgeAll, ratesOf } from '../../scripts/bench-detection/judge.ts';
import { mutants } from '../../scripts/bench-detection/mutants.ts';
import { writeYaml } from '../../scripts/bench-detection/write-yaml.ts';
import { createYamlReader } from '../../src/manifests/read-yaml.ts';
import { readYamlFile } from '../../src/validation/read-file.ts';
import { bundledSchemas, checkFiles } from '../support/manifests.ts';

/** Of what the server refuses one in this many is checked here; `npm run bench` checks all. */
const SAMPLE = 10;

describe('thousands of changed objects, of which a real API server was asked', () => {
  const all = mutants();
  const judged = judgeAll(bundledSchemas('1.34'), (answer, index) => !answer.refused || index % SAMPLE === 0);
  const { refused, found, inPlace, taken, alarms } = ratesOf(judged);

  it('are many, of many kinds, and each has a recorded answer', () => {
    const kinds = new Set(all.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
    const answers = readAnswers();
    expect([all.length >= 5_000, kinds.size >= 30]).toEqual([true, true]);
    expect([new Set(all.map(({ key }) => key)).size, answers.size]).toEqual([all.length, all.length]);
    expect(all.filter(({ key }) => !answers.has(key))).toEqual([]);
    expect([refused > 700, taken > 3_000]).toEqual([true, true]);
  });

  it('are found in 98 of 100 of what it refuses, or more', () => {
    expect(found / refused).toBeGreaterThanOrEqual(0.98);
  });

  it('are called an error in 1 of 200 of what it takes, or less', () => {
    expect(alarms / taken).toBeLessThanOrEqual(0.005);
  });

  it('have the error on the right line', () => {
    expect(inPlace / found).toBeGreaterThanOrEqual(0.98);
  });

  it('are made of objects without a mistake', () => {
    const errors = soundBases().flatMap(({ title, object }) =>
      checkFiles({ [`${title}.yaml`]: writeYaml(object).text }).findings.filter(({ severity }) => severity === 'error'),
    );
    expect(errors).toEqual([]);
  });

  it('are written as YAML that reads as what the server was sent', () => {
    for (const { object } of soundBases()) {
      const read = readYamlFile(writeYaml(object).text, 'cluster', createYamlReader(100));
      expect(read.kind === 'documents' && read.documents.map(({ value }) => value)).toEqual([object]);
    }
  });
});
