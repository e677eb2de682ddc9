import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CommandContext } from '../../src/commands/context.ts';
import { wait } from '../../src/commands/wait.ts';
import type { DeliveryEngine, Observation, Target } from '../../src/engines/delivery-engine.ts';
import { ToolError } from '../../src/errors.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { systemClock } from '../../src/host/clock.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { createBareRepository } from '../support/bare-repository.ts';
import { observation } from '../support/observations.ts';
import { createRealHost } from '../support/real-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-mixed-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'web.yaml'),
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { template: { spec: { containers: [{ name: web, image: "web:2" }] } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
`,
);

const repository = createBareRepository({ 'app.yaml': 'a: 1\n' });
afterAll(() => repository.remove());
const REVISION = repository.commit({ 'app.yaml': 'a: 2\n' });

/** Everything has been live for an hour, unless a target is said to stand otherwise. */
function engineOf(id: string, standing: Readonly<Record<string, Partial<Observation>>>): DeliveryEngine {
  const shownOf = (target: Target): Observation =>
    observation({
      ...{
        target,
        at: systemClock.monotonic(),
        lasting: 3_600_000,
        seenRevision: REVISION,
        appliedRevision: REVISION,
      },
      ...(id === 'kubernetes' ? { images: ['web:2'] } : {}),
      ...standing[target.name],
    });
  return {
    id,
    location: `the ${id}`,
    parseTarget: (text) => ({ name: text, kind: id }),
    discover: () => Promise.reject(new ToolError('missing', 'nothing')),
    sources: async () => [],
    observe: (targets, _wanted, _options, signal) => ({
      observations: (async function* () {
        while (!signal.aborted) {
          for (const target of targets) yield shownOf(target);
          await systemClock.sleep(5, signal).catch(() => undefined);
        }
      })(),
      look: () => undefined,
      join: () => undefined,
      leave: () => undefined,
    }),
    act: async () => ({ kind: 'done' }),
    diagnose: async (target) => ({ target, sections: [], hints: [] }),
  };
}

interface Play {
  readonly flags: Readonly<Record<string, string | readonly string[]>>;
  readonly standing?: Readonly<Record<string, Partial<Observation>>>;
  readonly failing?: Readonly<Record<string, ToolError>>;
  /** Names that no engine reads. */
  readonly unreadable?: readonly string[];
}

async function play({ flags, standing = {}, failing = {}, unreadable = [] }: Play) {
  const opened: string[] = [];
  const closed: string[] = [];
  const connectEngine = async (id: string) => {
    const failure = failing[id];
    if (failure !== undefined) throw failure;
    opened.push(id);
    const engine = engineOf(id, standing);
    const parseTarget = (text: string) => {
      if (unreadable.includes(text)) throw new ToolError('input', `${text} is none`);
      return engine.parseTarget(text);
    };
    return { ...engine, parseTarget, close: async () => void closed.push(id) };
  };
  const host = createRealHost({ workingDirectory: folder, clock: systemClock });
  const context = { host, connectForge, connectEngine, run: () => Promise.reject(new Error()) };
  const all = {
    revision: REVISION,
    kubeconfig: 'kube.yaml',
    'argocd-server': 'argocd.example.com',
    images: ['web:2'],
    'stable-for': '0s',
  };
  const inputs = parseInputs('wait', {
    flags: { ...all, 'config-repository': repository.path, forge: 'git', ...flags },
    env: {},
  });
  const outcome = await wait(inputs, context as unknown as CommandContext).catch(
    (error: unknown) => error as ToolError,
  );
  return { outcome, opened, closed };
}

describe('one wait on several engines', () => {
  const targets = ['shop', 'ks/flux-system/apps', 'deployment/shop/web'];

  it('opens each engine once, and has one verdict for all, the worst first', async () => {
    const contexts = ['kustomization/*'];
    const { outcome, opened, closed } = await play({ flags: { targets, contexts } });
    expect(opened).toEqual(['argocd', 'flux', 'kubernetes', 'commit-status']);
    expect(closed).toHaveLength(4);
    expect(outcome).toMatchObject({ result: 'ok', exitCode: 0 });
    const broken = { state: 'degraded', attempt: { revision: REVISION, outcome: 'failed', reason: 'no' } } as const;
    const failed = await play({ flags: { targets }, standing: { 'ks/flux-system/apps': broken } });
    expect(failed.outcome).toMatchObject({
      result: 'failed',
      exitCode: 1,
      headline: expect.stringMatching(/failed on ks\/flux-system\/apps$/),
    });
  });

  it('waits for all that the files hold beside an application, and says what is left out', async () => {
    const { outcome } = await play({ flags: { targets: ['shop'], manifests: ['web.yaml'] } });
    expect(outcome).toMatchObject({
      exitCode: 0,
      targets: [{ target: { name: 'shop' } }, { target: { name: 'Deployment.apps/shop/web' } }],
      notes: [expect.stringContaining('ConfigMap')],
    });
  });

  it('says what cannot be mixed', async () => {
    const { outcome } = await play({ flags: { targets: ['shop'], selector: 'app=web' } });
    expect(outcome).toMatchObject({ code: 'input', hint: expect.stringContaining('Deployment/shop/web') });
    const single = await play({ flags: { engine: 'argocd', targets: ['shop'], manifests: ['web.yaml'] } });
    expect(single.outcome).toMatchObject({ message: 'manifests is for engine kubernetes, and engine is argocd' });
  });

  it('does not take a green of Kubernetes alone for one of a commit', async () => {
    const alone = { targets: ['deployment/shop/web'] };
    const { outcome, opened } = await play({ flags: alone });
    expect(opened).toEqual([]);
    expect(outcome).toMatchObject({
      code: 'input',
      message: 'argocd-server is given, and all that is waited for is of Kubernetes, which shows no revision',
    });
    const meant = await play({ flags: { ...alone, engine: 'kubernetes', images: [] } });
    expect(meant.outcome).toMatchObject({ exitCode: 0, notes: [expect.stringMatching(/ is only a name here: /)] });
    expect((await play({ flags: { ...alone, engine: 'kubernetes' } })).outcome).toMatchObject({ notes: [] });
  });

  it('says which target needs what is missing, and refuses what an engine cannot judge', async () => {
    const none = await play({ flags: { targets, 'argocd-server': '' } });
    expect(none.outcome).toMatchObject({
      code: 'input',
      message: 'argocd-server is missing, which the target shop needs: it is read as an application of Argo CD',
    });
    const other = { engine: 'kubernetes', targets: ['Application.argoproj.io/argocd/shop'] };
    expect((await play({ flags: other })).outcome).toMatchObject({
      message: 'engine kubernetes cannot judge Application.argoproj.io/argocd/shop',
    });
    const wrong = { engine: 'flux', targets: ['Deployment/shop/web'] };
    expect((await play({ flags: wrong, unreadable: ['Deployment/shop/web'] })).outcome).toMatchObject({
      hint: expect.stringContaining('Without engine each target is taken by how it is written'),
    });
  });

  it('names what is wrong with each of them at once, and closes the others', async () => {
    const failing = {
      kubernetes: new ToolError('missing', 'there is no kubeconfig', { hint: 'Set KUBECONFIG.' }),
      flux: new ToolError('missing', 'there is no kubeconfig', { hint: 'Set KUBECONFIG.' }),
    };
    const same = await play({ flags: { targets }, failing });
    expect(same.outcome).toMatchObject({ code: 'missing', message: 'there is no kubeconfig' });
    expect(same.closed).toEqual(['argocd']);
    const argocd = new ToolError('input', 'argocd-server is missing', { hint: 'Give its address.' });
    const { outcome } = await play({ flags: { targets }, failing: { ...failing, argocd } });
    expect(outcome).toMatchObject({
      code: 'input',
      problems: ['argocd-server is missing', 'there is no kubeconfig'],
      hint: 'Give its address. Set KUBECONFIG.',
    });
  });
});
