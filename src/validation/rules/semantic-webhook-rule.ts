import { objectRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { listIn, type Place, placesIn, textIn, textsIn } from '../kubernetes/reading.ts';
import { WEBHOOK_KINDS, webhooksOf } from '../kubernetes/webhooks.ts';

const LISTS = ['apiGroups', 'apiVersions', 'operations', 'resources'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];

export const webhookRule = objectRule({
  id: 'semantic/webhook-rule',
  title: 'A rule of a webhook that matches nothing, or everything and more',
  severity: 'error',
  wholeOnly: true,
  kinds: WEBHOOK_KINDS,
  check(object, report) {
    for (const rule of webhooksOf(object).flatMap((webhook) => placesIn(webhook, 'rules'))) {
      const { value, path } = rule;
      const missing = LISTS.filter((field) => listIn(value, field).length === 0);
      if (missing.length > 0) report(path, `lacks ${missing.join(' and ')}`, { at: 'key' });
      const mixed = LISTS.find((field) => isMixed(field, listIn(value, field)));
      if (mixed !== undefined) report([...path, mixed], 'must have nothing beside what stands for all', { at: 'key' });
      for (const empty of emptyTexts(rule)) report(empty, 'must not be empty');
      const scope = textIn(value, 'scope');
      if (scope !== undefined && !SCOPES.includes(scope))
        report([...path, 'scope'], `must be one of ${SCOPES.join(', ')}, not ${quote(scope)}`);
    }
  },
});

function isMixed(field: string, items: readonly unknown[]): boolean {
  if (field !== 'resources') return items.length > 1 && items.includes('*');
  if (items.includes('*/*')) return items.length > 1;
  return items.includes('*') && items.some((name) => name !== '*' && !String(name).includes('/'));
}

/** The core group is an empty text; nothing else is. */
function emptyTexts(rule: Place): readonly Place['path'][] {
  const texts = ['apiVersions', 'operations', 'resources'].flatMap((field) => textsIn(rule, field));
  return texts.filter(({ text }) => text === '').map(({ path }) => path);
}
