import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BareRepository, createBareRepository, git } from '../support/bare-repository.ts';
import { type GitServer, startGitServer } from '../support/git-server.ts';
import { runCli, temporaryFolder } from '../support/program.ts';

const DEPLOYMENT = `# written by people, but for the tag
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: example/shop:1.0.0 # kept
`;

let repository: BareRepository;
beforeEach(() => {
  repository = createBareRepository({ 'deploy/shop.yaml': DEPLOYMENT, 'README.md': 'hello\n' });
});
afterEach(() => repository.remove());

async function bumped(args: readonly string[], options = {}) {
  const { stdout, stderr, exitCode } = await runCli(['bump', '--format', 'json', ...args], options);
  return { ...JSON.parse(stdout), stderr, exitCode };
}

const TO_2 = ['--images', 'example/shop:2.0.0'];

describe('bump on a real repository', () => {
  it('changes the tag and not one byte more, in one commit with trailers', async () => {
    const before = repository.head();
    const { outputs, exitCode } = await bumped([...TO_2, '--config-repository', repository.path]);
    expect(exitCode).toBe(0);
    expect([outputs.changed, outputs.branch, outputs.revision]).toEqual(['true', 'main', repository.head()]);
    expect(repository.git('rev-parse', 'main~1')).toBe(before);
    expect(`${repository.text('deploy/shop.yaml')}\n`).toBe(DEPLOYMENT.replace('1.0.0', '2.0.0'));
    const message = repository.git('log', '-1', '--format=%s%n%an <%ae>%n%(trailers)', 'main');
    expect(message).toContain('chore(deploy): bump example/shop to 2.0.0\nDrawbridge <drawbridge@localhost>');
    expect(message).toContain('Image: example/shop:2.0.0\nPrevious-Image: example/shop:1.0.0');
  });

  it('does nothing the second time, and says which commit holds it', async () => {
    await bumped([...TO_2, '--config-repository', repository.path]);
    const { outputs, exitCode } = await bumped([...TO_2, '--config-repository', repository.path]);
    expect([exitCode, outputs.changed, outputs.revision]).toEqual([0, 'false', repository.head()]);
    expect(repository.history()).toHaveLength(2);
  });

  it('writes nothing in a dry run, and shows the plan', async () => {
    for (const dry of [['--strategy', 'dry-run'], ['--dry-run']]) {
      const { outputs, edits, exitCode } = await bumped([...TO_2, ...dry, '--config-repository', repository.path]);
      expect([exitCode, outputs.changed, outputs.revision]).toEqual([0, 'true', repository.head()]);
      expect(edits).toEqual([
        expect.objectContaining({
          path: 'deploy/shop.yaml',
          line: 15,
          before: 'example/shop:1.0.0',
          after: 'example/shop:2.0.0',
        }),
      ]);
    }
    expect(repository.history()).toHaveLength(1);
  });

  it('takes the remote of the current checkout, and never touches the checkout', async () => {
    using folder = temporaryFolder();
    git(folder.path, ['clone', '--quiet', repository.path, 'checkout']);
    const checkout = join(folder.path, 'checkout');
    writeFileSync(join(checkout, 'README.md'), 'edited, not committed\n');
    const state = () => [
      git(checkout, ['status', '--porcelain']),
      git(checkout, ['rev-parse', 'HEAD']),
      git(checkout, ['for-each-ref']),
    ];
    const before = state();
    const { outputs } = await bumped(TO_2, { cwd: checkout });
    expect(outputs.revision).toBe(repository.head());
    expect(state()).toEqual(before);
  });

  it('works from a detached and shallow checkout', async () => {
    using folder = temporaryFolder();
    repository.commit({ 'README.md': 'two\n' });
    git(folder.path, ['clone', '--quiet', '--depth=1', `file://${repository.path}`, 'checkout']);
    const checkout = join(folder.path, 'checkout');
    git(checkout, ['checkout', '--quiet', '--detach']);
    const { outputs, exitCode } = await bumped(TO_2, { cwd: checkout });
    expect([exitCode, outputs.revision]).toEqual([0, repository.head()]);
  });

  it.each([
    ['no Git repository', 69, () => ['--config-repository', '/tmp']],
    ['an unknown branch', 69, () => ['--config-repository', repository.path, '--base-branch', 'production']],
    [
      'a branch name that is an option',
      64,
      () => ['--config-repository', repository.path, '--base-branch', '--upload-pack=id'],
    ],
    ['an address that runs a program', 64, () => ['--config-repository', 'ext::sh -c id']],
    ['plain http off this machine', 64, () => ['--config-repository', 'http://git.example.com/acme/config.git']],
    ['an author that is none', 64, () => ['--config-repository', repository.path, '--author', 'me']],
  ])('%s ends with %i and a next step', async (_title, expected, args) => {
    const { exitCode, error } = await bumped([...TO_2, ...args()]);
    expect([exitCode, error.hint !== null || error.problems.length > 0]).toEqual([expected, true]);
    expect(repository.history()).toHaveLength(1);
  });

  it('names the nearest images when none matches, and can be told to go on', async () => {
    const image = ['--images', 'example/shp:2.0.0', '--config-repository', repository.path];
    const { exitCode, error } = await bumped(image);
    expect(exitCode).toBe(69);
    expect(error.problems.join()).toContain('example/shop');
    const ignored = await bumped([...image, '--on-no-match', 'ignore']);
    expect([ignored.exitCode, ignored.outputs.changed]).toEqual([0, 'false']);
  });

  it('refuses to go back to an older version, unless that is allowed', async () => {
    const older = ['--images', 'example/shop:0.9.0', '--config-repository', repository.path];
    const refused = await bumped(older);
    expect([refused.exitCode, repository.history().length]).toEqual([65, 1]);
    expect(refused.error.problems.join()).toContain('deploy/shop.yaml:15');
    const allowed = await bumped([...older, '--allow-downgrade']);
    expect([allowed.exitCode, allowed.outputs.changed]).toEqual([0, 'true']);
  });

  it('says what a rejecting hook said, and writes nothing', async () => {
    repository.hook('pre-receive', 'echo "main is protected: ask the release team ##[error]x" >&2; exit 1');
    const { exitCode, error, stderr } = await bumped([...TO_2, '--config-repository', repository.path]);
    expect(exitCode).toBe(77);
    expect([error.message, ...error.problems].join(' ')).toContain('ask the release team');
    expect(stderr).not.toContain('##[error]');
    expect(repository.history()).toHaveLength(1);
  });

  it('lands all of 8 runs at once, one commit each', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        `deploy/app-${index}.yaml`,
        DEPLOYMENT.replaceAll('shop', `app-${index}`),
      ]),
    );
    repository.commit(files);
    const runs = Array.from({ length: 8 }, (_, index) =>
      bumped(['--images', `example/app-${index}:2.0.0`, '--config-repository', repository.path]),
    );
    const ended = await Promise.all(runs);
    expect(ended.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
    expect(repository.history()).toHaveLength(10);
    const revisions = ended.map(({ outputs }) => outputs.revision);
    expect([...revisions].sort()).toEqual([...repository.history().slice(0, 8)].sort());
  }, 60_000);
});

describe('bump over http with a password', () => {
  let server: GitServer;
  beforeEach(async () => {
    server = await startGitServer({
      root: join(repository.path, '..'),
      user: 'x-access-token',
      password: 'canary-token-0123456789',
    });
  });
  afterEach(() => server.close());

  it('sends the token to the repository and prints it nowhere', async () => {
    const env = { DRAWBRIDGE_TOKEN: 'canary-token-0123456789' };
    const { stdout, stderr, exitCode } = await runCli(
      ['bump', ...TO_2, '--config-repository', server.url, '--log-level', 'debug'],
      { env },
    );
    expect(exitCode).toBe(0);
    expect(repository.history()).toHaveLength(2);
    expect(stdout + stderr).not.toContain('canary-token');
  });

  it('ends with 77 for a wrong token, and says what to check', async () => {
    const { exitCode, error } = await bumped([...TO_2, '--config-repository', server.url], {
      env: { DRAWBRIDGE_TOKEN: 'another-token-0123456789' },
    });
    expect([exitCode, typeof error.hint]).toEqual([77, 'string']);
  });

  it("does not send a CI system's own token to another server", async () => {
    const { exitCode } = await bumped([...TO_2, '--config-repository', server.url], {
      env: { GITHUB_TOKEN: 'canary-token-0123456789', GITHUB_SERVER_URL: 'https://github.com' },
    });
    expect(exitCode).toBe(77);
    expect(server.authorizations.filter((header) => header !== undefined)).toEqual([]);
  });
});
