import { describe, expect, it } from '@jest/globals';
import type { DeploymentDraft, Forge, StatusesRole } from '../../src/forges/forge-client.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { systemClock } from '../../src/host/clock.ts';
import { createRealHost } from '../support/real-host.ts';
import type { Stage, StatusesStage, Who } from './contract-stage.ts';

interface Scene extends Stage {
  readonly statuses: StatusesStage;
  readonly role: StatusesRole;
  readonly at: string;
}

interface Opened {
  readonly forge: Forge;
  readonly cancel: () => void;
}

async function connected({ url, forge: id, tokens, connect, as }: Stage, who: Who = 'writer'): Promise<Opened> {
  const controller = new AbortController();
  const host = createRealHost({ random: () => 0.5, clock: systemClock, signal: controller.signal });
  as?.(who);
  const forge =
    connect === undefined
      ? await connectForge({ host, token: tokens[who] }, { kind: 'url', url }, id)
      : await connect(who);
  return { forge, cancel: () => controller.abort(new Error('cancelled')) };
}

/** Tells the story on a forge with statuses; one without them has no such role. */
function story(title: string, open: () => Promise<Stage>, tell: (scene: Scene, opened: Opened) => Promise<void>) {
  it(title, async () => {
    const stage = await open();
    const opened = await connected(stage);
    const { statuses: role } = opened.forge;
    const { statuses } = stage;
    if (statuses === undefined || role === undefined) expect([role, statuses]).toEqual([undefined, undefined]);
    else await tell({ ...stage, statuses, role, at: stage.repository.head() }, opened);
    await opened.forge.close();
  });
}

const DRAFT = { context: 'drawbridge/test', state: 'pending', description: 'seen by shop' } as const;
const PAGE = 'https://ci.example.test/runs/1';

export function describeStatuses(open: () => Promise<Stage>): void {
  story('lists what was posted, the newest word of each context', open, async ({ role, at, statuses }) => {
    await role.post(at, { ...DRAFT, url: PAGE });
    await role.post(at, { ...DRAFT, context: 'drawbridge/other', state: 'error', description: 'cancelled' });
    await role.post(at, { ...DRAFT, state: 'success', description: 'live\nand healthy', url: PAGE });
    const listed = await role.list(at);
    expect(listed.toSorted((a, b) => b.context.localeCompare(a.context))).toEqual([
      { kind: 'status', context: 'drawbridge/test', state: 'success', description: 'live and healthy', url: PAGE },
      expect.objectContaining({ kind: 'status', context: 'drawbridge/other', description: 'cancelled' }),
    ]);
    expect((await statuses.all(at)).map(({ context }) => context)).toContain('drawbridge/test');
  });

  story('is told what is told again, and reads every page', open, async ({ role, at, statuses }) => {
    await role.post(at, DRAFT);
    await role.post(at, { ...DRAFT, description: 'rolling out' });
    for (let number = 0; number < statuses.many; number++) await statuses.byOthers(at, `others/${number}`, 'failure');
    const listed = await role.list(at);
    expect(listed).toHaveLength(statuses.many + 1);
    expect(listed.find(({ context }) => context === DRAFT.context)).toMatchObject({ state: 'pending' });
    expect(listed.find(({ context }) => context === 'others/0')).toMatchObject({ state: 'failure' });
  });

  story('cuts a long description, and finds nothing on another commit', open, async ({ role, at, repository }) => {
    await role.post(at, { ...DRAFT, description: 'x'.repeat(3_000) });
    expect((await role.list(at))[0]?.description).toMatch(/^x{50,}…$/);
    expect(await role.list(repository.commit({ 'notes.txt': 'more\n' }))).toEqual([]);
  });

  story('tells the last word when the run is cancelled', open, async ({ role, at, statuses }, { cancel }) => {
    await role.post(at, DRAFT);
    cancel();
    await role.post(at, { ...DRAFT, state: 'error', description: 'cancelled' });
    await expect(role.list(at)).rejects.toThrow('cancelled');
    expect((await statuses.all(at)).map(({ description }) => description)).toContain('cancelled');
  });

  it.each(['reader', 'nobody'] as const)('of a %s are denied, with the right that is missing', async (who) => {
    const stage = await open();
    if (stage.statuses === undefined) return expect(stage.statuses).toBeUndefined();
    const { forge } = await connected(stage, who).catch((error: unknown) => ({ forge: error as Forge }));
    const posted =
      forge instanceof Error ? Promise.reject(forge) : forge.statuses?.post(stage.repository.head(), DRAFT);
    await expect(posted).rejects.toMatchObject({ code: 'denied', hint: expect.stringMatching(/token|scope/i) });
    if (!(forge instanceof Error)) await forge.close();
  });

  describe('and deployments', () => describeDeployments(open));
}

function describeDeployments(open: () => Promise<Stage>): void {
  const draftAt = (revision: string): DeploymentDraft => ({
    ...{ environment: 'production', revision, branch: 'main', description: 'Drawbridge waits' },
    ...{ environmentUrl: 'https://shop.example.test/', logUrl: PAGE },
  });

  story('begin under way, and end as they are told', open, async ({ role, at, statuses }) => {
    if (statuses.deployments === undefined) return expect(role.deployment).toBeUndefined();
    const draft = draftAt(at);
    const id = (await role.deployment?.begin(draft)) ?? '';
    const under = { environment: 'production', revision: at, url: 'https://shop.example.test/' };
    expect(await statuses.deployments()).toEqual([{ ...under, state: 'running' }]);
    await role.deployment?.update(id, 'success', draft);
    expect(await statuses.deployments()).toEqual([{ ...under, state: 'success' }]);
  });

  story(
    'that are cancelled become inactive, also when the run is',
    open,
    async ({ role, at, statuses }, { cancel }) => {
      if (statuses.deployments === undefined) return expect(role.deployment).toBeUndefined();
      const draft = draftAt(at);
      const id = (await role.deployment?.begin(draft)) ?? '';
      cancel();
      await role.deployment?.update(id, 'inactive', draft);
      expect(await statuses.deployments()).toMatchObject([{ state: 'inactive' }]);
    },
  );
}
