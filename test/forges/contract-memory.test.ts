import { ToolError } from '../../src/errors.ts';
import type { Forge } from '../../src/forges/forge-client.ts';
import { createBareRepository } from '../support/bare-repository.ts';
import { createMemoryForge, type MemoryForge } from '../support/memory-forge.ts';
import { describeForge } from './contract.ts';
import { onlooker, type RequestsStage, type Stage, type Who } from './contract-stage.ts';

/** The forge that the tests of the commands run on has to do what the others do, or those tests would prove nothing. */
describeForge('the forge of the tests', async (files): Promise<Stage> => {
  const bare = createBareRepository(files);
  const memory = createMemoryForge(bare);
  let closed = false;
  return {
    forge: 'memory',
    url: bare.path,
    repository: onlooker(bare),
    tokens: { writer: '', reader: '', nobody: '' },
    connect: async (who) => (closed || who !== 'writer' ? refusing(memory.forge, who) : memory.forge),
    protect: async () => {
      closed = true;
      return /main is protected/;
    },
    requests: requestsOf(memory),
    end: async () => {
      bare.remove();
      return [];
    },
  };
});

function refusing(forge: Forge, who: Who): Forge {
  const { repository } = forge;
  const refuse = async () => {
    throw new ToolError('denied', who === 'writer' ? 'main is protected' : `${who} may not`, {
      hint: 'Give another token.',
    });
  };
  const commit: typeof repository.commit = (branch, ...rest) =>
    who === 'writer' && branch !== 'main' ? repository.commit(branch, ...rest) : refuse();
  return { ...forge, repository: { ...repository, ...(who === 'nobody' ? { head: refuse } : {}), commit } };
}

function requestsOf(memory: MemoryForge): RequestsStage {
  const { people, comments, drafts } = memory;
  return {
    colleague: 'ann',
    all: async () =>
      memory.requests.toReversed().map((request) => {
        const { reviewers = [], assignees = [] } = drafts[request.number - 1] ?? {};
        const told = comments.filter(({ number }) => number === request.number).map(({ text }) => text);
        return { ...request, branch: request.headBranch, reviewers, assignees, comments: told };
      }),
    close: async (number) => people.close(number),
    merge: async (number, way) => void people.merge(number, way),
    checks: async (state) => {
      if (state === 'passed') for (const { number } of memory.merges) passed(memory, number);
      memory.policy =
        state === 'pending'
          ? { kind: 'checks' }
          : state === 'passed'
            ? { kind: 'clean' }
            : { kind: 'not-yet', times: 9 };
    },
    forbid: async () => {
      memory.policy = { kind: 'refused', reason: 'squash merges are not allowed' };
      return /squash merges are not allowed/;
    },
  };
}

function passed({ requests, people, policy }: MemoryForge, number: number): void {
  const isOpen = requests.some((request) => request.number === number && request.state === 'open');
  if (isOpen && policy.kind === 'checks') people.checksPass(number);
}
