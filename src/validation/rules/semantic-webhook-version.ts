import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsLabelWithLetterFirst, quote } from '../kubernetes/names.ts';
import { listIn, textsIn } from '../kubernetes/reading.ts';
import { WEBHOOK_KINDS, webhooksOf } from '../kubernetes/webhooks.ts';

export const webhookVersion = objectRule({
  id: 'semantic/webhook-version',
  title: 'A webhook that understands no version of the review that the server sends',
  severity: 'error',
  kinds: WEBHOOK_KINDS,
  check(object, report) {
    for (const webhook of webhooksOf(object)) {
      const versions = listIn(webhook.value, 'admissionReviewVersions');
      if (
        Array.isArray(webhook.value.admissionReviewVersions) &&
        !versions.includes('v1') &&
        !versions.includes('v1beta1')
      )
        report([...webhook.path, 'admissionReviewVersions'], 'must hold v1 or v1beta1', { at: 'key' });
      for (const { text, path } of textsIn(webhook, 'admissionReviewVersions')) {
        const problem = text === '' ? 'must not be empty' : dnsLabelWithLetterFirst(text);
        if (problem !== undefined) report(path, problem);
        else if (versions.indexOf(text) !== path.at(-1)) report(path, `is ${quote(text)} for the second time`);
      }
    }
  },
});
