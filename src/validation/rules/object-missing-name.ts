import { objectRule } from '../kubernetes/define-rule.ts';
import { objectIn } from '../kubernetes/reading.ts';
import { isUnknownKind } from './api-unknown-kind.ts';

export const missingName = objectRule({
  id: 'object/missing-name',
  title: 'An object without a name',
  severity: 'error',
  check(object, report, { schemas }) {
    const metadata = objectIn(object.value, 'metadata');
    if (hasText(metadata?.name) || hasText(metadata?.generateName)) return;
    const isNamedByServer = /(Review|^LimitRange)$/.test(object.resource.kind);
    if (isNamedByServer || isUnknownKind(object, schemas)) return;
    const place = metadata === undefined ? object.path : [...object.path, 'metadata'];
    const missing = metadata === undefined ? 'lacks metadata.name' : 'lacks a name';
    report(place, missing, { at: 'key', hint: 'Add name, or generateName for objects that kubectl create makes.' });
  },
});

function hasText(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
