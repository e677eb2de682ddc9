/** Rebuilds the schema packs from their sources: `npm run packs`. Needs Go, and the network for what its module cache lacks. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildCrdPack } from './packs/crds.ts';
import { generateCrds } from './packs/generate-crds.ts';
import { buildKubernetesPack } from './packs/kubernetes.ts';
import { downloadModule } from './packs/modules.ts';

const PACKS: Readonly<Record<string, () => Uint8Array>> = {
  'kubernetes.pack': () => buildKubernetesPack(downloadModule),
  'crds.pack': () => buildCrdPack(downloadModule, generateCrds),
};

/** Arguments are names of packs, by default all; `--check` compares and writes nothing. */
const args = process.argv.slice(2);
const isCheck = args.includes('--check');
const wanted = args.filter((arg) => arg !== '--check');
const folder = fileURLToPath(new URL('../packs', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, build] of Object.entries(PACKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const bytes = build();
  if (isCheck && !readFileSync(`${folder}/${name}`).equals(bytes)) throw new Error(`packs/${name} is out of date`);
  if (!isCheck) writeFileSync(`${folder}/${name}`, bytes);
  console.log(`packs/${name}: ${bytes.length} bytes`);
}
