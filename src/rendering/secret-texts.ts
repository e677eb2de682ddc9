import { splitDocuments } from '../manifests/documents.ts';
import { directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { decodeText } from '../manifests/text.ts';
import { kustomizeList } from '../validation/kustomize-entries.ts';
import { decodeBase64 } from '../validation/placeholders.ts';
import { isObject } from '../validation/scalars.ts';
import { isSecretKind, mayHoldSecrets } from '../validation/secrets.ts';
import { replaceSecrets, secretLooking } from './secret-values.ts';
import { fieldOf, type Json, readValues, textOf } from './yaml-values.ts';

type Files = ReadonlyMap<string, Uint8Array>;
type Kustomizations = ReadonlyMap<string, { readonly path: string; readonly content: Json }>;

/** What kustomize is given that may not be repeated: values of Secrets, of patches for them, and of what generates them. */
export function secretsOfBuild(files: Files, kustomizations: Kustomizations, around: Json): readonly string[] {
  const sources = [...kustomizations.values()].flatMap(({ path, content }) =>
    sourceFiles(directoryName(path), content),
  );
  const isSource = new Set(sources);
  return [
    ...secretsOf(around),
    ...[...files].flatMap(([path, bytes]) => {
      const text = textOfFile(bytes);
      return isSource.has(path) ? [text] : secretsOfText(text);
    }),
  ];
}

/** The files of a kustomization whose lines become values of Secrets: those of generators, and patches for Secrets alone. */
function sourceFiles(folder: string, content: Json): readonly string[] {
  const generated = kustomizeList(content, 'secretGenerator').flatMap((generator) =>
    ['files', 'envs', 'env'].flatMap((name) => [fieldOf(generator, name)].flat()),
  );
  const patches = [...kustomizeList(content, 'patches'), ...kustomizeList(content, 'patchesJson6902')];
  const patching = patches.flatMap((patch) =>
    isSecretKind(fieldOf(patch, 'target', 'kind')) ? [textOf(patch, 'path')] : [],
  );
  return [...generated, ...patching].flatMap((entry) =>
    typeof entry === 'string' ? [joinPath(folder, entry.slice(entry.indexOf('=') + 1))] : [],
  );
}

/** What Helm is given that may not be repeated: values and parameters with the name of a secret, and Secrets in templates. */
export function secretsOfChart(
  files: Files,
  values: readonly string[],
  parameters: readonly string[],
): readonly string[] {
  const ofValues = values.flatMap((text) => readValues(text, 'cluster').flatMap(({ value }) => secretLooking(value)));
  const ofParameters = parameters.flatMap((text) => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    return secretLooking({ [name]: value });
  });
  const ofFiles = [...files].flatMap(([path, bytes]) => {
    const text = textOfFile(bytes);
    if (/(^|\/)values\.ya?ml$/.test(path))
      return readValues(text, 'cluster').flatMap(({ value }) => secretLooking(value));
    return mayHoldSecrets(text) ? linesBelowData(text) : [];
  });
  return [...ofValues, ...ofParameters, ...ofFiles];
}

function textOfFile(bytes: Uint8Array): string {
  const decoded = decodeText(bytes);
  return decoded.ok ? decoded.text : new TextDecoder().decode(bytes);
}

/** What is no YAML that can be read is taken as a whole. */
function secretsOfText(text: string): readonly string[] {
  if (!mayHoldSecrets(text)) return [];
  return splitDocuments(text).flatMap((piece) => {
    const [read] = readValues(piece.text, 'kustomize');
    return isObject(read?.value) ? secretsOf(read.value) : [piece.text];
  });
}

function secretsOf(value: Json): readonly string[] {
  const found: string[] = [];
  replaceSecrets(value, (secret) => {
    found.push(String(secret));
    return '';
  });
  return found;
}

/** Lines of a template that is no YAML yet. */
function linesBelowData(text: string): readonly string[] {
  let depth = Number.POSITIVE_INFINITY;
  return text.split('\n').filter((line) => {
    const indentation = line.length - line.trimStart().length;
    if (indentation <= depth && line.trim() !== '') depth = Number.POSITIVE_INFINITY;
    const isBelow = indentation > depth;
    if (/^\s*(data|stringData):/.test(line)) depth = indentation;
    return isBelow && !line.includes('{{');
  });
}

const MASK = '***';
/** Shorter ones stand in every sentence. */
const SHORTEST = 4;

/**
 * The words of another program without these texts: not as a whole, line by line, the value of a line alone, in base64 or
 * out of it. Of what it repeats from a file in another form, such as cut short, only that it does so is left.
 */
export function withoutSecrets(words: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return words;
  const told = REPEATING.reduce((text, [pattern, rest]) => text.replace(pattern, rest), words);
  const forms = new Set(secrets.flatMap(formsOf));
  const longestFirst = [...forms].filter((form) => told.includes(form)).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((text, form) => text.replaceAll(form, MASK), told);
}

/** What kustomize and the YAML of Go repeat: a patch, a line as numbers, the beginning of a value. */
const REPEATING: readonly (readonly [RegExp, string])[] = [
  [/ with config: `[\s\S]*`(?=: )/g, ''],
  [/line \[[\d ]*\] has invalid utf8 bytes : .*/g, 'a line is no UTF-8'],
  [/(cannot unmarshal !!\w+) `[^`]*`/g, '$1'],
];

/** Fields of a manifest or a patch that hold no value of a Secret. */
const STRUCTURE = /^["']?(apiVersion|kind|metadata|name|namespace|type|op|path|target)["']?\s*:/;

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r\n|\n|\r/).map((line) => line.trim().replace(/^- /, ''));
  const pieces = lines.length === 1 ? [] : lines.flatMap((line) => [line, ...line.split(/[{}[\],]/)]);
  const open = pieces.map((piece) => piece.trim()).filter((piece) => !STRUCTURE.test(piece) && !/^\w+:$/.test(piece));
  const parts = [...lines.slice(0, lines.length === 1 ? 1 : 0), ...open];
  const values = parts.flatMap((part) => [afterSign(part, '='), afterSign(part, ': ')]);
  const plain = [secret, secret.trim(), ...parts, ...values].flatMap((text) => [text, unquoted(text)]);
  const escaped = plain.map((text) => JSON.stringify(text).slice(1, -1));
  const decoded = decodeBase64(secret.trim()) ?? '';
  const encoded = Buffer.from(secret).toString('base64');
  return [...plain, ...escaped, decoded, encoded].filter((form) => form.trim().length >= SHORTEST);
}

function afterSign(line: string, sign: string): string {
  const at = line.indexOf(sign);
  return at < 0 ? '' : line.slice(at + sign.length).trim();
}

/** Without quotes, and without what makes an anchor, an alias or a tag of a value. */
function unquoted(text: string): string {
  return text
    .replace(/^[*&!@]+/, '')
    .replace(/^["'`]/, '')
    .replace(/["'`,}\]]+$/, '');
}
