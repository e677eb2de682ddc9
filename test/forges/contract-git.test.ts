import { dirname } from 'node:path';
import { createBareRepository } from '../support/bare-repository.ts';
import { startGitServer } from '../support/git-server.ts';
import { describeForge } from './contract.ts';
import { onlooker, type Stage } from './contract-stage.ts';

const TOKEN = 'canary-of-the-git-server';

describeForge('plain Git over HTTP', async (files): Promise<Stage> => {
  const bare = createBareRepository(files);
  const server = await startGitServer({ root: dirname(bare.path), password: TOKEN });
  return {
    forge: 'git',
    url: server.url,
    repository: onlooker(bare),
    tokens: { writer: TOKEN, reader: TOKEN, nobody: 'canary-of-nobody' },
    as: (who) => {
      if (who === 'reader') server.fault({ when: /receive-pack/, status: 403, body: 'this token may only read' });
    },
    protect: async () => {
      bare.hook('update', '[ "$1" = refs/heads/main ] || exit 0; echo "main is closed to pushes"; exit 1');
      return /main is closed to pushes/;
    },
    end: async () => {
      await server.close();
      bare.remove();
      return server.unmet() === 0 ? [] : ['a fault was never met'];
    },
  };
});
