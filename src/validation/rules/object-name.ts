import { objectRule } from '../kubernetes/define-rule.ts';
import { nameCheckOf, prefixCheckOf } from '../kubernetes/object-names.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';
import { isUnknownKind } from './api-unknown-kind.ts';

export const invalidName = objectRule({
  id: 'object/name',
  title: 'A name that the server does not accept for the kind',
  severity: 'error',
  check(object, report, context) {
    const metadata = objectIn(object.value, 'metadata');
    const name = textIn(metadata, 'name');
    const isNamed =
      name !== undefined && name !== '' && !(object.kustomized === true && object.resource.kind === 'Namespace');
    const prefix = isNamed ? undefined : textIn(metadata, 'generateName');
    const problem = isNamed
      ? (nameCheckOf(object, context)(name) ?? tooLong(object.resource.kind, name))
      : prefix === undefined
        ? undefined
        : prefixCheckOf(object, context)(prefix);
    // Files of tools look like objects, and their names are their own affair.
    if (problem === undefined || isUnknownKind(object, context.schemas)) return;
    report([...object.path, 'metadata', isNamed ? 'name' : 'generateName'], problem);
  },
});

/** A CronJob adds 11 characters to make the names of its Jobs, which have at most 63. */
function tooLong(kind: string, name: string): string | undefined {
  return kind === 'CronJob' && name.length > 52
    ? `must have at most 52 characters in a CronJob, not ${name.length}`
    : undefined;
}
