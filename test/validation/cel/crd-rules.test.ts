import { describe, expect, it } from '@jest/globals';
import { createCelEngine } from '../../../src/validation/cel/engine.ts';
import { readCelVerdicts, readScene } from '../../support/cel-oracle.ts';
import { checkFiles } from '../../support/manifests.ts';

const { setting, objects } = readScene('rules.yaml');
const recorded = readCelVerdicts().rules;
const crd = setting.map(({ text }) => text).join('---\n');

function check(text: string) {
  const options = { cel: createCelEngine(), disableRules: ['semantic'] };
  return checkFiles({ 'crd.yaml': crd, 'shop.yaml': text }, options).findings.filter(
    ({ path }) => path === 'shop.yaml',
  );
}

/** `spec.doors[1].lock: Invalid value: "string": no lock` as `spec.doors[1].lock: no lock`; of the object itself `no lock`. */
function plain(error: string): string {
  const [, field = '', message = ''] =
    /^(.*?): (?:Invalid value: "[^"]*": |Forbidden: |Required value: )(.*)$/s.exec(error) ?? [];
  return `${field === '<nil>' ? '' : `${field}: `}${message}.`.replace(/\[([a-z]+)\]/g, '.$1');
}

describe('objects beside the answers of a real API server', () => {
  it.each(objects)('$title', ({ title, text }) => {
    const findings = check(text);
    expect(findings.map(({ message }) => message).sort()).toEqual(recorded[title]?.errors.map(plain).sort());
    expect(new Set(findings.map(({ ruleId }) => ruleId)).size).toBeLessThan(2);
  });

  it('stand at the line of what is wrong, or of what should be there', () => {
    const lines = check(objects.find(({ title }) => title === 'many things wrong')?.text ?? '').map(
      ({ line, message }) => `${line} ${message}`,
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        '9 spec.least: least is far over most.',
        '11 spec.hours.sunday: open on Sundays.',
        '14 spec.doors[1].lock: no door without a lock.',
        '16 spec.note: no space around.',
      ]),
    );
  });
});
