import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { isToolKind } from './tool-kinds.ts';

export interface OccurringKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * The kinds that objects in these files may be of, found in the text alone: each `apiVersion` with the `kind` before and
 * after it. More than there are is harmless, and none is missed: what is found here only decides what is fetched.
 */
export function occurringKinds(files: readonly SourceFile[]): readonly OccurringKind[] {
  const found = new Map<string, OccurringKind>();
  for (const { bytes } of files) {
    const decoded = decodeText(bytes);
    for (const kind of decoded.ok ? kindsIn(decoded.text) : []) found.set(`${kind.apiVersion}/${kind.kind}`, kind);
  }
  return [...found.values()].filter(({ apiVersion, kind }) => !isToolKind(apiVersion, kind));
}

const WORDS = /(?<![\w.-])["']?(apiVersion|kind)["']?\s*:\s*["']?([A-Za-z0-9][\w.-]*(?:\/[\w.-]+)?)/g;

function kindsIn(text: string): readonly OccurringKind[] {
  const words = [...text.matchAll(WORDS)].map(([, name, value = '']) => ({ name, value }));
  return words.flatMap(({ name, value }, index) => {
    if (name !== 'apiVersion') return [];
    return [words[index - 1], words[index + 1]].flatMap((near) =>
      near?.name === 'kind' && !near.value.includes('/') ? [{ apiVersion: value, kind: near.value }] : [],
    );
  });
}
