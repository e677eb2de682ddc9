import { describe, expect, it } from '@jest/globals';
import { createCelEngine } from '../../../src/validation/cel/engine.ts';
import { readCelVerdicts, readScene } from '../../support/cel-oracle.ts';
import { checkFiles } from '../../support/manifests.ts';

const { setting, objects } = readScene('admission.yaml');
const recorded = readCelVerdicts().admission;
const policies = setting.map(({ text }) => text).join('---\n');

describe('objects beside the answers of a real API server', () => {
  it.each(objects)('$title', ({ title, text }) => {
    const { findings } = checkFiles(
      { 'policies.yaml': policies, 'object.yaml': text },
      { cel: createCelEngine(), disableRules: ['secret'] },
    );
    const said = findings.filter(({ path }) => path === 'object.yaml');
    const verdict = recorded[title];
    expect(said.filter(({ ruleId }) => ruleId !== 'policy/admission')).toEqual([]);
    const messages = (severity: string) =>
      said.filter((finding) => finding.severity === severity).map(({ message }) => message);
    const errors = messages('error').map(plain);
    expect(errors.length > 0).toBe(verdict?.errors.length === 1);
    expect(errors).toEqual(expect.arrayContaining([...(verdict?.errors ?? [])]));
    expect(messages('warning').map(plain)).toEqual(verdict?.warnings.map((text) => text.replace(/^.*': /, '')));
  });
});

function plain(message: string): string {
  return message.replace(/^ValidatingAdmissionPolicy [\w-]+ [^:]+: /, '').replace(/\.$/, '');
}
