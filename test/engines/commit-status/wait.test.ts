import { afterEach, describe, expect, it } from '@jest/globals';
import { connectCommitStatus } from '../../../src/engines/commit-status/index.ts';
import type { JudgeOptions } from '../../../src/engines/judge.ts';
import { watch } from '../../../src/engines/watch.ts';
import { ToolError } from '../../../src/errors.ts';
import type { CommitStatus, StatusState } from '../../../src/forges/forge-client.ts';
import type { Host } from '../../../src/host.ts';
import { type BareRepository, createBareRepository } from '../../support/bare-repository.ts';
import { createMemoryForge } from '../../support/memory-forge.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const OPTIONS: JudgeOptions = {
  stableFor: 10_000,
  degradedGrace: 30_000,
  appearTimeout: 60_000,
  suspended: 'wait',
  sync: 'never',
};
const CONTEXT = 'kustomization/apps/0c9c2e41';
const GOOD = 'reconciliation succeeded';

const opened: BareRepository[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});

interface SceneOptions {
  readonly contexts?: readonly string[];
  readonly required?: number;
  readonly own?: readonly string[];
}

/** A repository with one commit that is waited for, in virtual time. */
function scene({ contexts = ['kustomization/*'], required = 1, own = [] }: SceneOptions = {}) {
  const bare = createBareRepository({ 'app.yaml': 'a: 1\n' });
  opened.push(bare);
  const { forge } = createMemoryForge(bare);
  const clock = virtualClock();
  const told = new Map<string, CommitStatus[]>();
  const plans: { readonly at: number; readonly act: () => void }[] = [];
  const wanted = bare.commit({ 'app.yaml': 'a: 2\n' });
  let reads = 0;
  let failing: ToolError | undefined;
  const reverting = new Set<string>();
  const unsure = new Set<string>();
  const relation = async (revision: string, other = wanted) =>
    unsure.has(revision)
      ? 'unknown'
      : reverting.has(revision)
        ? 'reverted'
        : forge.repository.relation(revision, other);
  const head = () => {
    for (const plan of plans.filter(({ at }) => at <= clock.monotonic())) {
      plans.splice(plans.indexOf(plan), 1);
      plan.act();
    }
    return forge.repository.head();
  };
  const list = async (revision: string) => {
    reads++;
    if (failing !== undefined) throw failing;
    return told.get(revision) ?? [];
  };
  const host = { clock, random: () => 0.5, signal: new AbortController().signal } as unknown as Host;
  const roles = { repository: { ...forge.repository, head, relation }, statuses: { list } };
  const open = async () => roles;
  const engine = connectCommitStatus({ location: 'x', open, required, own, close: async () => undefined }, host);
  const say = (revision: string, state: StatusState, description = '', context = CONTEXT) => {
    const others = (told.get(revision) ?? []).filter((one) => one.context !== context);
    told.set(revision, [...others, { kind: 'status', context, state, description }]);
  };
  const wait = async (timeout = 120_000) => {
    const [outcome] = await clock.run(
      watch({
        ...{ engine, host, timeout, options: OPTIONS, refresh: true, progress: () => undefined },
        targets: contexts.map((name) => engine.parseTarget(name)),
        wanted: { revision: wanted, images: [] },
        relation,
      }),
    );
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };
  return {
    ...{ bare, wanted, say, wait, engine, reverting, unsure },
    at: (seconds: number, act: () => void) => void plans.push({ at: seconds * 1000, act }),
    fail: (error: ToolError | undefined) => (failing = error),
    reads: () => reads,
  };
}

const RECORDED = [
  ['B', 'success', 'reconciliation succeeded'],
  ['C', 'failure', 'health check failed'],
  ['D', 'failure', 'health check failed'],
  ['E', 'success', 'reconciliation succeeded'],
] as const;

/** The verdict on one commit of a sequence of which everything up to `last` was posted. */
async function recorded(name: string, last: string): Promise<string> {
  const before = RECORDED.findIndex(([one]) => one === name);
  const after = RECORDED.slice(before + 1, RECORDED.findIndex(([one]) => one === last) + 1);
  const { wait, say, wanted, bare } = scene();
  const [, state, words] = RECORDED[before] ?? ['', 'pending', ''];
  say(wanted, state, words);
  for (const [one, its, told] of after) say(bare.commit({ [`${one}.txt`]: 'x\n' }), its, told);
  return (await wait()).verdict.kind;
}

describe('a gate on commit statuses', () => {
  it('opens by a success that has held', async () => {
    const { wait, say, wanted, reads } = scene();
    say(wanted, 'success', GOOD);
    expect(await wait()).toMatchObject({ verdict: { kind: 'landed' }, seconds: 10 });
    expect(reads()).toBeLessThanOrEqual(3);
  });

  it('is timed out by silence, with what else there is', async () => {
    const { wait, say, wanted } = scene();
    say(wanted, 'success', '', 'ci/build');
    const { verdict, diagnosis } = await wait();
    expect(verdict).toMatchObject({ kind: 'timedOut', phase: 'unseen' });
    expect(diagnosis?.sections).toEqual([{ title: 'Other contexts that there are', lines: ['ci/build'] }]);
  });

  it('does not open by a success in other words of Flux', async () => {
    const { wait, say, wanted } = scene();
    say(wanted, 'success', 'dependency not ready');
    expect((await wait()).verdict).toMatchObject({ kind: 'timedOut', phase: 'syncing' });
  });

  it('closes by a failure, in the words of whoever says it', async () => {
    const { wait, say, wanted, at } = scene();
    at(20, () => say(wanted, 'failure', 'health check failed'));
    const { verdict, diagnosis, seconds } = await wait();
    expect(verdict).toMatchObject({ kind: 'failed', reasons: [expect.stringContaining('health check failed')] });
    expect(seconds).toBeLessThanOrEqual(40);
    expect(diagnosis?.sections[0]?.lines).toEqual([`${CONTEXT}: failure, health check failed`]);
  });

  it('closes by a failure that follows a success before it has held', async () => {
    const { wait, say, wanted, at } = scene();
    say(wanted, 'success', GOOD);
    at(9, () => say(wanted, 'failure', 'health check failed'));
    expect((await wait()).verdict.kind).toBe('failed');
  });

  it('gives a refusal that is tried again its grace', async () => {
    const { wait, say, wanted, at } = scene();
    say(wanted, 'failure', 'reconciliation failed');
    at(20, () => say(wanted, 'success', GOOD));
    expect((await wait()).verdict.kind).toBe('landed');
    const other = scene();
    other.say(other.wanted, 'failure', 'reconciliation failed');
    expect((await other.wait()).verdict.kind).toBe('failed');
  });

  it('opens by a descendant when the wanted commit never gets a word', async () => {
    const { wait, say, bare, at } = scene();
    at(20, () => say(bare.commit({ 'notes.txt': 'x\n' }), 'success', GOOD));
    expect((await wait()).verdict.kind).toBe('landed');
  });

  it('reads each commit once, and asks again how a commit stands that was not known at first', async () => {
    const { wait, say, bare, at, unsure, reads } = scene();
    const newer = bare.commit({ 'notes.txt': 'x\n' });
    unsure.add(newer);
    say(newer, 'success', GOOD);
    at(40, () => unsure.delete(newer));
    expect((await wait()).verdict.kind).toBe('landed');
    // Four reads of the wanted one alone, then two of both.
    expect(reads()).toBeLessThanOrEqual(8);
  });

  it('does not listen to what is said about a commit that the wanted one was merged into', async () => {
    const { wait, say, wanted, bare } = scene();
    bare.git('update-ref', 'refs/heads/main', bare.git('rev-parse', `${wanted}^`));
    const other = bare.commit({ 'notes.txt': 'x\n' });
    const merge = bare.git('commit-tree', `${other}^{tree}`, '-p', other, '-p', wanted, '-m', 'merge');
    bare.git('update-ref', 'refs/heads/main', merge);
    say(other, 'failure', 'health check failed');
    expect((await wait(60_000)).verdict).toMatchObject({
      kind: 'timedOut',
      reasons: ['no context has said that it succeeded yet'],
    });
    say(merge, 'success', GOOD);
    expect((await wait()).verdict.kind).toBe('landed');
  });

  it('opens by a descendant that is not the newest one', async () => {
    const { wait, say, bare } = scene();
    const middle = bare.commit({ 'notes.txt': 'x\n' });
    bare.commit({ 'notes.txt': 'y\n' });
    say(middle, 'success', GOOD);
    expect((await wait()).verdict.kind).toBe('landed');
  });

  it('says superseded by a descendant that takes the change back', async () => {
    const { wait, say, bare, reverting } = scene();
    const revert = bare.commit({ 'app.yaml': 'a: 1\n' });
    reverting.add(revert);
    say(revert, 'success', GOOD);
    expect((await wait()).verdict.kind).toBe('superseded');
  });

  it('says superseded when the branch is moved away after a success', async () => {
    const { wait, say, wanted, bare, at } = scene();
    const first = bare.git('rev-parse', `${wanted}^`);
    say(wanted, 'success', GOOD);
    at(5, () => bare.git('update-ref', 'refs/heads/main', first));
    expect((await wait()).verdict.kind).toBe('superseded');
  });

  it('is blocked within seconds where the branch has gone another way', async () => {
    const { wait, wanted, bare, say } = scene();
    const first = bare.git('rev-parse', `${wanted}^`);
    bare.git('update-ref', 'refs/heads/main', first);
    bare.commit({ 'notes.txt': 'x\n' });
    say(wanted, 'success', GOOD);
    const { verdict, seconds } = await wait();
    expect(verdict).toMatchObject({
      kind: 'blocked',
      reasons: [expect.stringMatching(/does not contain/), expect.anything()],
    });
    expect(seconds).toBeLessThan(20);
  });

  it('waits for a commit that is not on the branch yet', async () => {
    const { wait, wanted, bare, say, at } = scene();
    bare.git('update-ref', 'refs/heads/main', bare.git('rev-parse', `${wanted}^`));
    at(30, () => {
      bare.git('update-ref', 'refs/heads/main', wanted);
      say(wanted, 'success', GOOD);
    });
    expect((await wait()).verdict.kind).toBe('landed');
  });

  it('does not blame a change for a newer one that fails on top of it', async () => {
    const { wait, say, wanted, bare } = scene();
    say(wanted, 'success', GOOD);
    say(bare.commit({ 'notes.txt': 'x\n' }), 'failure', 'health check failed');
    expect((await wait()).verdict).toMatchObject({
      kind: 'superseded',
      reasons: [expect.stringMatching(/took the place/), expect.anything()],
    });
  });

  // As notification-controller 1.9 posted them: D changes nothing, and stands on C.
  it.each([
    ['B', 'landed'],
    ['C', 'landed'],
    ['D', 'landed'],
    ['E', 'landed'],
  ] as const)('judges %s of a recorded sequence when the last of it is good as %s', async (name, kind) => {
    expect(await recorded(name, 'E')).toBe(kind);
  });

  it.each([
    ['B', 'superseded'],
    ['C', 'failed'],
    ['D', 'failed'],
  ] as const)('judges %s of it while D is the last as %s', async (name, kind) => {
    expect(await recorded(name, 'D')).toBe(kind);
  });

  it('does not take its own words for those of others', async () => {
    const { wait, say, wanted } = scene({ contexts: ['*'], own: ['drawbridge'] });
    say(wanted, 'pending', 'waiting', 'drawbridge');
    say(wanted, 'success', GOOD);
    expect((await wait()).verdict.kind).toBe('landed');
  });

  it('waits for as many contexts as are required', async () => {
    const { wait, say, wanted, at } = scene({ contexts: ['continuous-delivery/*'], required: 2 });
    say(wanted, 'success', '', 'continuous-delivery/eu');
    at(40, () => say(wanted, 'success', '', 'continuous-delivery/us'));
    const { verdict, seconds } = await wait();
    expect(verdict.kind).toBe('landed');
    expect(seconds).toBeGreaterThan(40);
  });

  it('outlives a forge that is away for a moment, not one that denies', async () => {
    const { wait, say, wanted, at, fail } = scene();
    fail(new ToolError('temporary', 'the forge is down'));
    at(30, () => {
      fail(undefined);
      say(wanted, 'success', GOOD);
    });
    expect((await wait()).verdict.kind).toBe('landed');
    const blinking = scene();
    for (const seconds of [10, 80]) {
      blinking.at(seconds, () => blinking.fail(new ToolError('temporary', 'the forge is down')));
      blinking.at(seconds + 20, () => blinking.fail(undefined));
    }
    blinking.at(95, () => blinking.say(blinking.wanted, 'success', GOOD));
    expect((await blinking.wait()).verdict.kind).toBe('landed');
    const closed = scene();
    closed.fail(new ToolError('denied', 'may not be read'));
    expect(await closed.wait()).toMatchObject({ verdict: { kind: 'unreachable', code: 'denied' }, seconds: 0 });
    const away = scene();
    away.fail(new ToolError('temporary', 'the forge is down'));
    expect((await away.wait(300_000)).verdict).toMatchObject({ kind: 'unreachable', code: 'temporary' });
  });

  it('refuses what needs access to the cluster, and an empty name', async () => {
    const { engine } = scene();
    const { signal } = new AbortController();
    expect(await engine.act({ name: 'x', kind: 'Context' }, 'sync', undefined, signal)).toMatchObject({
      kind: 'refused',
    });
    expect(() => engine.parseTarget(' ')).toThrow('empty');
    const observing = { refresh: true, related: () => undefined };
    expect(() => engine.observe([], { revision: 'abc', images: [] }, observing, signal)).toThrow(/no full id/);
    await expect(engine.discover({ repository: 'x', changedFiles: [] }, signal)).rejects.toMatchObject({
      code: 'input',
    });
  });
});
