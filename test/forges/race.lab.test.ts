import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/host/clock.ts';
import { type BareRepository, createBareRepository, git } from '../support/bare-repository.ts';
import { startGitServer } from '../support/git-server.ts';
import { createGiteaRepository, giteaApi } from '../support/gitea-served.ts';
import { TOKEN as GITHUB_TOKEN, startGithubServer } from '../support/github-server.ts';
import { startGitlabServer } from '../support/gitlab-server.ts';
import { TOKEN as GITLAB_TOKEN } from '../support/gitlab-server-scene.ts';
import {
  describeTries,
  type FinalHead,
  filesFor,
  problemsOf,
  type Racers,
  raceBumps,
  type Spread,
} from '../support/racing.ts';
import { temporaryFolder } from '../support/real-host.ts';

/** A real Gitea: `test/lab/gitea.sh run` says where. Without one all of it is left out, since it takes minutes. */
const { GITEA_URL, GITEA_TOKEN = '', RACE_WRITERS = '64' } = process.env;
const whenGitea = GITEA_URL === undefined ? describe.skip : describe;
const skipped = GITEA_URL === undefined ? ' (skipped: GITEA_URL does not say where a Gitea is)' : '';
const WRITERS = Number(RACE_WRITERS);

interface Course extends Pick<Racers, 'forge' | 'address' | 'token'> {
  readonly finalHead: () => FinalHead;
  readonly close: () => unknown;
}

function headOf(repository: BareRepository): FinalHead {
  const run = (...args: string[]) => git(repository.path, args);
  expect(run('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  return { history: repository.history(), read: (path) => `${run('show', `main:${path}`)}\n` };
}

type Open = (files: Readonly<Record<string, string>>) => Promise<Course>;

const COURSES: Readonly<Record<string, Open>> = {
  'a path': async (files) => {
    const repository = createBareRepository(files);
    return {
      forge: 'git',
      address: repository.path,
      finalHead: () => headOf(repository),
      close: repository.remove,
    };
  },
  'a Git server': async (files) => {
    const repository = createBareRepository(files);
    const server = await startGitServer({ root: dirname(repository.path) });
    const close = async () => {
      await server.close();
      repository.remove();
    };
    return { forge: 'git', address: server.url, finalHead: () => headOf(repository), close };
  },
  'a real Gitea': async (files) => {
    const place = { url: GITEA_URL ?? '', token: GITEA_TOKEN };
    const name = await createGiteaRepository(place, files);
    const folder = temporaryFolder();
    const address = `${place.url}/lab/${name}.git`;
    return {
      forge: 'gitea',
      address,
      token: place.token,
      finalHead: () => {
        const header = `http.extraHeader=Authorization: token ${place.token}`;
        git(folder.path, ['-c', header, 'clone', '--quiet', '--bare', address, 'fresh.git']);
        const run = (...args: string[]) => git(`${folder.path}/fresh.git`, args);
        return {
          history: run('rev-list', '--first-parent', 'main').split('\n'),
          read: (path) => `${run('show', `main:${path}`)}\n`,
        };
      },
      close: async () => {
        folder.remove();
        await giteaApi(place)('DELETE', `/repos/lab/${name}`);
      },
    };
  },
  'the stand-in for GitHub': async (files) => {
    const server = await startGithubServer({ files });
    return {
      forge: 'github',
      address: server.url,
      token: GITHUB_TOKEN,
      finalHead: () => headOf(server.repository),
      close: server.close,
    };
  },
  'the stand-in for GitLab': async (files) => {
    const repository = createBareRepository(files);
    const server = await startGitlabServer({ repository });
    server.token(GITLAB_TOKEN);
    const close = async () => {
      await server.close();
      repository.remove();
    };
    return { forge: 'gitlab', address: server.url, token: GITLAB_TOKEN, finalHead: () => headOf(repository), close };
  },
};

whenGitea(`${WRITERS} writers racing on one branch${skipped}`, () => {
  it.each<[string, Spread]>([
    ['a path', 'one file'],
    ['a Git server', 'one file'],
    ['a real Gitea', 'one file'],
    ['a real Gitea', 'a file each'],
    ['the stand-in for GitHub', 'one file'],
    ['the stand-in for GitLab', 'a file each'],
  ])(
    'of %s, %s: a commit each, none lost, none doubled, no failure',
    async (where, spread) => {
      const course = await COURSES[where]?.(filesFor(WRITERS, spread));
      if (course === undefined) throw new Error(`there is no ${where}`);
      try {
        const begun = systemClock.monotonic();
        const raced = await raceBumps({ ...course, writers: WRITERS, spread, host: { clock: systemClock } });
        console.log(`${where}, ${spread}: ${describeTries(raced.tries, systemClock.monotonic() - begun)}`);
        expect(await problemsOf(raced, spread, course.finalHead())).toEqual([]);
      } finally {
        await course.close();
      }
    },
    660_000,
  );
});
