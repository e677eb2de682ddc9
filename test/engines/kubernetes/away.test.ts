import { expect, it } from '@jest/globals';
import { observeGone } from '../../../src/engines/away.ts';
import { observeAbsent, observeRefused } from '../../../src/engines/kubernetes/away.ts';
import { ToolError } from '../../../src/errors.ts';

const TARGET = { name: 'Deployment/shop/web', kind: 'Deployment', namespace: 'shop' };

it('what is not there is absent, and may still come', () => {
  expect(observeAbsent(TARGET, 7)).toMatchObject({
    at: 7,
    via: 'read',
    state: 'absent',
    trusted: false,
    final: false,
    lasting: 0,
    reasons: ['there is no Deployment/shop/web on the cluster'],
  });
});

it('so is a kind that the server does not serve', () => {
  const observed = observeRefused(TARGET, { kind: 'absent', status: 404, message: '' }, 7);
  expect(observed).toMatchObject({ state: 'absent', final: false });
  expect(observed.reasons).toEqual(['the server does not serve Deployment: HTTP 404']);
});

it.each([
  ['forbidden', 403, 'denied'],
  ['refused', 400, 'protocol'],
] as const)('what may not be read ends the wait: %s', (kind, status, problem) => {
  const observed = observeRefused(TARGET, { kind, status, message: 'no' }, 7);
  expect(observed).toMatchObject({ state: 'unreachable', final: true, problem });
  expect(observed.reasons[0]).toMatch(/^Deployment\/shop\/web may not be read, .*: no$/);
});

it('an error is told in its own words, with its hint where it has one', () => {
  const plain = observeGone(TARGET, new ToolError('temporary', 'no answer'), 7);
  expect(plain).toMatchObject({ state: 'unreachable', final: true, problem: 'temporary', reasons: ['no answer'] });
  expect(observeGone(TARGET, new ToolError('denied', 'no', { hint: 'Ask.' }), 7).reasons).toEqual(['no', 'Ask.']);
});
