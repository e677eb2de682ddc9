import { podRule } from '../kubernetes/define-rule.ts';
import { dnsLabel, dnsSubdomain, labelValue, type NameCheck, qualifiedName } from '../kubernetes/names.ts';
import { entriesIn, settledText, textIn } from '../kubernetes/reading.ts';

const FIELDS: Readonly<Record<string, NameCheck>> = {
  hostname: dnsLabel,
  nodeName: dnsSubdomain,
  priorityClassName: dnsSubdomain,
  runtimeClassName: dnsSubdomain,
  serviceAccountName: dnsSubdomain,
  subdomain: dnsLabel,
};

export const podNameField = podRule({
  id: 'semantic/pod-name-field',
  title: 'A pod that names something which cannot exist under this name',
  severity: 'error',
  check(pod, report) {
    const { value, kind } = pod;
    for (const field in FIELDS) {
      const isOverwritten = kind === 'StatefulSet' && (field === 'hostname' || field === 'subdomain');
      const name = isOverwritten ? undefined : textIn(value, field);
      const problem = name === undefined || name === '' ? undefined : FIELDS[field]?.(name);
      if (problem !== undefined) report([...pod.path, field], problem);
    }
    for (const [key, label] of entriesIn(value, 'nodeSelector')) {
      const keyProblem = qualifiedName(key);
      if (keyProblem !== undefined) report([...pod.path, 'nodeSelector', key], keyProblem, { at: 'key' });
      const text = settledText(label);
      const problem = text === undefined ? undefined : labelValue(text);
      if (problem !== undefined) report([...pod.path, 'nodeSelector', key], problem);
    }
  },
});
