import { objectRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { portNumberProblem } from '../kubernetes/ports.ts';
import { isSet, objectIn, placeIn, textIn } from '../kubernetes/reading.ts';
import { WEBHOOK_KINDS, webhooksOf } from '../kubernetes/webhooks.ts';

export const webhookClient = objectRule({
  id: 'semantic/webhook-client',
  title: 'A webhook that is nowhere, or at two places',
  severity: 'error',
  wholeOnly: true,
  kinds: WEBHOOK_KINDS,
  check(object, report) {
    for (const webhook of webhooksOf(object)) {
      const client = placeIn(webhook, 'clientConfig');
      if (client === undefined) continue;
      const [hasUrl, hasService] = [isSet(client.value, 'url'), isSet(client.value, 'service')];
      if (hasUrl === hasService)
        report(client.path, `must have one of url and service, not ${hasUrl ? 'both' : 'none'}`, { at: 'key' });
      const url = textIn(client.value, 'url');
      if (url !== undefined && !/^https:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url))
        report([...client.path, 'url'], `must be an https URL without query, not ${quote(url)}`);
      for (const field of ['name', 'namespace'])
        if (objectIn(client.value, 'service')?.[field] === '')
          report([...client.path, 'service', field], 'must not be empty');
      const port = portNumberProblem(objectIn(client.value, 'service')?.port);
      if (port !== undefined) report([...client.path, 'service', 'port'], port);
      const path = textIn(objectIn(client.value, 'service'), 'path');
      if (path !== undefined && path !== '' && !path.startsWith('/'))
        report([...client.path, 'service', 'path'], `must begin with /, unlike ${quote(path)}`);
    }
  },
});
