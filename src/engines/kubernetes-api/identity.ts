import { posix } from 'node:path';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type Json, text } from '../api/json.ts';
import type { ClusterAccess, Credentials } from './cluster.ts';
import type { Entry } from './kubeconfig.ts';

type Machine = Pick<Host, 'files' | 'log'>;
export type Identity = Pick<ClusterAccess, 'credentials' | 'renew'>;

/** The data in the file itself goes before a path (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/). */
export async function pem({ value, folder }: Entry, field: string, host: Machine): Promise<string | undefined> {
  const data = text(value[`${field}-data`]);
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const path = text(value[field]);
  return path === undefined ? undefined : readText(posix.resolve(folder, path), field, host);
}

async function readText(path: string, field: string, host: Machine): Promise<string> {
  const bytes = await host.files.read(path);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new ToolError('missing', `The kubeconfig names ${path} as ${field}, and there is no such file`, {
    hint: 'Bring that file into the job, or take its content along: kubectl config view --flatten --raw writes it into the kubeconfig.',
  });
}

export function constantHeader({ token, username, password }: Json, host: Machine): string | undefined {
  const bearer = text(token);
  if (bearer !== undefined) {
    keepSecret(bearer, host);
    return `Bearer ${bearer}`;
  }
  const user = text(username);
  if (user === undefined) return undefined;
  const secret = text(password) ?? '';
  keepSecret(secret, host);
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}

/** What is too short to be hidden everywhere would make every log unreadable. */
export function keepSecret(value: string, { log }: Pick<Host, 'log'>): void {
  if (value.length >= 8) log.secret(value);
}

export function fixed(credentials: Credentials): Identity {
  return { credentials: async () => credentials, renew: () => false };
}

/** Read anew for each request: whoever wrote the file renews it. */
export function tokenFromFile(path: string, pair: Credentials, host: Machine): Identity {
  return {
    async credentials() {
      const token = (await readText(path, 'tokenFile', host)).trim();
      keepSecret(token, host);
      return { ...pair, authorization: `Bearer ${token}` };
    },
    renew: () => true,
  };
}
