import type { Path } from '../../manifests/locate.ts';
import { entriesIn, type Json, listIn, objectIn } from '../kubernetes/reading.ts';
import { kustomizeField } from '../kustomize-entries.ts';
import { decodeBase64, isOpenConfiguration, isPlaceholder } from '../placeholders.ts';
import { isObject } from '../scalars.ts';
import { isDataKey } from '../secrets.ts';
import { isEncryptedValue } from '../sops.ts';
import type { ManifestObject, ObjectRule, Problem, SetProblem, SetRule } from './rule.ts';

const HINT = 'Encrypt it with SOPS or as a SealedSecret, or let a secret store fill it in.';

/** Messages name keys, never values. */
export const plainSecret: ObjectRule & SetRule = {
  id: 'secret/plain',
  title: 'A Secret whose values stand in Git as they are',
  severity: 'warning',
  kinds: ['/Secret'],
  check: checkSecret,
  checkSet: ({ kustomizations }) =>
    kustomizations.flatMap(({ path: file, content }) =>
      literals(content).map((found) => generatorProblem(file, found)),
    ),
};

function checkSecret(object: ManifestObject): readonly Problem[] {
  if (object.encrypted) return checkEncrypted(object);
  const keys = ['data', 'stringData'].flatMap((field) =>
    entriesIn(object.value, field)
      .filter(([key, value]) => isPlain(key, value, field === 'data') && !isSetting(object.value, key))
      .map(([key]) => ({ field, key })),
  );
  const [first] = keys;
  if (first === undefined) return [];
  const names = [...new Set(keys.map(({ key }) => key))];
  const message = `The Secret holds ${plainValues(names)}.`;
  return [{ rule: plainSecret, path: [...object.path, first.field], at: 'key', message, hint: HINT }];
}

/** A value that somebody wrote into an encrypted file by hand. */
function checkEncrypted(object: ManifestObject): readonly Problem[] {
  return ['data', 'stringData'].flatMap((field) =>
    entriesIn(object.value, field)
      .filter(
        ([key, value]) =>
          isPlain(key, value, field === 'data') && !isEncryptedValue(object.value.sops, [field, key], value),
      )
      .map(([key]): Problem => {
        const message = `${field}.${key} is in plain, in a file that SOPS encrypts.`;
        return {
          rule: plainSecret,
          path: [...object.path, field, key],
          at: 'key',
          message,
          hint: 'Encrypt the file again.',
        };
      }),
  );
}

function isPlain(key: string, value: unknown, isBase64: boolean): boolean {
  if (value === null || value === undefined || typeof value === 'object') return false;
  const text = String(value);
  if (isPlaceholder(text)) return false;
  const decoded = isBase64 ? decodeBase64(text) : text;
  return decoded === undefined || !(isPlaceholder(decoded) || isOpenConfiguration(key, decoded));
}

/** Argo CD describes repositories and clusters in Secrets: what is no credential is no secret there. */
function isSetting(value: Json, key: string): boolean {
  const type = objectIn(objectIn(value, 'metadata'), 'labels')?.['argocd.argoproj.io/secret-type'];
  return typeof type === 'string' && SETTINGS.has(key);
}

const SETTINGS: ReadonlySet<string> = new Set([
  'url',
  'type',
  'name',
  'project',
  'server',
  'namespaces',
  'clusterResources',
  'shard',
  'enableLfs',
  'enableOCI',
  'insecure',
  'forceHttpBasicAuth',
  'githubAppID',
  'githubAppInstallationID',
  'githubAppEnterpriseBaseUrl',
]);

interface Literals {
  readonly at: Path;
  readonly keys: readonly string[];
}

/** By generator: the keys of literals that are no placeholders. */
function literals(content: Json): readonly Literals[] {
  const [field, value] = kustomizeField(content, 'secretGenerator') ?? ['', undefined];
  const generators: readonly unknown[] = Array.isArray(value) ? value : [];
  return generators.flatMap((generator, index) => {
    const entries = listIn(isObject(generator) ? generator : undefined, 'literals').map((literal) =>
      typeof literal === 'string' ? /^([^=]+)=([\s\S]*)$/.exec(literal) : null,
    );
    const plain = entries.filter((entry) => entry !== null && !isPlaceholder(unquoted(entry[2] ?? '')));
    const keys = plain.map((entry) => entry?.[1] ?? '');
    return keys.length === 0 ? [] : [{ keys, at: [field, index, 'literals'] }];
  });
}

function unquoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/s, '$2');
}

function generatorProblem(file: string, { at, keys }: Literals): SetProblem {
  const message = `The secretGenerator holds ${plainValues(keys)}.`;
  return { rule: plainSecret, file, document: 1, path: at, at: 'key', message, hint: HINT, related: [] };
}

/** What is no name of data may be a value that lacks its key. */
function plainValues(names: readonly string[]): string {
  const told = names.map((name) => (isDataKey(name) ? name : 'one without a proper key'));
  const shown = told.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.length === 1 ? 'a value' : `${names.length} values`} in plain: ${shown}${more}`;
}
