import { describe, expect, it } from '@jest/globals';
import { answerOn, readAnswers, type ServerAnswer, writeAnswers } from '../../scripts/bench-detection/answers.ts';
import { soundBases } from '../../scripts/bench-detection/bases.ts';
import { definitionsOf } from '../../scripts/bench-detection/definitions.ts';
import type { JsonMap } from '../../scripts/bench-detection/json.ts';
import { type Mutant, mutants } from '../../scripts/bench-detection/mutants.ts';
import { ask, dryRun, readAccess } from '../support/api-server.ts';
import { bundledSchemas } from '../support/manifests.ts';

const kubeconfig = process.env.LAB_KUBECONFIG;
const schemas = bundledSchemas('1.34');
type Access = ReturnType<typeof readAccess>;

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** `argoproj.io/Application` of each base whose kind the server does not serve. */
async function missingKinds(access: Access): Promise<ReadonlySet<string>> {
  const kinds = new Set<string>();
  for (const { object } of soundBases()) {
    const apiVersion = String(object.apiVersion);
    const { body } = await ask(access, 'GET', apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
    if (!body.includes(`"kind":"${object.kind}"`)) kinds.add(`${apiVersion.split('/')[0]}/${object.kind}`);
  }
  return kinds;
}

/** Creates a definition as the only one of its name, and waits until its kind is there. */
async function define(access: Access, definition: JsonMap): Promise<void> {
  const { name } = definition.metadata as { name: string };
  const created = await ask(access, 'POST', CRDS, JSON.stringify(definition));
  if (created.status !== 201 && created.status !== 409) throw new Error(`${name}: ${created.body}`);
  for (let again = 0; again < 2_000; again++) {
    const { body } = await ask(access, 'GET', `${CRDS}/${name}`);
    if (/"type":"Established","status":"True"/.test(body)) return;
  }
  throw new Error(`${name} does not come up`);
}

async function answerTo(access: Access, { apiVersion, kind, json, pointer }: Mutant): Promise<ServerAnswer> {
  const { refused, fields } = await dryRun(access, { resource: { apiVersion, kind } }, json, schemas);
  const pointers = fields.flatMap(pointersIn).map((one) => (one.replace(/\[\d+\]/g, '') === '' ? pointer : one));
  return { refused, pointers: [...new Set(pointers)] };
}

/** `spec.ports[0].name` as `/spec/ports/0/name`, from where it stands alone or in quotes in a sentence. */
function pointersIn(text: string): readonly string[] {
  const fields = text.includes(' ') ? [...text.matchAll(/field "([^"]+)"/g)].map(([, field = '']) => field) : [text];
  return fields.map((field) => {
    const parts = [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, key, name]) => key ?? name ?? '');
    return parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  });
}

/** Eight at a time, in the given order. */
async function answersTo(
  access: Access,
  asked: readonly Mutant[],
): Promise<readonly (readonly [Mutant, ServerAnswer])[]> {
  const given: (readonly [Mutant, ServerAnswer])[] = [];
  const left = [...asked.entries()].reverse();
  const work = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const [index, mutant] = one;
      given[index] = [mutant, await answerTo(access, mutant)];
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return given;
}

describe('a real API server and thousands of changed objects', () => {
  (kubeconfig === undefined ? it.skip : it)(
    'gives the answers that were recorded (skipped where LAB_KUBECONFIG names no server; RECORD=1 writes them)',
    async () => {
      const access = readAccess(kubeconfig ?? '');
      const missing = await missingKinds(access);
      if (missing.size > 0) for (const definition of definitionsOf(missing)) await define(access, definition);
      for (const { object, title } of soundBases()) {
        const { apiVersion, kind } = object as { apiVersion: string; kind: string };
        const verdict = await dryRun(access, { resource: { apiVersion, kind } }, JSON.stringify(object), schemas);
        expect({ title, ...verdict }).toEqual({ title, refused: false, fields: [] });
      }
      const { body } = await ask(access, 'GET', '/version');
      const given = await answersTo(access, mutants());
      if (process.env.RECORD === '1') writeAnswers((JSON.parse(body) as { gitVersion: string }).gitVersion, given);
      const recorded = readAnswers();
      const other = given.filter(([mutant, { refused }]) => answerOn(mutant, recorded)?.refused !== refused);
      expect(other.map(([{ base, sort, pointer }]) => `${base}: ${sort} ${pointer}`)).toEqual([]);
    },
    900_000,
  );
});
