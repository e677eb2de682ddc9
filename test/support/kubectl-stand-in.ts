import { join } from 'node:path';
import { ROOT } from './program.ts';

/** A kubeconfig for the stand-in of an API server, with one context of that name. */
export function kubeconfigFor(url: string, context: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    contexts: [{ name: context, context: { cluster: 'one', user: 'one' } }],
    clusters: [{ name: 'one', cluster: { server: url } }],
    users: [{ name: 'one', user: { token: 'secret' } }],
  });
}

/** A program in place of kubectl that applies the files of a folder to the stand-in of an API server. */
export const KUBECTL_STAND_IN = `#!/usr/bin/env node
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { load, loadAll } = require(${JSON.stringify(join(ROOT, 'node_modules/js-yaml'))});
const args = process.argv.slice(2);
const valueOf = (name) => args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
const config = load(readFileSync(valueOf('--kubeconfig') ?? process.env.KUBECONFIG, 'utf8'));
const namespace = valueOf('--namespace') ?? 'default';
const folder = valueOf('-f');
if (!args.includes('apply') || folder === undefined) throw new Error('not known here: kubectl ' + args.join(' '));
const objects = readdirSync(folder).flatMap((name) => loadAll(readFileSync(join(folder, name), 'utf8')));
const placed = objects.map((object) => ({ ...object, metadata: { namespace, ...object.metadata } }));
fetch(config.clusters[0].cluster.server + '/apply', { method: 'POST', body: JSON.stringify(placed) }).then(() => {
  for (const { kind, metadata } of placed) console.log(kind.toLowerCase() + '/' + metadata.name + ' configured');
});
`;
