import { isFilledInLater } from './reading.ts';

/**
 * What the server accepts as names. Each function gives the end of a sentence that begins with the name's place, or
 * undefined where the name is good. See
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/validation/validation.go
 */
export type NameCheck = (name: string) => string | undefined;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const LABEL_FORM = 'lower-case letters, digits and -, beginning and ending with a letter or digit';

export const dnsLabel: NameCheck = (name) => {
  if (name.length > 63) return `must have at most 63 characters, not ${name.length}`;
  return LABEL.test(name) ? undefined : `must be ${LABEL_FORM}, not ${quote(name)}`;
};

export const dnsSubdomain: NameCheck = (name) => {
  if (name.length > 253) return `must have at most 253 characters, not ${name.length}`;
  return SUBDOMAIN.test(name)
    ? undefined
    : `must be lower-case letters, digits, - and ., each part beginning and ending with a letter or digit, not ${quote(name)}`;
};

/** Names of Services before Kubernetes 1.36 (https://kep.k8s.io/5311). */
export const dnsLabelWithLetterFirst: NameCheck = (name) => {
  if (name.length > 63) return `must have at most 63 characters, not ${name.length}`;
  return LABEL_1035.test(name)
    ? undefined
    : `must be lower-case letters, digits and -, beginning with a letter and ending with a letter or digit, not ${quote(name)}`;
};

/** Names of RBAC objects: anything that can be one part of a URL's path. */
export const pathSegment: NameCheck = (name) => {
  if (name === '.' || name === '..') return `must not be ${quote(name)}`;
  return /[/%]/.test(name) ? `must not contain / or %, as ${quote(name)} does` : undefined;
};

/** What is wrong with a text that stands as it is; the check comes first, as nearly all texts are good. */
export function problemOf(value: unknown, check: NameCheck): string | undefined {
  if (typeof value !== 'string') return undefined;
  const problem = check(value);
  return problem === undefined || isFilledInLater(value) ? undefined : problem;
}

const MOST_REMEMBERED = 2_000;

/** The same few keys and schedules stand in most objects; those that are good are known by their looks from then on. */
export function rememberGood(check: NameCheck): NameCheck {
  const good = new Set<string>();
  return (name) => {
    if (good.has(name)) return undefined;
    const problem = check(name);
    if (problem === undefined && good.size < MOST_REMEMBERED) good.add(name);
    return problem;
  };
}

/** Keys of labels and annotations: a name of at most 63 characters, and before a / a DNS name. */
export const qualifiedName: NameCheck = rememberGood((name) => {
  const parts = name.split('/');
  const last = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined;
  if (parts.length > 2) return `must have at most one /, not as in ${quote(name)}`;
  if (prefix !== undefined && (prefix.length > 253 || !SUBDOMAIN.test(prefix)))
    return `must have a DNS name before the /, not ${quote(prefix)}`;
  if (last.length > 63) return `must have at most 63 characters after the prefix, not ${last.length}`;
  return QUALIFIED.test(last)
    ? undefined
    : `must be letters, digits, -, _ and ., beginning and ending with a letter or digit, not ${quote(name)}`;
});

export const labelValue: NameCheck = (value) => {
  if (value.length > 63) return `must have at most 63 characters, not ${value.length}`;
  return value === '' || QUALIFIED.test(value)
    ? undefined
    : `must be letters, digits, -, _ and ., beginning and ending with a letter or digit, not ${quote(value)}`;
};

/** Keys of ConfigMaps and Secrets, which become names of files. */
export const configKey: NameCheck = (key) => {
  if (key.length > 253) return `must have at most 253 characters, not ${key.length}`;
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return `must be letters, digits, -, _ and ., not ${quote(key)}`;
  return key === '.' || key.startsWith('..') ? `must not be . or begin with .., as ${quote(key)} does` : undefined;
};

/** https://www.rfc-editor.org/rfc/rfc6335#section-5.1 */
export const portName: NameCheck = (name) => {
  if (name.length > 15) return `must have at most 15 characters, not the ${name.length} of ${quote(name)}`;
  if (!/^[-a-z0-9]+$/.test(name)) return `must be lower-case letters, digits and -, not ${quote(name)}`;
  if (!/[a-z]/.test(name)) return `must have at least one letter, unlike ${quote(name)}`;
  return /^-|-$|--/.test(name) ? `must not begin or end with - or have two in a row, as ${quote(name)} has` : undefined;
};

/** `example.com/path`: a DNS name, a slash, and the rest. */
export const domainPath: NameCheck = (text) => {
  const slash = text.indexOf('/');
  const [domain, rest] = [text.slice(0, Math.max(0, slash)), text.slice(slash + 1)];
  return slash > 0 && dnsSubdomain(domain) === undefined && /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest)
    ? undefined
    : `must be a DNS name, a / and a path, not ${quote(text)}`;
};

/** Hosts of Ingress: a DNS name, or one whose first part is an asterisk. */
export const hostName: NameCheck = (host) => {
  if (!host.includes('*')) return dnsSubdomain(host);
  return host.length <= 253 && host.startsWith('*.') && SUBDOMAIN.test(host.slice(2))
    ? undefined
    : `may have an asterisk only as its whole first part, not as in ${quote(host)}`;
};

export const httpHeaderName: NameCheck = (name) =>
  /^[-A-Za-z0-9]+$/.test(name) ? undefined : `must be letters, digits and -, not ${quote(name)}`;

/** The server takes the start of a name with a trailing - here, and adds five characters. */
export function asPrefixOf(check: NameCheck): NameCheck {
  return (prefix) => check(prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -1)}a` : prefix);
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
