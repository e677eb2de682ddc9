import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Change, Forge, RequestsRole } from '../../src/forges/forge-client.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { createRealHost } from '../support/real-host.ts';

/** A real Gitea: `GITEA_URL`, `GITEA_TOKEN` (all rights) and `GITEA_READER_TOKEN` (may only read) say where. */
const { GITEA_URL, GITEA_TOKEN = '', GITEA_READER_TOKEN = '' } = process.env;
const whenGitea = GITEA_URL === undefined ? describe.skip : describe;

whenGitea(
  GITEA_URL === undefined ? 'a real Gitea (skipped: GITEA_URL does not say where one is)' : 'a real Gitea',
  () => {
    const name = `story-${Date.now()}`;
    const url = `${GITEA_URL}/lab/${name}.git`;
    const signal = new AbortController().signal;
    const host = createRealHost({ signal, env: { PATH: process.env.PATH ?? '' } });
    let forge: Forge;
    let requests: RequestsRole;

    async function api(method: string, path: string, body?: object): Promise<unknown> {
      const answer = await fetch(`${GITEA_URL}/api/v1${path}`, {
        method,
        headers: { authorization: `token ${GITEA_TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return answer.json().catch(() => undefined);
    }

    function change(path: string, content: string): Change {
      const bytes = new TextEncoder().encode(content);
      const title = `chore: ${path} becomes ${content}`;
      return {
        edits: [],
        files: [{ path, mode: '100644', bytes }],
        title,
        message: `${title}\n\nImage: a:${content}\n`,
        body: '',
      };
    }

    /** A branch with one commit on main, and a pull request from it. */
    async function proposed(branch: string, content: string) {
      const base = await forge.repository.head();
      const made = await forge.repository.commit(
        branch,
        change(`${branch.replaceAll('/', '-')}.txt`, content),
        'absent',
        base.revision,
      );
      if (made.kind !== 'committed') throw new Error(made.reason);
      const draft = {
        title: `t ${content}`,
        body: `b ${content}`,
        headBranch: branch,
        baseBranch: base.branch,
        draft: false,
        labels: [],
        reviewers: [],
        assignees: [],
      };
      return { base, revision: made.revision, draft, request: await requests.open(draft) };
    }

    beforeAll(async () => {
      await api('POST', '/user/repos', { name, auto_init: true, default_branch: 'main' });
      forge = await connectForge({ host, token: GITEA_TOKEN }, { kind: 'url', url }, 'gitea');
      if (forge.requests === undefined) throw new Error('no requests');
      requests = forge.requests;
    });
    afterAll(async () => {
      await forge.close();
      await api('DELETE', `/repos/lab/${name}`);
    });

    it('opens a request, adopts it the second time, and lists it by its branch', async () => {
      const { request, draft, revision } = await proposed('drawbridge/a', '1');
      expect(request).toMatchObject({
        state: 'open',
        title: 't 1',
        body: 'b 1',
        headBranch: 'drawbridge/a',
        headRevision: revision,
        baseBranch: 'main',
        sameRepository: true,
        draft: false,
      });
      expect((await requests.open(draft)).number).toBe(request.number);
      expect((await requests.find('drawbridge/a')).map(({ number }) => number)).toEqual([request.number]);
      expect((await requests.listOpen('drawbridge/')).map(({ number }) => number)).toContain(request.number);
      expect(await requests.find('drawbridge/other')).toEqual([]);
    });

    it('updates title, body and labels, tells labels that are not there, and closes with a comment', async () => {
      await api('POST', `/repos/lab/${name}/labels`, { name: 'bump', color: '#00ff00' });
      const { request } = await proposed('drawbridge/b', '1');
      const updated = await requests.update(request.number, { title: 'new', body: 'text', labels: ['bump', 'none'] });
      expect(updated).toMatchObject({ title: 'new', body: 'text', labels: ['bump'] });
      expect(host.lines.join('\n')).toContain('none');
      await requests.close(request.number, 'superseded');
      expect(await requests.read(request.number)).toMatchObject({ state: 'closed' });
    });

    it.each(['merge', 'squash', 'rebase'] as const)(
      'merges by %s and gives the revision as merged, with the trailers',
      async (method) => {
        const { request, revision } = await proposed(`drawbridge/${method}`, '2');
        const elsewhere = () => requests.merge(request.number, method, 'now', '0'.repeat(40), 'Title');
        await settled(async () => (await elsewhere()).kind === 'moved');
        await settled(
          async () =>
            (await requests.merge(request.number, method, 'now', revision, 'Title\n\nImage: a:2')).kind === 'merged',
        );
        const merged = await requests.read(request.number);
        const head = await forge.repository.head();
        expect([merged.state, merged.mergedRevision]).toEqual(['merged', head.revision]);
        const [commit] = await forge.repository.log({ from: head.revision, limit: 1 });
        expect(commit?.message).toContain('Image: a:2');
      },
    );

    it('arms what its checks hold back, and says armed again', async () => {
      await api('POST', `/repos/lab/${name}/branch_protections`, {
        rule_name: 'main',
        enable_push: true,
        enable_status_check: true,
        status_check_contexts: ['ci'],
      });
      const { request, revision } = await proposed('drawbridge/armed', '3');
      await settled(async () => (await requests.merge(request.number, 'squash', 'auto', revision)).kind === 'armed');
      expect(await requests.merge(request.number, 'squash', 'auto', revision)).toEqual({ kind: 'armed' });
      expect(await requests.merge(request.number, 'squash', 'now', revision)).toMatchObject({ kind: 'refused' });
    });

    it('gives the commits oldest first, those of a person too', async () => {
      const { request, revision } = await proposed('drawbridge/people', '4');
      const second = await forge.repository.commit('drawbridge/people', change('x.txt', 'y'), revision);
      const commits = await requests.commits(request.number);
      expect(commits.map((commit) => commit.revision)).toEqual([
        revision,
        second.kind === 'committed' ? second.revision : '',
      ]);
      expect(commits[0]?.message).toContain('Image: a:4');
    });

    it('says what a token that may only read cannot do', async () => {
      await api('PUT', `/repos/lab/${name}/collaborators/reader`, { permission: 'read' });
      const reader = await connectForge({ host, token: GITEA_READER_TOKEN }, { kind: 'url', url }, 'gitea');
      await expect(reader.requests?.close(1, 'x')).rejects.toMatchObject({ code: 'denied' });
      await reader.close();
      const nobody = await connectForge({ host, token: 'not-a-token-of-gitea' }, { kind: 'url', url }, 'gitea');
      await expect(nobody.requests?.read(1)).rejects.toMatchObject({ code: 'denied' });
      await nobody.close();
    });

    /** Gitea looks at whether a request can be merged in the background; tries for 10 s. */
    async function settled(condition: () => Promise<boolean>): Promise<void> {
      for (let tries = 0; tries < 50; tries++) {
        if (await condition()) return;
        execFileSync('sleep', ['0.2']);
      }
      throw new Error('it did not come to that');
    }
  },
);
