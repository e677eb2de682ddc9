import { expect, it } from '@jest/globals';
import { parseTargets } from '../../src/commands/wait.ts';
import type { DeliveryEngine } from '../../src/engines/delivery-engine.ts';
import { parseFluxTarget } from '../../src/engines/flux/target-ref.ts';

const engine = {
  id: 'flux',
  parseTarget: (text: string) => parseFluxTarget(text, 'flux-system'),
} as unknown as DeliveryEngine;

const named = (...texts: readonly string[]) => texts.map((text) => ({ engine: 'flux' as const, text }));

it('names every wrong target at once, for the engine that was asked, and how to write them', () => {
  const parse = () => parseTargets(engine, named('shop', 'Kustomization/apps', 'Deployment/shop'));
  expect(parse).toThrow('targets: some name nothing that engine flux can wait for');
  expect(parse).toThrow(
    expect.objectContaining({
      code: 'input',
      problems: [
        'targets: "shop" names no object of Flux that can be waited for',
        'targets: "Deployment/shop" names no object of Flux that can be waited for',
      ],
      hint: 'Write Kustomization/<namespace>/<name> or HelmRelease/<namespace>/<name>. Without engine each target is taken by how it is written, also those of several engines.',
    }),
  );
});

it('waits once for what is named twice', () => {
  expect(parseTargets(engine, named('Kustomization/apps', 'Kustomization/flux-system/apps'))).toHaveLength(1);
});
