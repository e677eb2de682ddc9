import { describe, expect, it } from '@jest/globals';
import { parseMarker } from '../../src/forges/request-marker.ts';
import { another, BRANCH, createStage, deployment, SHOP, type Stage } from '../support/request-stage.ts';

const KILLED = new Error('killed');

interface Story {
  readonly name: string;
  /** What is there before the run that is killed. */
  readonly before: (stage: Stage) => Promise<void>;
  readonly image: string;
  readonly flags?: Readonly<Record<string, string>>;
  /** What must be true in the end, beside what always must. */
  readonly after: (stage: Stage) => void;
}

const STORIES: readonly Story[] = [
  {
    name: 'a new request',
    before: async () => undefined,
    image: 'acme/api:1.1.0',
    after: ({ memory, bare }) => {
      expect(memory.requests.map(({ state }) => state)).toEqual(['open']);
      expect(bare.text(SHOP, BRANCH)).toContain('acme/api:1.1.0');
    },
  },
  {
    name: 'a newer tag, with another image to carry',
    before: async (stage) => {
      await stage.bump(['acme/api:1.1.0', 'acme/worker:1.1.0']);
    },
    image: 'acme/api:1.2.0',
    after: ({ memory, bare }) => {
      expect(memory.requests.map(({ state }) => state)).toEqual(['open']);
      expect(bare.text(SHOP, BRANCH)).toBe(deployment('acme/api:1.2.0', 'acme/worker:1.1.0').trimEnd());
    },
  },
  {
    name: 'a request that is merged at once',
    before: async () => undefined,
    image: 'acme/api:1.1.0',
    flags: { 'auto-merge': 'squash', 'wait-for-merge': 'true' },
    after: ({ memory, bare }) => {
      expect(memory.requests.map(({ state }) => state)).toEqual(['merged']);
      expect(bare.text(SHOP)).toContain('acme/api:1.1.0');
      expect(bare.history()).toHaveLength(2);
    },
  },
  {
    name: "another request beside a person's commit",
    before: async (stage) => {
      await stage.bump('acme/api:1.1.0');
      stage.memory.people.push(BRANCH, { 'fix.txt': 'a fix\n' });
    },
    image: 'acme/api:1.2.0',
    after: ({ memory, bare }) => {
      expect(memory.requests.map(({ state }) => state)).toEqual(['open', 'open']);
      expect(bare.text('fix.txt', BRANCH)).toBe('a fix');
      expect(bare.text(SHOP, `${BRANCH}-2`)).toContain('acme/api:1.2.0');
    },
  },
  {
    name: 'a second request that the first one takes the place of',
    before: async (stage) => {
      await stage.bump('acme/api:1.1.0');
      const ours = stage.bare.head(BRANCH);
      stage.memory.people.push(BRANCH, { 'fix.txt': 'a fix\n' });
      await stage.bump('acme/api:1.2.0');
      stage.bare.git('update-ref', `refs/heads/${BRANCH}`, ours);
    },
    image: 'acme/api:1.3.0',
    after: ({ memory, bare }) => {
      expect(memory.requests.map(({ number, state }) => `${number} ${state}`).sort()).toEqual(['1 open', '2 closed']);
      expect(memory.comments.length).toBeGreaterThan(0);
      expect(bare.text(SHOP, BRANCH)).toContain('acme/api:1.3.0');
    },
  },
];

/** One commit per open request that is ours, its description about that commit, and nothing half done. */
function holdsAlways({ bare, memory }: Stage, touched: boolean): void {
  const open = memory.requests.filter(({ state }) => state === 'open');
  const ours = touched ? open.filter(({ headBranch }) => headBranch !== BRANCH) : open;
  for (const { headBranch, headRevision, body } of ours) {
    expect(bare.git('rev-list', '--count', `main..${headBranch}`)).toBe('1');
    expect(parseMarker(body)).toMatchObject({ head: headRevision });
    expect(parseMarker(body)?.superseded).toBeUndefined();
  }
}

/** @returns false when the run ended before that call */
async function killedAt(stage: Stage, story: Story, at: number, when: 'beforeCall' | 'afterCall'): Promise<boolean> {
  const done = stage.memory.calls.length;
  stage.memory[when] = (number) => {
    if (number === done + at) throw KILLED;
  };
  const outcome = await stage.bump(story.image, story.flags).catch((error: unknown) => error);
  stage.memory[when] = () => undefined;
  const calls = stage.memory.calls.length;
  const isOver = calls < done + at;
  if (isOver) expect(outcome).toMatchObject({ exitCode: 0 });
  const again = await another(stage).bump(story.image, story.flags);
  expect(again.exitCode).toBe(0);
  story.after(stage);
  holdsAlways(stage, story.name.includes('beside'));
  if (isOver) expectNoWrite(stage, calls, again.outputs.changed);
  return !isOver;
}

/** The run after one that was not killed has nothing to do. */
function expectNoWrite({ memory }: Stage, from: number, changed: string | undefined): void {
  const writes = ['commit', 'open', 'update', 'close', 'deleteBranch'];
  expect([changed, memory.calls.slice(from).filter((name) => writes.includes(name))]).toEqual(['false', []]);
}

describe.each(STORIES)('a run that is killed: $name', (story) => {
  it.each(['beforeCall', 'afterCall'] as const)(
    '%s, at each call of the port in turn, is finished by the next run: nothing lost, nothing doubled',
    async (when) => {
      const stage = createStage();
      try {
        await story.before(stage);
        const restore = stage.memory.save();
        let at = 1;
        for (; await killedAt(stage, story, at, when); at++) restore();
        expect(at).toBeGreaterThan(8);
      } finally {
        stage.bare.remove();
      }
    },
    60_000,
  );
});
