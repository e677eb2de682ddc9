import { containerRule } from '../kubernetes/define-rule.ts';
import { isWhole, quantityOf } from '../kubernetes/quantities.ts';
import { entriesIn, objectIn } from '../kubernetes/reading.ts';
import { isExtended, isHugePages } from '../kubernetes/resources.ts';

export const invalidAmount = containerRule({
  id: 'semantic/resource-amount',
  title: 'A request or limit of an amount that cannot be had',
  severity: 'error',
  needs: ['limits', 'requests'],
  check({ value, path }, report) {
    const resources = objectIn(value, 'resources');
    for (const field of ['limits', 'requests']) {
      for (const [name, amount] of entriesIn(resources, field)) {
        const problem = problemOf(name, quantityOf(amount));
        if (problem !== undefined) report([...path, 'resources', field, name], problem);
      }
    }
  },
});

function problemOf(name: string, amount: number | undefined): string | undefined {
  if (amount === undefined) return undefined;
  if (amount < 0) return 'must not be negative';
  if (isExtended(name) && !isWhole(amount)) return 'must be a whole number';
  if (!isHugePages(name)) return undefined;
  const size = quantityOf(name.slice('hugepages-'.length));
  const isMultiple = size !== undefined && size > 0 && amount > 0 && amount % size === 0;
  return isMultiple ? undefined : 'must be a whole number of pages of this size';
}
