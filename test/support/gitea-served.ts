import { FILES, type Served } from './killed-run.ts';

/** A real Gitea: where it is, and a token with all rights. */
export interface GiteaPlace {
  readonly url: string;
  readonly token: string;
}

type Send = (method: string, path: string, body?: object) => Promise<unknown>;

export function giteaApi({ url, token }: GiteaPlace): Send {
  return async (method, path, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

let made = 0;

/** A new repository of the user `lab` with these files in one commit. @returns its name */
export async function createGiteaRepository(
  place: GiteaPlace,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const send = giteaApi(place);
  const name = `run-${process.pid}-${Date.now()}-${made++}`;
  await send('POST', '/user/repos', { name, auto_init: false, default_branch: 'main' });
  const added = Object.entries(files).map(([path, text]) => ({
    operation: 'create',
    path,
    content: Buffer.from(text).toString('base64'),
  }));
  await send('POST', `/repos/lab/${name}/contents`, { branch: 'main', message: 'first', files: added });
  return name;
}

/** A repository of its own on a real Gitea. */
export async function serveGitea(place: GiteaPlace): Promise<Served> {
  const send = giteaApi(place);
  const name = await createGiteaRepository(place, FILES);
  const repository = `/repos/lab/${name}`;
  const [path = ''] = Object.keys(FILES);
  return {
    forge: 'gitea',
    origin: place.url,
    path: `/lab/${name}.git`,
    token: place.token,
    look: async (branch) => {
      const isThere = (await send('GET', `${repository}/branches/${encodeURIComponent(branch)}`)) !== undefined;
      const at = isThere ? branch : 'main';
      const commits = (await send('GET', `${repository}/commits?sha=${encodeURIComponent(at)}&limit=50`)) as object[];
      const file = (await send('GET', `${repository}/contents/${path}?ref=${encodeURIComponent(at)}`)) as {
        readonly content: string;
      };
      const pulls = (await send('GET', `${repository}/pulls?state=all`)) as { readonly state: string }[];
      const text = Buffer.from(file.content, 'base64').toString();
      return { commits: commits.length - 1, text, requests: pulls.map(({ state }) => state) };
    },
    problems: () => [],
    close: async () => void (await send('DELETE', repository)),
  };
}
