/** Rebuilds the schema packs from their sources: `npm run packs`. Needs Go, and the network for what its module cache lacks. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildKubernetesPack } from './packs/kubernetes.ts';
import { downloadModule } from './packs/modules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(`${root}/packs`, { recursive: true });
const bytes = buildKubernetesPack(downloadModule);
writeFileSync(`${root}/packs/kubernetes.pack`, bytes);
console.log(`packs/kubernetes.pack: ${bytes.length} bytes`);
