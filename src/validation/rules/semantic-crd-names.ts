import { placeRule } from '../kubernetes/define-rule.ts';
import { dnsLabelWithLetterFirst } from '../kubernetes/names.ts';
import { placeIn, textIn, textsIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const NEEDED = ['kind', 'plural'];

export const crdNames = placeRule((object) => placeIn(specOf(object), 'names'), {
  id: 'semantic/crd-names',
  title: 'A CustomResourceDefinition of a kind that cannot exist under this name',
  severity: 'error',
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(names, report) {
    for (const field of ['kind', 'listKind', 'plural', 'singular']) {
      const name = textIn(names.value, field);
      if (name === undefined || (name === '' && !NEEDED.includes(field))) continue;
      const isKind = field.toLowerCase().endsWith('kind');
      const problem = name === '' ? 'must not be empty' : dnsLabelWithLetterFirst(isKind ? name.toLowerCase() : name);
      if (problem !== undefined) report([...names.path, field], problem);
    }
    for (const { text, path } of textsIn(names, 'shortNames')) {
      const problem = text === '' ? 'must not be empty' : dnsLabelWithLetterFirst(text);
      if (problem !== undefined) report(path, problem);
    }
  },
});
