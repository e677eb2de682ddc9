import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';

type Fields = Readonly<Record<string, unknown>>;

/** A kubeconfig with one context, `here`, that is the current one. */
export function kubeconfigOf(cluster: Fields, user: Fields, context: Fields = {}): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', ...context } }],
    clusters: [{ name: 'c', cluster: { server: 'https://k8s.example.com', ...cluster } }],
    users: [{ name: 'u', user }],
  });
}

/** Writes files below a folder; the ending `.sh` makes one a program. */
export function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: name.endsWith('.sh') ? 0o700 : 0o600 });
  }
}
