import { describe, expect, it } from '@jest/globals';
import { connectForge, FORGES } from '../../src/forges/registry.ts';
import { createRealHost } from '../support/real-host.ts';

const ADDRESS = { kind: 'path', path: '/srv/config.git' } as const;

describe('the registry of forges', () => {
  it.each(['auto', 'git'])('%s takes a path', async (wanted) => {
    const forge = await connectForge({ host: createRealHost() }, ADDRESS, wanted);
    expect(forge).toMatchObject({ id: 'git', location: '/srv/config.git' });
    await forge.close();
    await forge.close();
  });

  it('names the forges that there are', async () => {
    await expect(connectForge({ host: createRealHost() }, ADDRESS, 'svn')).rejects.toMatchObject({
      code: 'input',
      hint: `Use one of auto, ${FORGES.map(({ id }) => id).join(', ')}.`,
    });
  });

  it('checks the address again', async () => {
    const access = { host: createRealHost() };
    await expect(connectForge(access, { kind: 'url', url: 'ext::sh' })).rejects.toMatchObject({ code: 'input' });
    await expect(connectForge(access, { kind: 'url', url: 'acme/config' })).rejects.toMatchObject({ code: 'input' });
  });

  it('ids are unique and short', () => {
    const ids = FORGES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+$/);
  });
});
