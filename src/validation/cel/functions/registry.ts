import { ADDRESSES } from './addresses.ts';
import { CONVERSIONS } from './conversions.ts';
import { type CelFunction, collect } from './define.ts';
import { NAMED_FORMATS } from './formats.ts';
import { LISTS } from './lists.ts';
import { OPERATORS } from './operators.ts';
import { OPTIONALS } from './optionals.ts';
import { PATTERNS } from './patterns.ts';
import { QUANTITIES } from './quantities.ts';
import { SEMVERS } from './semvers.ts';
import { STRINGS } from './strings.ts';
import { TIMES } from './times.ts';
import { URLS } from './urls.ts';

/** All functions, operators among them, by name; methods begin with a full stop. */
export const FUNCTIONS: ReadonlyMap<string, CelFunction> = collect([
  ...OPERATORS,
  ...CONVERSIONS,
  ...STRINGS,
  ...LISTS,
  ...OPTIONALS,
  ...TIMES,
  ...PATTERNS,
  ...QUANTITIES,
  ...URLS,
  ...ADDRESSES,
  ...NAMED_FORMATS,
  ...SEMVERS,
]);
