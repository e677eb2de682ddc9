import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BareRepository, createBareRepository, git } from '../support/bare-repository.ts';
import { runCli } from '../support/program.ts';

const PIPELINE = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SHA: 'abcdef0123456789abcdef0123456789abcdef01',
  GITHUB_RUN_ID: '42',
};

let repository: BareRepository;
beforeAll(async () => {
  repository = createBareRepository({
    'a/shop.yaml': 'image: example/shop:1.0.0\n',
    'b/values.yaml': 'image: {repository: example/shop, tag: 1.0.0}\nreplicas: "1"\n',
    'c/tool.yaml': 'image: example/tool:1.0.0\n',
  });
  await ran('bump', ['--images', 'example/shop:2.0.0'], { ...PIPELINE });
  await ran('bump', ['--images', 'example/tool:2.0.0', '--set', 'b/values.yaml#replicas=3']);
});
afterAll(() => repository.remove());

async function ran(command: string, args: readonly string[], env = {}) {
  const all = [command, '--format', 'json', '--config-repository', repository.path, ...args, '--allow-untrusted-event'];
  const { stdout, exitCode } = await runCli(all, { env });
  return { ...JSON.parse(stdout), exitCode };
}

async function trail(args: readonly string[] = []) {
  const { outputs } = await ran('history', args);
  return JSON.parse(outputs.history);
}

describe('history', () => {
  it('tells who changed what from where to where, when, and from which pipeline', async () => {
    const [second, first, ...others] = await trail();
    expect(others).toEqual([]);
    expect(first).toEqual({
      revision: repository.history()[1],
      author: 'Drawbridge <drawbridge@localhost>',
      committedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      title: 'chore: bump example/shop to 2.0.0',
      isBump: true,
      reason: null,
      changes: [
        {
          file: 'a/shop.yaml',
          place: 'image',
          image: 'example/shop',
          old: 'example/shop:1.0.0',
          new: 'example/shop:2.0.0',
        },
        expect.objectContaining({ file: 'b/values.yaml', old: 'example/shop:1.0.0', new: 'example/shop:2.0.0' }),
      ],
      sourceRepository: 'https://github.com/acme/shop',
      sourceCommit: PIPELINE.GITHUB_SHA,
      pipelineUrl: 'https://github.com/acme/shop/actions/runs/42',
    });
    expect(second.changes).toContainEqual({ file: 'b/values.yaml', place: 'replicas', old: '1', new: '3' });
  });

  it('shows it as a table', async () => {
    const { stdout, exitCode } = await runCli(['history', '--config-repository', repository.path]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/WHEN +COMMIT +CHANGE +WHERE/);
    expect(stdout).toMatch(/example\/shop 1\.0\.0 -> 2\.0\.0 +2 files/);
    expect(stdout).toMatch(/replicas: 1 -> 3 +b\/values\.yaml/);
    expect(stdout).toContain('2 bumps on main of');
  });

  it.each<[string, readonly string[], number]>([
    ['image, in any spelling', ['--images', 'docker.io/example/tool'], 1],
    ['several images', ['--images', 'example/tool', '--images', 'example/shop:9'], 2],
    ['path', ['--files', 'a/**'], 1],
    ['time', ['--since', '2001-01-01', '--until', '2001-12-31'], 0],
    ['a time that lies back', ['--since', '1h'], 2],
    ['number', ['--limit', '1'], 1],
  ])('can be narrowed by %s', async (_title, args, expected) => {
    expect(await trail(args)).toHaveLength(expected);
  });

  it('shows only what lies in the files that were asked for', async () => {
    const [entry] = await trail(['--files', 'a/**']);
    expect(entry.changes.map(({ file }: { file: string }) => file)).toEqual(['a/shop.yaml']);
  });

  it('ends with 64 for times that are none, and 0 for an empty trail', async () => {
    const { exitCode, error } = await ran('history', ['--since', 'yesterday', '--until', '2026-13-01']);
    expect([exitCode, error.problems.length]).toEqual([64, 2]);
    expect((await ran('history', ['--images', 'example/none'])).exitCode).toBe(0);
  });
});

describe('history of a longer branch', () => {
  it('names a rollback as such', async () => {
    const { outputs } = await ran('rollback', ['--images', 'example/shop']);
    const [entry] = await trail();
    expect(entry).toMatchObject({ revision: outputs.revision, rollsBack: repository.history()[2], isBump: true });
    expect(entry.changes[0]).toMatchObject({ old: 'example/shop:2.0.0', new: 'example/shop:1.0.0' });
  });

  it('says why a commit is no bump although it says so, and passes over the others', async () => {
    repository.commit(
      { 'a/shop.yaml': 'image: example/shop:3.0.0\nprivileged: true\n' },
      { message: 'bump\n\nImage: example/shop:3.0.0' },
    );
    repository.commit({ 'a/shop.yaml': 'image: example/shop:4.0.0\n' }, { message: 'no trailers' });
    const { outputs, exitCode } = await ran('history', []);
    const [entry, ...others] = JSON.parse(outputs.history);
    expect([exitCode, others.length]).toEqual([0, 3]);
    expect(entry).toMatchObject({ isBump: false, reason: expect.stringContaining('privileged'), changes: [] });
  });

  it('reaches beyond one page of commits', async () => {
    addCommits(250);
    const { outputs } = await ran('history', ['--images', 'example/tool']);
    expect(JSON.parse(outputs.history)).toHaveLength(1);
  });
});

/** Commits on `main` that have nothing to do with images. */
function addCommits(number: number): void {
  const commits = Array.from({ length: number }, (_, index) => {
    const from = index === 0 ? 'from refs/heads/main^0\n' : '';
    return `commit refs/heads/main\ncommitter S <s@example.test> now\ndata 4\nnote\n${from}M 100644 inline notes.md\ndata 4\n${1000 + index}\n`;
  });
  git(repository.path, ['fast-import', '--quiet', '--force', '--date-format=now'], commits.join(''));
}
