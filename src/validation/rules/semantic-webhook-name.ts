import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { WEBHOOK_KINDS, webhooksOf } from '../kubernetes/webhooks.ts';

export const webhookName = objectRule({
  id: 'semantic/webhook-name',
  title: 'A webhook with a name of less than three parts, or that another has',
  severity: 'error',
  kinds: WEBHOOK_KINDS,
  check(object, report) {
    const seen = new Set<string>();
    for (const { value, path } of webhooksOf(object)) {
      const name = textIn(value, 'name');
      if (name === undefined) continue;
      const isShort = name.split('.').length < 3;
      const problem =
        dnsSubdomain(name) ??
        (isShort ? `must have three parts such as check.example.com, not ${quote(name)}` : undefined);
      if (problem !== undefined) report([...path, 'name'], problem);
      else if (seen.has(name)) report([...path, 'name'], `is ${quote(name)}, as another webhook has it`);
      seen.add(name);
    }
  },
});
