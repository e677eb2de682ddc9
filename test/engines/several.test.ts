import { describe, expect, it } from '@jest/globals';
import type { DeliveryEngine, Observation, Observing, Target } from '../../src/engines/delivery-engine.ts';
import { severalEngines } from '../../src/engines/several.ts';
import { ToolError } from '../../src/errors.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const signal = new AbortController().signal;
const clock = virtualClock();

interface Told {
  readonly engine: string;
  readonly what: string;
}

/** An engine that reads names of one form, shows its targets once, and writes down what it is asked for. */
function engineOf(id: string, form: RegExp, told: Told[], settings: Partial<DeliveryEngine> = {}): DeliveryEngine {
  const note = (what: string) => void told.push({ engine: id, what });
  const observe = (targets: readonly Target[]): Observing => {
    async function* observations(): AsyncGenerator<Observation> {
      for (const target of targets) yield { target, members: [{ name: `${target.name}-child`, kind: 'x' }] } as never;
    }
    note(`observe ${targets.map(({ name }) => name).join(' ')}`);
    return {
      observations: observations(),
      look: ({ name }) => note(`look ${name}`),
      join: ({ name }) => note(`join ${name}`),
      leave: ({ name }) => note(`leave ${name}`),
    };
  };
  return {
    id,
    location: `the ${id}`,
    parseTarget(text) {
      if (!form.test(text)) throw new ToolError('input', `${id} does not know ${text}`);
      return { name: text, kind: id };
    },
    discover: async () => [{ name: `found-by-${id}`, kind: id }],
    sources: async () => [],
    observe,
    act: async ({ name }) => {
      note(`act ${name}`);
      return { kind: 'done' };
    },
    diagnose: async (target) => ({ target, sections: [{ title: id, lines: [] }], hints: [] }),
    close: async () => note('close'),
    ...settings,
  };
}

function pair(settings: Partial<DeliveryEngine> = {}) {
  const told: Told[] = [];
  const engines = [engineOf('argocd', /^[a-z-]+$/, told), engineOf('flux', /^Kustomization\//, told, settings)];
  return { told, engine: severalEngines(engines, { clock }) };
}

const query = { repository: 'github.com/acme/config', changedFiles: [] };
const missing = async () => {
  throw new ToolError('missing', 'nothing of Flux comes from there', { problems: ['nearest: apps'] });
};

describe('several engines in one wait', () => {
  it('gives each target to the engine that reads its name, and refuses a name with what both say', async () => {
    const { told, engine } = pair();
    const targets = ['shop', 'Kustomization/flux-system/apps'].map((text) => engine.parseTarget(text));
    await Promise.all(targets.map((target) => engine.act(target, 'refresh', undefined, signal)));
    expect(told.map(({ engine: id, what }) => `${id}: ${what}`)).toEqual([
      'argocd: act shop',
      'flux: act Kustomization/flux-system/apps',
    ]);
    expect(() => engine.parseTarget('Nonsense!')).toThrow(
      'argocd does not know Nonsense!; flux does not know Nonsense!',
    );
  });

  it('gives a target to the engine that it is said to be for, and refuses one name for two', () => {
    const told: Told[] = [];
    const both = ['argocd', 'commit-status'].map((id) => engineOf(id, /^[a-z-]+$/, told));
    const engine = severalEngines(both, { clock });
    expect(engine.parseTargetOf('commit-status', 'shop').kind).toBe('commit-status');
    expect(engine.parseTargetOf('commit-status', 'shop').kind).toBe('commit-status');
    expect(() => engine.parseTargetOf('argocd', 'shop')).toThrow(
      'shop is the name of two targets, one of engine commit-status and one of argocd',
    );
  });

  it('observes all of them in one sequence, members and what is asked later included', async () => {
    const { told, engine } = pair();
    const targets = ['shop', 'Kustomization/flux-system/apps'].map((text) => engine.parseTarget(text));
    const observing = engine.observe(
      targets,
      { revision: 'a', images: [] },
      { refresh: false, related: () => 'equal' },
      signal,
    );
    const seen: string[] = [];
    await clock.run(
      (async () => {
        for await (const { target } of observing.observations) seen.push(target.name);
      })(),
    );
    expect(seen.sort()).toEqual(['Kustomization/flux-system/apps', 'shop']);
    observing.join({ name: 'Kustomization/flux-system/apps-child', kind: 'x' });
    observing.look({ name: 'shop-child', kind: 'x' }, 5);
    observing.leave({ name: 'shop', kind: 'argocd' });
    expect(told.slice(2).map(({ engine: id, what }) => `${id}: ${what}`)).toEqual([
      'flux: join Kustomization/flux-system/apps-child',
      'argocd: look shop-child',
      'argocd: leave shop',
    ]);
  });

  it('breaks when one of them breaks', async () => {
    const observations = (async function* (): AsyncGenerator<Observation> {
      yield* [];
      throw new ToolError('denied', 'no longer');
    })();
    const broken = { observations, look: () => undefined, join: () => undefined, leave: () => undefined };
    const { engine } = pair({ observe: () => broken });
    const targets = ['shop', 'Kustomization/flux-system/apps'].map((text) => engine.parseTarget(text));
    const observing = engine.observe(
      targets,
      { revision: 'a', images: [] },
      { refresh: false, related: () => 'equal' },
      signal,
    );
    const drain = async () => {
      for await (const _ of observing.observations);
    };
    await expect(clock.run(drain())).rejects.toMatchObject({ code: 'denied' });
  });

  it('finds what each of them finds, and it is no error that one finds nothing', async () => {
    expect(await pair().engine.discover(query, signal)).toHaveLength(2);
    const { engine } = pair({ discover: missing });
    expect(await engine.discover(query, signal)).toEqual([{ name: 'found-by-argocd', kind: 'argocd' }]);
    const none = severalEngines([engineOf('flux', /x/, [], { discover: missing })], { clock });
    await expect(none.discover(query, signal)).rejects.toMatchObject({ code: 'missing', problems: ['nearest: apps'] });
    const denied = pair({ discover: async () => Promise.reject(new ToolError('denied', 'no')) });
    await expect(denied.engine.discover(query, signal)).rejects.toMatchObject({ code: 'denied' });
  });

  it('closes all of them', async () => {
    const { told, engine } = pair();
    await engine.close?.();
    expect(told.map(({ engine: id }) => id)).toEqual(['argocd', 'flux']);
  });
});
