import { objectRule } from '../kubernetes/define-rule.ts';
import { entriesIn, type Json, objectIn, textIn } from '../kubernetes/reading.ts';

/** The keys that each type of Secret needs (https://kubernetes.io/docs/concepts/configuration/secret/#secret-types). */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

const ACCOUNT = 'kubernetes.io/service-account.name';

export const secretType = objectRule({
  id: 'semantic/secret-type',
  title: 'A Secret without the keys of its type',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Secret'],
  check({ value, path }, report) {
    const type = textIn(value, 'type') ?? '';
    const keys = new Set(['data', 'stringData'].flatMap((field) => entriesIn(value, field).map(([key]) => key)));
    const needed = Object.hasOwn(NEEDED, type) ? (NEEDED[type] ?? []) : [];
    const missing = needed.filter((key) => !keys.has(key) || (key === 'ssh-privatekey' && isEmptyKey(value, key)));
    if (missing.length > 0) report(path, `lacks ${missing.join(' and ')}, which the type ${type} needs`, { at: 'key' });
    if (type === 'kubernetes.io/basic-auth' && !keys.has('username') && !keys.has('password'))
      report(path, `lacks username or password, which the type ${type} needs`, { at: 'key' });
    const annotations = objectIn(objectIn(value, 'metadata'), 'annotations');
    if (type === 'kubernetes.io/service-account-token' && !annotations?.[ACCOUNT])
      report(path, `lacks the annotation ${ACCOUNT}, which the type ${type} needs`, { at: 'key' });
  },
});

/** Only the key of SSH has to hold something. */
function isEmptyKey(secret: Json, key: string): boolean {
  const texts = ['data', 'stringData']
    .map((field) => objectIn(secret, field)?.[key])
    .filter((text) => text !== undefined);
  return texts.every((text) => text === '' || text === null);
}
