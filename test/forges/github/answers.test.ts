import { describe, expect, it } from '@jest/globals';
import { readCommitAnswer } from '../../../src/forges/github/commit-answer.ts';
import { errorOf, isRateLimit, nextStep, reasonOf } from '../../../src/forges/github/refusal.ts';

const read = (type: string | undefined, message: string) =>
  readCommitAnswer({ data: {}, errors: [{ message, ...(type === undefined ? {} : { type }) }] }, 'commit', 'here');

describe('what GitHub answers to a commit', () => {
  it('is committed where it names the commit', () => {
    const oid = 'a'.repeat(40);
    const data = { createCommitOnBranch: { commit: { oid } } };
    expect(readCommitAnswer({ data, errors: [] }, 'commit', 'here')).toEqual({ kind: 'committed', revision: oid });
    expect(readCommitAnswer({ data: {}, errors: [] }, 'commit', 'here').kind).toBe('unknown');
  });

  it.each([
    ['STALE_DATA', 'anything'],
    ['UNPROCESSABLE', 'Expected branch to point to "abc" but it did not.  Pull and try again.'],
    [undefined, 'A commit is at 1234 but expected 5678'],
  ])('is stale: %s %s', (type, message) => expect(read(type, message).kind).toBe('stale'));

  it.each([
    ['INTERNAL', 'Something went wrong while executing your query.'],
    [undefined, 'Something went wrong'],
    ['SERVICE_UNAVAILABLE', 'timeout'],
  ])('is not known: %s %s', (type, message) => expect(read(type, message).kind).toBe('unknown'));

  it.each([
    ['RATE_LIMITED', 'API rate limit exceeded', 'temporary'],
    ['FORBIDDEN', 'Resource not accessible by integration', 'denied'],
    ['UNPROCESSABLE', 'GH006: Protected branch update failed', 'denied'],
    ['NOT_FOUND', 'Could not resolve to a Repository', 'missing'],
  ])('fails: %s %s', (type, message, code) => {
    expect(read(type, message)).toMatchObject({
      kind: 'failed',
      error: { code, message: expect.stringContaining(message) },
    });
  });
});

describe('a refusal of the REST API', () => {
  const refusal = (status: number, reason = 'no', headers = {}) => ({ status, reason, headers });

  it.each([
    [301, 'missing'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'missing'],
    [409, 'protocol'],
    [429, 'temporary'],
    [500, 'temporary'],
  ])('%i is %s', (status, code) => expect(errorOf(refusal(status), 'ask', 'here')).toMatchObject({ code }));

  it('tells the limits apart from a denial', () => {
    expect(isRateLimit(refusal(403, 'You have exceeded a secondary rate limit'))).toBe(true);
    expect(isRateLimit(refusal(403, 'no', { 'x-ratelimit-remaining': '0' }))).toBe(true);
    expect(isRateLimit(refusal(403, 'no', { 'retry-after': '60' }))).toBe(true);
    expect(isRateLimit(refusal(403))).toBe(false);
  });

  it.each([
    ['Resource not accessible by integration', /Contents: write/],
    ['Resource protected by organization SAML enforcement.', /Configure SSO/],
    ['refusing to allow a GitHub App to create or update workflow without `workflows` permission', /Workflows: write/],
    ['GitHub Actions is not permitted to create or approve pull requests.', /Workflow permissions/],
    ['Changes must be made through a pull request.', /bypass/],
  ])('names the next step after "%s"', (reason, hint) => expect(nextStep(reason)).toMatch(hint));

  it('gathers the sentences of an answer, whatever shape they have', () => {
    const errors = [{ message: 'one' }, 'two', { field: 'head', code: 'invalid' }, 7];
    expect(reasonOf({ message: 'Validation Failed', errors }, 422)).toBe('Validation Failed; one; two; head invalid');
    for (const data of [undefined, null, '', 7, {}]) expect(reasonOf(data, 502)).toBe('HTTP status 502');
  });
});
