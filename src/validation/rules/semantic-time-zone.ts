import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';
import { isTimeZone } from '../kubernetes/time-zones.ts';

export const unknownTimeZone = placeRule(specOf, {
  id: 'semantic/time-zone',
  title: 'A time zone that does not exist',
  severity: 'error',
  kinds: ['batch/CronJob'],
  check({ value, path }, report) {
    const zone = textIn(value, 'timeZone');
    if (zone === undefined || isTimeZone(zone)) return;
    report(
      [...path, 'timeZone'],
      `must be a name of the IANA time zone database, such as Europe/Berlin, not ${quote(zone)}`,
    );
  },
});
