import { describe, expect, it } from '@jest/globals';
import { type Subject, statusContext, type TellingInputs, telling } from '../../src/commands/telling.ts';
import type { Phase, VerdictKind } from '../../src/engines/delivery-engine.ts';
import type { ProgressEvent } from '../../src/engines/watch.ts';
import { ToolError } from '../../src/errors.ts';
import type { DeploymentRole, StatusDraft, StatusesRole } from '../../src/forges/forge-client.ts';
import type { TargetOutcome } from '../../src/outcome.ts';
import { createRealHost } from '../support/real-host.ts';

const REVISION = 'a'.repeat(40);

interface Refusals {
  readonly post?: (count: number) => ToolError | undefined;
  readonly begin?: ToolError;
  readonly gate?: Promise<void>;
}

/** A forge that writes down what it is told. */
function listener({ post, begin, gate }: Refusals = {}) {
  const lines: string[] = [];
  let posts = 0;
  const statuses: StatusesRole = {
    list: async () => [],
    post: async (_, { context, state, description }: StatusDraft) => {
      await gate;
      const refusal = post?.(++posts);
      if (refusal !== undefined) throw refusal;
      lines.push(`${context} ${state}: ${description}`);
    },
  };
  const deployment: DeploymentRole = {
    begin: async ({ environment, branch }) => {
      if (begin !== undefined) throw begin;
      lines.push(`begin ${environment} on ${branch}`);
      return '7';
    },
    update: async (id, state, { description }) => void lines.push(`${id} ${state}: ${description}`),
  };
  const forge = {
    id: 'memory',
    location: 'https://git.example.test/acme/config',
    statuses: { ...statuses, deployment },
    repository: { head: async () => ({ branch: 'main', revision: REVISION }) },
  } as unknown as NonNullable<Subject['forge']>;
  return { forge, lines, posts: () => posts };
}

const INPUTS: TellingInputs = { environment: 'production', commitStatus: 'true', dryRun: false };

function event(name: string, phase: Phase, kind: ProgressEvent['kind'] = 'change'): ProgressEvent {
  return { kind, target: { name, kind: 'Application' }, seconds: 1, verdict: { kind: 'waiting', phase, reasons: [] } };
}

function ended(kind: VerdictKind, reasons: readonly string[] = []): readonly TargetOutcome[] {
  const verdict = { kind, phase: 'settling', reasons } as const;
  return [{ target: { name: 'shop', kind: 'Application' }, verdict, seconds: 1, timeline: [] }];
}

const subject = (forge: Subject['forge'], targets = 1): Subject => ({
  ...{ revision: REVISION, targets },
  ...(forge === undefined ? {} : { forge }),
});

describe('the name of the status', () => {
  it.each([
    [{}, undefined],
    [{ commitStatus: 'false', environment: 'eu' }, undefined],
    [{ commitStatus: 'true' }, 'drawbridge'],
    [{ commitStatus: 'TRUE', environment: 'eu' }, 'drawbridge/eu'],
    [{ commitStatus: 'gate', environment: 'eu' }, 'gate'],
  ])('of %j is %j', (inputs, name) => expect(statusContext(inputs)).toBe(name));
});

describe('telling the forge', () => {
  it.each([
    ['landed', 'success', 'success'],
    ['failed', 'failure', 'failure'],
    ['timedOut', 'failure', 'failure'],
    ['blocked', 'failure', 'failure'],
    ['superseded', 'inactive', 'error'],
    ['unreachable', 'error', 'error'],
  ] as const)('ends %s as %s, and the status as %s', async (kind, deployment, status) => {
    const { forge, lines } = listener();
    await telling(subject(forge), INPUTS, createRealHost(), async () => ended(kind, ['because']));
    const last = (start: string) => lines.findLast((line) => line.startsWith(start));
    expect(last('7')).toMatch(new RegExp(`^7 ${deployment}: aaaaaaaaaaaa .* on shop`));
    expect(last('drawbridge/production')).toMatch(new RegExp(`^drawbridge/production ${status}: aaaaaaaaaaaa `));
    expect(last('7')?.includes('because')).toBe(kind !== 'landed');
  });

  it('tells a phase of the slowest target once, and only when it has changed', async () => {
    const { forge, lines } = listener();
    const { environment: _, ...inputs } = INPUTS;
    await telling(subject(forge, 2), inputs, createRealHost(), async (tell) => {
      const steps: readonly (readonly [string, Phase])[] = [
        ['a', 'syncing'],
        ['b', 'seen'],
        ['a', 'rolling'],
        ['b', 'seen'],
        ['b', 'rolling'],
      ];
      for (const [name, phase] of steps) {
        tell(event(name, phase));
        await new Promise((resolve) => setImmediate(resolve));
      }
      tell(event('a', 'settling', 'verdict'));
      tell(event('b', 'settling'));
      await new Promise((resolve) => setImmediate(resolve));
      return ended('landed');
    });
    expect(lines).toEqual([
      'drawbridge pending: waiting for the first answer',
      'drawbridge pending: seen (0 of 2 decided)',
      'drawbridge pending: rolling out (0 of 2 decided)',
      'drawbridge pending: live, waiting whether it stays so (1 of 2 decided)',
      expect.stringMatching(/^drawbridge success/),
    ]);
  });

  it('leaves out phases that come while the forge is slow', async () => {
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { forge, lines } = listener({ gate });
    await telling(subject(forge), { commitStatus: 'gate', dryRun: false }, createRealHost(), async (tell) => {
      for (const phase of ['seen', 'syncing', 'rolling'] as const) tell(event('shop', phase));
      open?.();
      await new Promise((resolve) => setImmediate(resolve));
      return ended('landed');
    });
    expect(lines.map((line) => line.split(':')[0])).toEqual(['gate pending', 'gate success']);
  });

  it('warns once of a right that is missing, and gives the same verdict', async () => {
    const refusal = new ToolError('denied', 'may not', { hint: 'Give the right.' });
    const { forge, lines, posts } = listener({ post: () => refusal, begin: refusal });
    const host = createRealHost();
    const outcomes = await telling(subject(forge), INPUTS, host, async (tell) => {
      tell(event('shop', 'rolling'));
      return ended('landed');
    });
    expect(outcomes).toEqual(ended('landed'));
    expect([lines, posts()]).toEqual([[], 1]);
    expect(host.lines).toEqual([
      expect.stringMatching(/could not be told of the (deployment to|status) .*may not\. Give the right\.$/),
      expect.stringMatching(/could not be told of the (deployment to|status) .*may not\. Give the right\.$/),
    ]);
  });

  it('says the last word twice where the answer to it got lost', async () => {
    const lost = new ToolError('temporary', 'cut off');
    const { forge, lines } = listener({ post: (count) => (count === 2 ? lost : undefined) });
    const { environment: _, ...inputs } = INPUTS;
    await telling(subject(forge), inputs, createRealHost(), async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ended('landed');
    });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^drawbridge success/);
    const away = listener({ post: (count) => (count === 1 ? lost : undefined) });
    const host = createRealHost();
    await telling(subject(away.forge), inputs, host, async () => ended('landed'));
    expect([away.lines, host.lines]).toEqual([
      [expect.stringMatching(/^drawbridge success/)],
      [expect.stringMatching(/status drawbridge: cut off/)],
    ]);
  });

  it('warns once of a forge that stays away, and tries again for each word', async () => {
    const { forge, lines, posts } = listener({ post: () => new ToolError('temporary', 'cut off') });
    const host = createRealHost();
    await telling(subject(forge), { commitStatus: 'gate', dryRun: false }, host, async (tell) => {
      await new Promise((resolve) => setImmediate(resolve));
      tell(event('shop', 'rolling'));
      await new Promise((resolve) => setImmediate(resolve));
      return ended('landed');
    });
    expect([lines, posts(), host.lines.length]).toEqual([[], 4, 1]);
  });

  it('shows no secret of the inputs', async () => {
    const { forge, lines } = listener();
    const inputs = { ...INPUTS, token: 'canary-of-the-forge', argocdToken: 'canary-of-argocd' };
    const reasons = ['refused canary-of-argocd and canary-of-the-forge'];
    await telling(subject(forge), inputs, createRealHost(), async () => ended('failed', reasons));
    expect(lines.join()).toContain('refused *** and ***');
    expect(lines.join()).not.toContain('canary');
  });

  it('ends as cancelled when the run is, and lets the reason through', async () => {
    const controller = new AbortController();
    const reason = new ToolError('terminated', 'ended from outside');
    const { forge, lines } = listener();
    const host = createRealHost({ signal: controller.signal });
    const told = telling(subject(forge), INPUTS, host, async () => {
      controller.abort(reason);
      throw reason;
    });
    await expect(told).rejects.toBe(reason);
    expect(lines).toEqual(expect.arrayContaining(['7 inactive: cancelled', 'drawbridge/production error: cancelled']));
  });

  it('ends as an error when the wait itself breaks', async () => {
    const { forge, lines } = listener();
    const told = telling(subject(forge), INPUTS, createRealHost(), async () => {
      throw new ToolError('missing', 'no target\nof that name');
    });
    await expect(told).rejects.toMatchObject({ code: 'missing' });
    expect(lines).toContain('7 error: not decided: no target ⏎ of that name');
  });

  it('says where nothing can be told, and is silent where nothing is asked for', async () => {
    const host = createRealHost();
    await telling(subject(undefined), INPUTS, host, async () => ended('landed'));
    expect(host.lines).toEqual([expect.stringMatching(/No repository was found/)]);
    const { forge, lines } = listener();
    const quiet = createRealHost();
    await telling(subject(forge), { ...INPUTS, dryRun: true }, quiet, async () => ended('landed'));
    await telling(subject(undefined), { dryRun: false }, quiet, async () => ended('landed'));
    expect([lines, quiet.lines]).toEqual([[], []]);
  });
});
