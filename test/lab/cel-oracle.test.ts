import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Answer, ask, readAccess } from '../support/api-server.ts';
import {
  CEL_VERDICTS_PATH,
  type CelVerdicts,
  type ExpressionVerdict,
  expressionGroups,
  type Json,
  type ObjectVerdict,
  readCelVerdicts,
  readScene,
  readTable,
  tableWith,
} from '../support/cel-oracle.ts';
import { bundledSchemas } from '../support/manifests.ts';

const kubeconfig = process.env.LAB_KUBECONFIG;
const schemas = bundledSchemas('1.34');
type Access = ReturnType<typeof readAccess>;

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Cause {
  readonly field?: string;
  readonly message?: string;
}

function causesOf({ body }: Answer): readonly Cause[] {
  return (JSON.parse(body) as { details?: { causes?: readonly Cause[] } }).details?.causes ?? [];
}

/** Where objects of this kind are made. */
function pathOf({ apiVersion, kind, metadata }: Json): string {
  const { namespace = 'default' } = metadata as { namespace?: string };
  const schema = schemas.find(String(apiVersion), String(kind), '1.34');
  const isCustom = String(apiVersion).startsWith('cel.example.com');
  const root = String(apiVersion).includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = isCustom ? `${String(kind).toLowerCase()}s` : schema?.plural;
  return `${root}${isCustom || schema?.namespaced === true ? `/namespaces/${namespace}` : ''}/${plural}`;
}

/** Asks again while the path is not there yet. */
async function create(access: Access, object: Json, query = ''): Promise<Answer> {
  for (let again = 0; again < 2_000; again++) {
    const answer = await ask(access, 'POST', `${pathOf(object)}${query}`, JSON.stringify(object));
    if (answer.status !== 404 && answer.status !== 429) return answer;
  }
  throw new Error(`${pathOf(object)} does not come up`);
}

async function createCrd(access: Access, crd: Json): Promise<Answer> {
  const { name } = crd.metadata as { name: string };
  await ask(access, 'DELETE', `${CRDS}/${name}`);
  for (let again = 0; again < 2_000; again++) {
    const { status } = await ask(access, 'GET', `${CRDS}/${name}`);
    if (status === 404) break;
  }
  return ask(access, 'POST', CRDS, JSON.stringify(crd));
}

/** Creates the CRD without the expressions that the server refuses, and asks for the object. */
async function expressionVerdicts(access: Access): Promise<CelVerdicts['expressions']> {
  const { crd, object } = readTable();
  const all = Object.values(expressionGroups()).flat();
  const verdicts = new Map<string, ExpressionVerdict>();
  let left = all;
  let answer = await createCrd(access, tableWith(crd, left));
  while (answer.status >= 300) {
    const refused = new Set(causesOf(answer).map(({ field = '' }) => Number(/validations\[(\d+)\]/.exec(field)?.[1])));
    if (![...refused].some((index) => index < left.length)) throw new Error(answer.body);
    for (const index of refused) verdicts.set(left[index] ?? '', 'refused');
    left = left.filter((_, index) => !refused.has(index));
    answer = await createCrd(access, tableWith(crd, left));
  }
  const said = causesOf(await create(access, object, '?dryRun=All')).map(({ message = '' }) => message);
  for (const [index, expression] of left.entries()) {
    const found = said.find((message) => message.endsWith(`rule ${index}`));
    verdicts.set(
      expression,
      found === undefined ? 'true' : /evaluating rule|did not match a supported/.test(found) ? 'fault' : 'false',
    );
  }
  return Object.fromEntries(all.map((expression) => [expression, verdicts.get(expression) ?? 'refused']));
}

async function verdictOn(access: Access, object: Json): Promise<ObjectVerdict> {
  const answer = await create(access, object, '?dryRun=All');
  const warnings = answer.warnings.filter((text) => text.includes('ValidatingAdmissionPolicy'));
  if (answer.status < 300) return { errors: [], warnings };
  const denied = /denied request: (.*)$/s.exec((JSON.parse(answer.body) as { message?: string }).message ?? '')?.[1];
  if (denied !== undefined) return { errors: [denied], warnings };
  return { errors: causesOf(answer).map(({ field, message }) => `${field}: ${message}`), warnings };
}

async function sceneVerdicts(
  access: Access,
  file: string,
  isReady: (verdicts: Verdicts) => boolean,
): Promise<Verdicts> {
  const { setting, objects } = readScene(file);
  for (const { value } of setting) {
    const isCrd = value.kind === 'CustomResourceDefinition';
    const { status, body } = isCrd ? await createCrd(access, value) : await create(access, value);
    if (status >= 300 && status !== 409) throw new Error(body);
  }
  for (let again = 0; again < 500; again++) {
    const verdicts: [string, ObjectVerdict][] = [];
    for (const { title, value } of objects) verdicts.push([title, await verdictOn(access, value)]);
    if (isReady(Object.fromEntries(verdicts))) return Object.fromEntries(verdicts);
  }
  throw new Error(`${file}: the policies do not come into force`);
}

type Verdicts = Readonly<Record<string, ObjectVerdict>>;

/** Policies come into force one after the other. */
function areInForce(verdicts: Verdicts): boolean {
  const denied = [
    'many replicas',
    'beyond the parameter',
    'images from elsewhere',
    'not excluded',
    'nothing in production',
  ];
  return denied.every((title) => verdicts[title]?.errors.length === 1) && verdicts['a warning']?.warnings.length === 1;
}

describe('a real API server', () => {
  (kubeconfig === undefined ? it.skip : it)(
    'says of every expression and object what was recorded (skipped where LAB_KUBECONFIG names no server; RECORD=1 writes the answers)',
    async () => {
      const access = readAccess(kubeconfig ?? '');
      const version = JSON.parse((await ask(access, 'GET', '/version')).body) as { gitVersion: string };
      const verdicts: CelVerdicts = {
        kubernetes: version.gitVersion,
        expressions: await expressionVerdicts(access),
        rules: await sceneVerdicts(access, 'rules.yaml', () => true),
        admission: await sceneVerdicts(access, 'admission.yaml', areInForce),
      };
      if (process.env.RECORD === '1') writeFileSync(CEL_VERDICTS_PATH, `${JSON.stringify(verdicts, null, 1)}\n`);
      expect(readCelVerdicts()).toEqual({ ...verdicts, kubernetes: readCelVerdicts().kubernetes });
    },
    120_000,
  );
});
