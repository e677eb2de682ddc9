import { quoted } from './values.ts';

/** What of `kubernetes-version` is no version at all; which ones are bundled is found out later. */
export function versionProblems(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => text.split(/[\s,]+/))
    .filter((word) => word !== '' && !/^v?\d+\.\d+(\.\d+)?([-+].*)?$/.test(word))
    .map((word) => `${quoted(word)} is no version of Kubernetes, such as 1.34`);
}
