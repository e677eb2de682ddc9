import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { load } from 'js-yaml';
import type { ManifestObject } from '../../src/validation/rules/rule.ts';
import type { Schemas } from '../../src/validation/schemas.ts';
import type { Verdict } from './oracle.ts';

interface Access {
  readonly server: string;
  readonly ca: Buffer;
  readonly token?: string;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly {
    user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string };
  }[];
}

/** How to reach the first cluster of a kubeconfig. */
export function readAccess(path: string): Access {
  const config = load(readFileSync(path, 'utf8')) as Kubeconfig;
  const [cluster, user] = [config.clusters[0]?.cluster, config.users[0]?.user];
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64');
  return {
    server: cluster?.server ?? '',
    ca: bytes(cluster?.['certificate-authority-data']),
    ...(user?.token === undefined
      ? { cert: bytes(user?.['client-certificate-data']), key: bytes(user?.['client-key-data']) }
      : { token: user.token }),
  };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The texts of `Warning` headers. */
  readonly warnings: readonly string[];
}

export function ask(access: Access, method: string, path: string, body?: string): Promise<Answer> {
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
  };
  const { ca, cert, key } = access;
  const options = { method, headers, ca, ...(cert === undefined ? {} : { cert, key }) };
  return new Promise((settle, fail) => {
    const sent = request(new URL(path, access.server), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        settle({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          warnings: warningsIn(response.headers.warning ?? ''),
        }),
      );
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

/** Creates an object for nothing but the answer, with strict field validation. */
export async function dryRun(
  access: Access,
  object: Pick<ManifestObject, 'resource'>,
  json: string,
  schemas: Schemas,
): Promise<Verdict> {
  const { apiVersion, kind } = object.resource;
  const schema = schemas.find(apiVersion, kind, schemas.versions[0] ?? '');
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = schema?.namespaced === true ? '/namespaces/default' : '';
  const path = `${root}${scope}/${schema?.plural ?? kind.toLowerCase()}?dryRun=All&fieldValidation=Strict`;
  const answer = await ask(access, 'POST', path, json);
  const isThere = answer.status === 409 && answer.body.includes('AlreadyExists');
  if (answer.status < 300 || isThere) return { refused: false, fields: [] };
  if (![400, 403, 422].includes(answer.status)) throw new Error(`${answer.status} to ${path}: ${answer.body}`);
  return { refused: true, fields: fieldsOf(answer.body) };
}

/** The fields that the server names, or the end of its sentence where it names none. */
function fieldsOf(body: string): readonly string[] {
  const status = JSON.parse(body) as { message?: string; details?: { causes?: readonly { field?: string }[] } };
  const fields = (status.details?.causes ?? []).flatMap(({ field }) => (field === undefined ? [] : [field]));
  if (fields.length > 0) return [...new Set(fields)].sort();
  return [(status.message ?? '').replace(/^.*strict decoding error: /s, '').slice(-120)];
}

/** `299 - "text", 299 - "text"` (https://www.rfc-editor.org/rfc/rfc7234#section-5.5). */
function warningsIn(header: string): readonly string[] {
  return [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}
