import { describe, expect, it } from '@jest/globals';
import type { InputValues } from '../../src/inputs/definitions.ts';
import { parseInputs } from '../../src/inputs/parse.ts';

/** True only for two types that are the same, optionality and readonly included. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile for anything but `true`. */
function holds<T extends true>(statement: T): boolean {
  return statement;
}

/** A plain object type of an intersection, to compare it. */
type Flat<T> = { [K in keyof T]: T[K] };
type Bump = Flat<InputValues<'bump'>>;
/** `deliver` always waits for the merge. */
type DeliveredBump = Flat<Omit<Bump, 'waitForMerge'>>;
type Wait = Flat<InputValues<'wait'>>;
type Deliver = Flat<InputValues<'deliver'>>;

describe('the types of values', () => {
  it('follow the table', () => {
    const statements = [
      holds<Same<Bump['images'], readonly string[]>>(true),
      holds<Same<Bump['files'], readonly string[]>>(true),
      holds<Same<Bump['strategy'], 'commit' | 'pull-request' | 'dry-run'>>(true),
      holds<Same<Bump['conflictTimeout'], number>>(true),
      holds<Same<Bump['allowDowngrade'], boolean>>(true),
      holds<Same<Bump['author'], string | undefined>>(true),
      holds<Same<Pick<Bump, 'author'>, { readonly author?: string }>>(true),
      holds<Same<Pick<Bump, 'onNoMatch'>, { readonly onNoMatch: 'error' | 'warn' | 'ignore' }>>(true),
      holds<Same<Pick<Wait, 'revision'>, { readonly revision?: string }>>(true),
      holds<'argocd' extends Wait['engine'] ? true : false>(true),
      holds<Same<'stableFor' extends keyof Bump ? true : false, false>>(true),
      holds<Same<'revision' extends keyof Deliver ? true : false, false>>(true),
      holds<Same<'paths' extends keyof Deliver ? true : false, false>>(true),
      holds<Bump extends InputValues<'bump' | 'deliver'> ? true : false>(true),
      holds<Deliver extends InputValues<'bump' | 'deliver'> ? true : false>(true),
      holds<Same<keyof InputValues<'bump' | 'deliver'>, keyof DeliveredBump>>(true),
      holds<Same<InputValues<'wait' | 'deliver'>['revision' & keyof InputValues<'wait' | 'deliver'>], never>>(true),
      holds<Same<Flat<Pick<InputValues<'bump' | 'wait' | 'deliver'>, 'baseBranch'>>, { readonly baseBranch?: string }>>(
        true,
      ),
      holds<Deliver extends DeliveredBump ? true : false>(true),
      holds<Deliver extends Omit<Wait, 'revision' | 'manifests'> ? true : false>(true),
    ];
    expect(statements.every(Boolean)).toBe(true);
  });

  it('are what the parser returns', () => {
    const values = parseInputs('bump', { flags: { images: 'a:1' }, env: {} });
    const timeout: number = values.conflictTimeout;
    expect(timeout).toBe(120_000);
    // @ts-expect-error A value without a default may be absent.
    const author: string = values.author;
    expect(author).toBeUndefined();
    // @ts-expect-error The inputs of other commands are not there.
    expect(values.stableFor).toBeUndefined();
  });
});
