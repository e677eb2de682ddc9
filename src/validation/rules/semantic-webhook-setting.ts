import { objectRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { numberIn, textIn } from '../kubernetes/reading.ts';
import { WEBHOOK_KINDS, webhooksOf } from '../kubernetes/webhooks.ts';

export const webhookSetting = objectRule({
  id: 'semantic/webhook-setting',
  title: 'A webhook with side effects, a timeout or a reinvocation that cannot be',
  severity: 'error',
  kinds: WEBHOOK_KINDS,
  check(object, report) {
    for (const { value, path } of webhooksOf(object)) {
      if (value.sideEffects === 'Some' || value.sideEffects === 'Unknown')
        report([...path, 'sideEffects'], `must be None or NoneOnDryRun, not "${value.sideEffects}"`);
      const seconds = numberIn(value, 'timeoutSeconds');
      if (seconds !== undefined && (seconds < 1 || seconds > 30))
        report([...path, 'timeoutSeconds'], `must be 1 to 30, not ${seconds}`);
      const reinvocation = textIn(value, 'reinvocationPolicy');
      if (reinvocation !== undefined && reinvocation !== 'Never' && reinvocation !== 'IfNeeded')
        report([...path, 'reinvocationPolicy'], `must be Never or IfNeeded, not ${quote(reinvocation)}`);
    }
  },
});
