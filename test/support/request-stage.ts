import { bump } from '../../src/commands/bump.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import { rollback } from '../../src/commands/rollback.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { type BareRepository, createBareRepository, type FileContents } from './bare-repository.ts';
import { createMemoryForge, type MemoryForge } from './memory-forge.ts';
import { createRealHost, type RealHost } from './real-host.ts';

export const SHOP = 'apps/shop/production/shop.yaml';
/** The branch that requests for `SHOP` are made from. */
export const BRANCH = 'drawbridge/main/apps-shop-production-shop';

export function deployment(...images: readonly string[]): string {
  const containers = images.map((image, index) => `        - name: c${index}\n          image: ${image}\n`).join('');
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  template:
    spec:
      containers:
${containers}`;
}

type Flags = Readonly<Record<string, string | readonly string[]>>;

export interface Stage {
  readonly bare: BareRepository;
  readonly memory: MemoryForge;
  readonly host: RealHost;
  /** `bump --strategy pull-request` as a user would run it. */
  bump(image: string | readonly string[], flags?: Flags): Promise<Outcome>;
  rollback(flags?: Flags): Promise<Outcome>;
  context: CommandContext;
}

export interface StageOptions {
  readonly files?: FileContents;
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: RealHost;
  /** Another run on the same repository and forge. */
  readonly memory?: MemoryForge;
}

/** A repository with one Deployment, a forge at the port, and commands that use them. */
export function createStage(options: StageOptions = {}): Stage {
  const { files = { [SHOP]: deployment('acme/api:1.0.0', 'acme/worker:1.0.0') }, env = {} } = options;
  const bare = options.memory?.bare ?? createBareRepository(files);
  const memory = options.memory ?? createMemoryForge(bare);
  const host = options.host ?? createRealHost({ random: () => 0.5 });
  const context = contextOf(host, memory);
  const raw = (flags: Flags) => ({
    flags: { 'config-repository': bare.path, strategy: 'pull-request', ...flags },
    env,
  });
  return {
    bare,
    memory,
    host,
    context,
    bump: (images, flags = {}) => bump(parseInputs('bump', raw({ images, ...flags })), context),
    rollback: (flags = {}) => rollback(parseInputs('rollback', raw(flags)), context),
  };
}

function contextOf(host: RealHost, memory: MemoryForge): CommandContext {
  const unused = () => {
    throw new Error('not in this test');
  };
  return { host, connectForge: async () => memory.forge, connectEngine: unused, run: unused };
}

/** Another run at the same time, with a clock of its own. */
export function another({ memory }: Stage): Stage {
  return createStage({ memory });
}
