import {
  dnsLabel,
  dnsLabelWithLetterFirst,
  dnsSubdomain,
  labelValue,
  type NameCheck,
  qualifiedName,
} from '../../kubernetes/names.ts';
import { parseDate, parseTimestamp } from '../times.ts';
import { type NamedFormat, optionalOf, type Result, unsupported } from '../value.ts';
import { type Overload, on } from './define.ts';
import { parseUrl } from './urls.ts';

/** https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library */
const FORMATS: Readonly<Record<string, NameCheck>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label: dnsLabelWithLetterFirst,
  dns1123LabelPrefix: prefix(dnsLabel),
  dns1123SubdomainPrefix: prefix(dnsSubdomain),
  dns1035LabelPrefix: prefix(dnsLabelWithLetterFirst),
  qualifiedName,
  labelValue,
  uri: (text) => (parseUrl(text) === undefined ? 'must be a URI' : undefined),
  uuid: (text) =>
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text) ? undefined : 'must be a UUID',
  byte: (text) => (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? undefined : 'must be base64'),
  date: (text) => (parseDate(text) === undefined ? 'must be a date' : undefined),
  datetime: (text) => (parseTimestamp(text) === undefined ? 'must be a time' : undefined),
};

const FORMAT = 'kubernetes.NamedFormat';

export const NAMED_FORMATS: readonly Overload[] = [
  ...Object.keys(FORMATS).map((name) => on(`format.${name}`, [], () => ({ type: FORMAT, name }))),
  on('format.named', ['string'], (name) =>
    optionalOf(Object.hasOwn(FORMATS, name) ? { type: FORMAT, name } : undefined),
  ),
  on('.validate', [FORMAT, 'string'], validate),
];

/** Nothing, or a list of what is wrong. */
function validate({ name }: NamedFormat, text: string): Result {
  const check = FORMATS[name];
  if (check === undefined) return unsupported(`the format ${name} is not known`);
  const problem = check(text);
  return optionalOf(problem === undefined ? undefined : [problem]);
}

function prefix(check: NameCheck): NameCheck {
  return (text) => check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
}
