import { isObject } from '../validation/scalars.ts';
import { hasSecretName, isDataKey, isSecretKind, namesSecret } from '../validation/secrets.ts';
import { fieldOf, type Json } from './yaml-values.ts';

/** What stands in place of a value, or of a name that may be one. */
type Replace = (secret: unknown) => unknown;

/**
 * The object with every value replaced that a Secret holds, wherever in it the Secret stands: as the object itself, as an item
 * of a list, inside another object, as text, or in the making (`secretGenerator`, `stringData`, a patch for Secrets, the
 * template of a kind such as ExternalSecret). What holds none is given back as it is.
 */
export function replaceSecrets(value: Json, replace: Replace): Json {
  return objectWith(value, { replace, isOfSecrets: /Secret/.test(String(value.kind)), isObject: true }) as Json;
}

interface Walk {
  readonly replace: Replace;
  /** The whole is of a kind such as SealedSecret or SecretStore. */
  readonly isOfSecrets: boolean;
  /** The value is a Kubernetes object: the document, or an item of a list. */
  readonly isObject: boolean;
}

function within(value: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return isManifestOfSecret(value) ? walk.replace(value) : value;
  if (Array.isArray(value))
    return sameOr(
      value,
      value.map((item) => within(item, walk)),
    );
  return isObject(value) ? objectWith(value, { ...walk, isObject: false }) : value;
}

function objectWith(value: Json, walk: Walk): unknown {
  if (isSecret(value, walk.isObject)) return secretWith(value, walk.replace);
  const { kind, items } = value;
  const isListOfSecrets = typeof kind === 'string' && kind.endsWith('List') && isSecretKind(kind.slice(0, -4));
  const isForSecret = isSecretKind(fieldOf(value, 'target', 'kind'));
  const isDraft = Object.keys(value).some(isStringData);
  return mapEntries(value, (key, inner) => {
    if (isStringData(key) || (isDraft && key === 'data')) return allWith(inner, walk.replace);
    if (key.toLowerCase() === 'secretgenerator') return generatorsWith(inner, walk.replace);
    if (isForSecret && key === 'patch') return allWith(inner, walk.replace);
    if (walk.isOfSecrets && TEMPLATES.has(key)) return templateWith(inner, walk.replace);
    if (key === 'items' && Array.isArray(items) && isListOfSecrets) return allSecrets(items, walk.replace);
    return within(inner, walk);
  });
}

/**
 * A reference has a kind as well, but no metadata and no data; what lacks its kind may be a Secret. Helm keeps releases, values
 * and all, in objects of this name.
 */
function isSecret(value: Json, isWhole: boolean): boolean {
  const name = fieldOf(value, 'metadata', 'name');
  if (typeof name === 'string' && name.startsWith('sh.helm.release.v1.')) return true;
  if (value.kind === undefined) return isWhole && value.data !== undefined;
  return isSecretKind(value.kind) && (isWhole || isObject(value.metadata) || Object.keys(value).some(isData));
}

function isData(key: string): boolean {
  return key === 'data' || isStringData(key);
}

function isStringData(key: string): boolean {
  return key.toLowerCase() === 'stringdata';
}

function allSecrets(items: readonly unknown[], replace: Replace): unknown {
  return items.map((item) => (isObject(item) ? secretWith(item, replace) : allWith(item, replace)));
}

const OPEN_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'type']);
const OPEN_METADATA: ReadonlySet<string> = new Set(['name', 'generateName', 'namespace', 'labels']);

/** Everything but what a Secret is, and what it is called: `kubectl apply` writes the values into an annotation as well. */
function secretWith(secret: Json, replace: Replace): Json {
  return mapEntries(secret, (key, inner) => {
    if (OPEN_FIELDS.has(key) || (key === 'immutable' && typeof inner === 'boolean')) return inner;
    if (key !== 'metadata' || !isObject(inner)) return allWith(inner, replace, isData(key));
    return mapEntries(inner, (name, field) => (OPEN_METADATA.has(name) ? field : allWith(field, replace)));
  });
}

/**
 * Every scalar below. A name of data that is none the server takes, or that has no value, may be a line of a file without
 * `=`, and is replaced as well.
 */
function allWith(value: unknown, replace: Replace, isOfData = false): unknown {
  if (Array.isArray(value)) return value.map((item) => allWith(item, replace));
  if (!isObject(value)) return value === null || value === undefined ? value : replace(value);
  const entries = Object.entries(value).map(([key, inner]) => {
    const isName = !isOfData || (isDataKey(key) && inner !== '');
    return [isName ? key : String(replace(key)), allWith(inner, replace)];
  });
  return Object.fromEntries(entries);
}

const OPEN_OPTIONS = /^(name|namespace|type|behavior|files|envs?|disableNameSuffixHash|immutable)$/;

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/ */
function generatorsWith(value: unknown, replace: Replace): unknown {
  if (!Array.isArray(value)) return allWith(value, replace);
  return value.map((generator) => {
    if (!isObject(generator)) return allWith(generator, replace);
    return mapEntries(generator, (key, inner) => {
      if (OPEN_OPTIONS.test(key)) return inner;
      return key === 'literals' && Array.isArray(inner)
        ? inner.map((literal) => literalWith(literal, replace))
        : allWith(inner, replace);
    });
  });
}

function literalWith(literal: unknown, replace: Replace): unknown {
  const [, key = '', value = ''] = typeof literal === 'string' ? (/^([^=]+)=(.*)$/s.exec(literal) ?? []) : [];
  return isDataKey(key) ? `${key}=${String(replace(value))}` : allWith(literal, replace);
}

/** Where kinds that make Secrets say what else is in them, and stores for tests what they give. */
const TEMPLATES: ReadonlySet<string> = new Set([
  'template',
  'templates',
  'secretTemplate',
  'secretTemplates',
  'transformation',
  'fake',
]);
const TEMPLATE_VALUES = /^(data|stringData|annotations|literal|text|value|valueMap)$/;
const PLAIN_REFERENCE = /^\s*\{\{-?[\w.|\s]+-?\}\}\s*$/;

/** https://external-secrets.io/latest/guides/templating/; what only refers to a value is shown. */
function templateWith(value: unknown, replace: Replace): unknown {
  const unlessReference: Replace = (text) =>
    typeof text === 'string' && PLAIN_REFERENCE.test(text) ? text : replace(text);
  if (Array.isArray(value)) return value.map((item) => templateWith(item, replace));
  if (!isObject(value)) return value;
  return mapEntries(value, (key, inner) =>
    TEMPLATE_VALUES.test(key) && !Array.isArray(inner) ? allWith(inner, unlessReference) : templateWith(inner, replace),
  );
}

/** A manifest or a patch in a text, with data in it. */
function isManifestOfSecret(text: string): boolean {
  return /data\\*["']?\s*[:/]|secretGenerator/i.test(text) && /[\n{]/.test(text) && namesSecret(text);
}

/** The texts below names that secrets have, in values of a chart; names and references of Secrets are none. */
export function secretLooking(value: unknown, isBelow = false): readonly string[] {
  if (typeof value === 'string') return isBelow ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretLooking(item, isBelow));
  if (!isObject(value)) return isBelow && value !== null && value !== undefined ? [String(value)] : [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretLooking(inner, !/(name|ref)$|^existing/i.test(key) && (isBelow || hasSecretName(key))),
  );
}

function mapEntries(value: Json, change: (key: string, inner: unknown) => unknown): Json {
  const entries = Object.entries(value);
  const changed = entries.map(([key, inner]) => [key, change(key, inner)] as const);
  return changed.every(([, inner], index) => inner === entries[index]?.[1]) ? value : Object.fromEntries(changed);
}

function sameOr(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, index) => item === before[index]) ? before : after;
}
