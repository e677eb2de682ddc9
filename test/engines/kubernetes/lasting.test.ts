import { expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { lastingOf } from '../../../src/engines/kubernetes/lasting.ts';

const NOW = Date.parse('2026-11-22T10:01:00Z');
const at = (seconds: number) => `2026-11-22T10:00:${String(seconds).padStart(2, '0')}Z`;
const WRITTEN = { metadata: { creationTimestamp: at(10), managedFields: [{ time: at(20) }] } };

it.each([
  [
    'its condition, by the newer of its two times',
    { status: { conditions: [{ lastTransitionTime: at(0), lastUpdateTime: at(30) }] } },
    [],
    30_000,
  ],
  [
    'its writes where they are newer',
    { ...WRITTEN, status: { conditions: [{ lastTransitionTime: at(5) }] } },
    [],
    40_000,
  ],
  [
    'the start of a container',
    { status: {} },
    [{ status: { containerStatuses: [{ state: { running: { startedAt: at(40) } } }] } }],
    20_000,
  ],
  ['the condition of a pod', { status: {} }, [{ status: { conditions: [{ lastTransitionTime: at(50) }] } }], 10_000],
  ['its writes alone where it has no status', WRITTEN, [], 40_000],
  ['nothing where it has a status that tells of no time', { ...WRITTEN, status: {} }, [], 0],
  [
    'nothing that is still to come',
    { status: { conditions: [{ lastTransitionTime: '2026-11-22T10:02:00Z' }] } },
    [],
    0,
  ],
] as const)('it has lasted since %s', (_, object: Json, pods: readonly Json[], lasting) => {
  expect(lastingOf(object, pods, NOW)).toBe(lasting);
  expect(lastingOf(object, pods, undefined)).toBe(0);
});
