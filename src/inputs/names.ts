import type { CamelCase } from './define.ts';

/** `config-repository` to `configRepository`. */
export function camelCase<S extends string>(name: S): CamelCase<S> {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<S>;
}

/** `config-repository` to `DRAWBRIDGE_CONFIG_REPOSITORY`. */
export function variableName(name: string): string {
  return `DRAWBRIDGE_${name.replaceAll('-', '_').toUpperCase()}`;
}

/** `config-repository` to `INPUT_CONFIG-REPOSITORY`: the runner turns spaces into underscores, and hyphens stay. */
export function actionVariableName(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** `a, b and c`. */
export function enumerate(words: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
