import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createYamlReader } from '../../src/manifests/read-yaml.ts';
import { objectsOf } from '../../src/validation/objects.ts';
import { readYamlFile } from '../../src/validation/read-file.ts';
import { isObject } from '../../src/validation/scalars.ts';
import { ask, dryRun, readAccess } from '../support/api-server.ts';
import { bundledSchemas } from '../support/manifests.ts';
import { type OracleCase, oracleCases, readVerdicts, VERDICTS_PATH, type Verdict } from '../support/oracle.ts';

const kubeconfig = process.env.LAB_KUBECONFIG;
const schemas = bundledSchemas('1.34');

/** What kubectl would be told: the YAML becomes JSON here, as it does there; a List is asked about item by item. */
async function verdictOn(access: ReturnType<typeof readAccess>, { text }: OracleCase): Promise<Verdict> {
  const read = readYamlFile(text, 'cluster', createYamlReader(100));
  const value = read.kind === 'documents' && read.documents[0]?.readable === true ? read.documents[0].value : undefined;
  if (!isObject(value)) return { refused: true, fields: ['unreadable'] };
  const objects = objectsOf(value, { encrypted: false, isPatched: () => false, isKnown: () => true });
  const verdicts: Verdict[] = [];
  for (const object of objects) verdicts.push(await dryRun(access, object, asJson(object.value), schemas));
  return {
    refused: verdicts.some((verdict) => verdict.refused),
    fields: verdicts.flatMap((verdict) => verdict.fields),
  };
}

/** JSON, as kubectl sends it, with all digits of large integers. */
function asJson(value: unknown): string {
  const mark = /"bigint (-?\d+)"/g;
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? `bigint ${inner}` : inner,
  ).replaceAll(mark, '$1');
}

describe('a real API server', () => {
  (kubeconfig === undefined ? it.skip : it)(
    'says of every case what was recorded (skipped where LAB_KUBECONFIG names no server; RECORD=1 writes the answers)',
    async () => {
      const access = readAccess(kubeconfig ?? '');
      const version = JSON.parse((await ask(access, 'GET', '/version')).body) as { gitVersion: string };
      const answers: [string, Verdict][] = [];
      for (const one of oracleCases()) answers.push([one.title, await verdictOn(access, one)]);
      const verdicts = { kubernetes: version.gitVersion, cases: Object.fromEntries(answers) };
      if (process.env.RECORD === '1') writeFileSync(VERDICTS_PATH, `${JSON.stringify(verdicts, null, 1)}\n`);
      expect(readVerdicts().cases).toEqual(verdicts.cases);
    },
    120_000,
  );
});
