import { enumerate } from './names.ts';
import { didYouMean } from './nearest.ts';
import { quoted } from './values.ts';

const WORDS: readonly string[] = ['off', 'auto', 'kustomize', 'helm', 'flux', 'argocd'];

/** What is wrong with each entry of `render`, and with all of them together. */
export function renderProblems(texts: readonly string[]): readonly string[] {
  const wrong = texts.filter((text) => !WORDS.includes(text));
  const problems = wrong.map(
    (text) => `${quoted(text)} is not one of ${enumerate(WORDS, 'or')}.${didYouMean(text, WORDS)}`,
  );
  const isBoth = texts.includes('off') && texts.some((text) => text !== 'off');
  return isBoth ? [...problems, 'off stands beside something that is to be rendered'] : problems;
}
