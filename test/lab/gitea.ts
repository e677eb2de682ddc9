import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFiles } from './building.ts';
import { PARTS } from './parts.ts';
import { type Place, run } from './place.ts';
import { ready, start } from './processes.ts';

/** Two users: one with all rights, one that may only read. */
export interface GiteaAccess {
  readonly url: string;
  readonly token: string;
  readonly readerToken: string;
}

const configOf = (place: Place) => join(place.state, 'gitea', 'app.ini');

/** A Gitea with an empty database, its users made once. */
export async function startGitea(place: Place): Promise<GiteaAccess> {
  const url = `http://127.0.0.1:${place.port('gitea')}`;
  const folder = join(place.state, 'gitea');
  mkdirSync(join(folder, 'custom'), { recursive: true });
  // Gitea writes secrets of its own into it, which it needs again.
  if (!existsSync(configOf(place))) writeFileSync(configOf(place), await configuration(place, folder, url));
  await start(place, {
    name: 'gitea',
    program: place.binary('gitea'),
    args: ['web', '-c', configOf(place)],
    env: environment(folder),
    ports: ['gitea'],
  });
  await ready(place, 'gitea', 90, async () => (await fetch(`${url}/api/healthz`)).ok);
  return access(place, url);
}

/** Gitea refuses to run as root unless it is told to, and one on loopback in a folder of its own may be told. */
function environment(folder: string): Readonly<Record<string, string>> {
  return { HOME: folder, GITEA_WORK_DIR: folder, GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: 'true' };
}

/** Templates and texts come from the module; style sheets are not there, and the API needs none. */
async function configuration(place: Place, folder: string, url: string): Promise<string> {
  const part = PARTS.find(({ name }) => name === 'gitea');
  if (part === undefined) throw new Error('gitea is no part');
  const files = await moduleFiles(place, part, ['templates', 'options', 'public']);
  const sections: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
    server: {
      HTTP_ADDR: '127.0.0.1',
      HTTP_PORT: place.port('gitea'),
      ROOT_URL: `${url}/`,
      STATIC_ROOT_PATH: files,
      DISABLE_SSH: 'true',
      OFFLINE_MODE: 'true',
    },
    database: { DB_TYPE: 'sqlite3', PATH: join(folder, 'gitea.db') },
    security: { INSTALL_LOCK: 'true', SECRET_KEY: 'only-for-the-lab' },
    repository: { DEFAULT_BRANCH: 'main' },
    actions: { ENABLED: 'false' },
    webhook: { ALLOWED_HOST_LIST: 'loopback' },
    log: { LEVEL: 'Warn' },
  };
  const head = ['RUN_MODE = prod', `WORK_PATH = ${folder}`];
  const body = Object.entries(sections).flatMap(([name, values]) => [
    `[${name}]`,
    ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
  ]);
  return `${[...head, ...body].join('\n')}\n`;
}

async function access(place: Place, url: string): Promise<GiteaAccess> {
  const file = join(place.state, 'gitea.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as GiteaAccess;
  await user(place, 'lab', true);
  await user(place, 'reader', false);
  const made = {
    url,
    token: await token(place, 'lab', 'all'),
    readerToken: await token(place, 'reader', 'read:repository'),
  };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

async function admin(place: Place, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...environment(join(place.state, 'gitea')) };
  const { stdout } = await run(place.binary('gitea'), ['-c', configOf(place), 'admin', 'user', ...args], { env });
  return stdout.trim().split('\n').at(-1) ?? '';
}

async function user(place: Place, name: string, isAdmin: boolean): Promise<void> {
  const login = ['--username', name, '--password', 'only-for-the-lab', '--email', `${name}@example.invalid`];
  await admin(place, ['create', ...login, '--must-change-password=false', `--admin=${isAdmin}`]);
}

const token = (place: Place, name: string, scopes: string) =>
  admin(place, ['generate-access-token', '--username', name, '--scopes', scopes, '--token-name', 'lab', '--raw']);
