import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { placesIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

export const crdColumn = placeRule(specOf, {
  id: 'semantic/crd-column',
  title: 'A column of a CustomResourceDefinition with an unknown type or no path',
  severity: 'error',
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(spec, report) {
    for (const version of placesIn(spec, 'versions')) {
      for (const { value, path } of placesIn(version, 'additionalPrinterColumns')) {
        const [type, jsonPath] = [textIn(value, 'type'), textIn(value, 'jsonPath')];
        if (type !== undefined && !TYPES.includes(type))
          report([...path, 'type'], `must be one of ${TYPES.join(', ')}, not ${quote(type)}`);
        if (value.name === '') report([...path, 'name'], 'must not be empty');
        if (jsonPath !== undefined && !/^[.[]/.test(jsonPath))
          report([...path, 'jsonPath'], `must begin with . or [, unlike ${quote(jsonPath)}`);
      }
    }
  },
});
