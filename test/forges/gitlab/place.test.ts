import { describe, expect, it } from '@jest/globals';
import { isOnGitlab, placeOf, tokenOf } from '../../../src/forges/gitlab/place.ts';
import { reasonOf } from '../../../src/forges/gitlab/refusal.ts';
import { connectForge } from '../../../src/forges/registry.ts';
import { createRealHost } from '../../support/real-host.ts';

const at = (url: string) => ({ kind: 'url', url }) as const;
const JOB = { GITLAB_CI: 'true', CI_SERVER_HOST: 'git.acme.test', CI_SERVER_URL: 'https://git.acme.test/gitlab' };

describe('the place of a project', () => {
  it.each([
    ['https://gitlab.com/acme/config.git', {}, 'https://gitlab.com', 'acme/config'],
    ['https://gitlab.com/acme/platform/eu/config', {}, 'https://gitlab.com', 'acme/platform/eu/config'],
    ['git@gitlab.com:acme/platform/config.git', {}, 'https://gitlab.com', 'acme/platform/config'],
    ['ssh://git@altssh.gitlab.com:443/acme/config.git', {}, 'https://gitlab.com', 'acme/config'],
    ['https://git.acme.test:8443/acme/config.git/', {}, 'https://git.acme.test:8443', 'acme/config'],
    ['https://git.acme.test/gitlab/acme/config.git', JOB, 'https://git.acme.test/gitlab', 'acme/config'],
    ['git@git.acme.test:acme/config.git', JOB, 'https://git.acme.test/gitlab', 'acme/config'],
  ])('%s', (url, env, web, project) => {
    expect(placeOf(at(url), env)).toEqual({ web, project });
  });

  it('is below the path of forge-url', () => {
    const address = at('https://git.acme.test/gitlab/acme/config.git');
    const place = { web: 'https://git.acme.test/gitlab', project: 'acme/config' };
    expect(placeOf(address, {}, 'https://git.acme.test/gitlab/')).toEqual(place);
    expect(placeOf(address, {}, 'https://git.acme.test/gitlab/api/v4')).toEqual(place);
  });

  it.each(['https://gitlab.com/config.git', 'file:///srv/acme/config.git'])('%s is none', (url) => {
    expect(() => placeOf(at(url), {})).toThrow(/needs the address of a project/);
  });
});

describe('GitLab is certain of', () => {
  it.each([
    ['https://gitlab.com/acme/config.git', {}, true],
    ['git@gitlab.com:acme/config.git', {}, true],
    ['https://git.acme.test/acme/config.git', JOB, true],
    ['https://git.acme.test/acme/config.git', { ...JOB, CI_SERVER_HOST: undefined }, true],
    ['https://git.acme.test/acme/config.git', { ...JOB, GITLAB_CI: undefined }, false],
    ['https://gitlab.com.evil.test/acme/config.git', JOB, false],
    ['https://github.com/acme/config.git', JOB, false],
    ['file:///srv/config.git', JOB, false],
  ])('%s with %j: %s', (url, env, expected) => {
    expect(isOnGitlab(at(url), env)).toBe(expected);
  });

  it('its address, and is chosen by itself', async () => {
    const host = createRealHost();
    const forge = await connectForge({ host }, at('https://gitlab.com/acme/config.git'));
    expect([forge.id, forge.location]).toEqual(['gitlab', 'https://gitlab.com/acme/config.git']);
    await forge.close();
  });
});

it.each([
  ['https://gitlab.com/a/b', 'given', 'given'],
  ['https://gitlab.com/a/b', '', undefined],
  ['https://oauth2:written@gitlab.com/a/b', 'given', 'written'],
  ['https://gitlab-ci-token:job@gitlab.com/a/b', 'given', 'given'],
  ['https://gitlab-ci-token:job@gitlab.com/a/b', undefined, 'job'],
])('the token for %s where %s is given is %s', (url, given, expected) => {
  expect(tokenOf(at(url), given)).toBe(expected);
});

it.each([
  [{ message: '404 Project Not Found' }, '404 Project Not Found'],
  [{ message: ['Another open one: !1'] }, 'Another open one: !1'],
  [{ message: { base: ['is odd'], title: ['is too long', 'is bad'] } }, 'is odd; title is too long; title is bad'],
  [{ error: 'insufficient_scope', error_description: 'higher privileges' }, 'insufficient_scope; higher privileges'],
  [{}, 'HTTP status 400'],
  [undefined, 'HTTP status 400'],
])('the reason in %j is %s', (json, reason) => {
  expect(reasonOf(json, 400)).toBe(reason);
});
