import { statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createBareRepository } from '../support/bare-repository.ts';
import {
  answerProblems,
  graphqlAnswerProblems,
  graphqlProblems,
  requestProblems,
} from '../support/github-description.ts';
import { startGithubServer, TOKEN } from '../support/github-server.ts';
import { startGitlabServer } from '../support/gitlab-server.ts';

const PULLS = '/repos/acme/config/pulls';

describe("GitHub's own description of its API", () => {
  const asked = (method: string, target: string, body?: unknown) => requestProblems({ method, target, body }).join();

  it('is small, and carries its licences', () => {
    const file = new URL('../support/github-openapi.json', import.meta.url);
    expect(statSync(file).size).toBeLessThan(150_000);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['GET', '/repos/acme/config/pull', undefined, /describes no such call/],
    ['DELETE', PULLS, undefined, /describes no such call/],
    ['GET', `${PULLS}?branch=x`, undefined, /query has the unknown property branch/],
    ['GET', `${PULLS}?state=merged`, undefined, /query.state is none of the choices/],
    ['GET', `${PULLS}?per_page=many`, undefined, /query.per_page is not integer/],
    ['GET', PULLS, {}, /takes no body/],
    ['POST', PULLS, undefined, /the body is missing/],
    ['POST', PULLS, { head: 'a' }, /body lacks base/],
    ['POST', PULLS, { head: 'a', base: 'b', labels: [] }, /unknown property labels/],
    ['POST', PULLS, { head: 'a', base: 'b', draft: 'yes' }, /body.draft is not boolean/],
    ['PUT', `${PULLS}/1/merge`, { merge_method: 'ff' }, /none of the choices/],
    ['POST', '/repos/acme/config/issues/1/labels', { labels: [7] }, /is not string/],
  ])('does not know %s %s with %j', (method, target, body, problem) => {
    expect(asked(method, target, body)).toMatch(problem);
  });

  it('knows what is sent', () => {
    expect(asked('GET', `${PULLS}?state=all&head=acme%3Aa&per_page=100`)).toBe('');
    expect(asked('POST', PULLS, { head: 'a', base: 'b', title: 't', body: 'x', draft: true })).toBe('');
  });

  it('is held against answers too', () => {
    const exchange = { method: 'PUT', target: `${PULLS}/1/merge`, body: {} };
    expect(answerProblems(exchange, 200, { sha: 'a', merged: true, message: 'm' })).toEqual([]);
    expect(answerProblems(exchange, 200, { sha: 'a', merged: 'yes' }).join()).toMatch(/lacks message.*|merged is not/);
    expect(answerProblems(exchange, 200, { sha: 'a', merged: true, message: 'm', tree: 1 }).join()).toMatch(/unknown/);
    expect(answerProblems(exchange, 201, {}).join()).toMatch(/never answers 201/);
    expect(answerProblems(exchange, 405, {})).toEqual([]);
  });
});

describe('the schema of its GraphQL', () => {
  const COMMIT =
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';
  const input = {
    branch: { repositoryNameWithOwner: 'acme/config', branchName: 'main' },
    expectedHeadOid: 'a',
    message: { headline: 'h' },
    fileChanges: { additions: [{ path: 'a', contents: 'YQ==' }] },
  };

  it.each<[string, object, RegExp | '']>([
    ['what is sent', {}, ''],
    ['no head', { expectedHeadOid: undefined }, /expectedHeadOid is not string/],
    ['null in place of a list', { fileChanges: { deletions: null } }, /deletions is not array/],
    ['a file without its content', { fileChanges: { additions: [{ path: 'a' }] } }, /lacks contents/],
    ['a name that is not there', { author: 'me' }, /unknown property author/],
  ])('is asked for %s', (_, change, problem) => {
    expect(graphqlProblems(COMMIT, { input: { ...input, ...change } }).join()).toMatch(problem);
  });

  it.each([
    ['{ viewer { login email } }', /User has no field email/],
    ['{ viewer }', /selected in a wrong way/],
    [
      'query ($name: String!) { repository(name: $name) { ref: defaultBranchRef { name } } }',
      /lacks the argument owner/,
    ],
    ['mutation { mergeEverything { clientMutationId } }', /Mutation has no field mergeEverything/],
  ])('does not have %s', (query, problem) => expect(graphqlProblems(query, { name: 'x' }).join()).toMatch(problem));

  it('is held against answers too', () => {
    const query = '{ viewer { login databaseId } }';
    expect(graphqlAnswerProblems(query, { viewer: { login: 'a', databaseId: null } })).toEqual([]);
    expect(graphqlAnswerProblems(query, { viewer: { login: null, databaseId: 1 } }).join()).toMatch(/lacks login/);
    expect(graphqlAnswerProblems(query, { viewer: { login: 'a', databaseId: 1, name: 'x' } }).join()).toMatch(/name/);
  });
});

describe('a stand-in', () => {
  it('for GitHub tells of requests that were not expected, and of expected ones that never came', async () => {
    const server = await startGithubServer();
    server.fault({ when: /never/, status: 500 });
    await fetch(`${server.origin}/api/v3/repos/acme/config/branches?per_page=x`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    await server.close();
    expect(server.problems().join('\n')).toMatch(/describes no such call[\s\S]*never asked: \/never\//);
  });

  it('for GitLab does so as well', async () => {
    const repository = createBareRepository();
    const server = await startGitlabServer({ repository });
    server.token('glpat-canary');
    server.fault({ when: /never/, answer: 'cut' });
    const headers = { authorization: 'Bearer glpat-canary' };
    const project = `${server.web}/api/v4/projects/${encodeURIComponent('acme/platform/config')}`;
    await fetch(`${project}/branches`, { headers });
    await fetch(`${project}/merge_requests?branch=x`, { headers });
    await server.close();
    repository.remove();
    const problems = server.problems().join('\n');
    expect(problems).toMatch(/branches: no such call[\s\S]*unknown parameter branch[\s\S]*never asked: \/never\//);
  });
});
