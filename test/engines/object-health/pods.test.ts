import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { type PodTroubleOptions, podTrouble, restartsOf } from '../../../src/engines/object-health/pods.ts';

const NOW = Date.parse('2026-11-22T10:01:00Z');

function pod(containerStatuses: readonly Json[], status: Json = {}, metadata: Json = {}): Json {
  return {
    kind: 'Pod',
    metadata: { name: 'web-1', ...metadata },
    status: { phase: 'Running', containerStatuses, ...status },
  };
}

function troubles(given: Json, options: PodTroubleOptions = { now: NOW }): readonly string[] {
  return podTrouble([given], options).map(({ kind, reason }) => `${kind}: ${reason}`);
}

const CRASHED = { terminated: { exitCode: 1, reason: 'Error' } };

function restarted(startedAt: string, restartCount: number, more: Json = {}): Json {
  return pod([
    { name: 'web', restartCount, ready: true, state: { running: { startedAt } }, lastState: CRASHED, ...more },
  ]);
}

describe('trouble with pods', () => {
  it.each([
    ['ImagePullBackOff', 'image'],
    ['ErrImagePull', 'image'],
    ['InvalidImageName', 'image'],
    ['CreateContainerConfigError', 'container'],
    ['RunContainerError', 'container'],
  ])('%s', (reason, kind) => {
    const state = { waiting: { reason, message: 'no such thing' } };
    expect(troubles(pod([{ name: 'web', state }]))).toEqual([
      `${kind}: pod web-1, container web: ${reason}: no such thing`,
    ]);
  });

  it('is none while a container is made, nor of one that is ready', () => {
    expect(troubles(pod([{ name: 'web', state: { waiting: { reason: 'ContainerCreating' } } }]))).toEqual([]);
    expect(troubles(pod([{ name: 'web', ready: true, restartCount: 0, state: { running: {} } }]))).toEqual([]);
  });

  it('is a crash loop, with how it ended where the kubelet gives no words', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    expect(troubles(pod([{ name: 'web', restartCount: 4, state, lastState: CRASHED }]))).toEqual([
      'crash: pod web-1, container web: CrashLoopBackOff, 4 restarts: it ended with exit code 1 (Error)',
    ]);
  });

  it('is a crash between two waits as well: while it runs again and is not ready, and when it has just ended', () => {
    const running = { running: { startedAt: '2026-11-22T10:00:00Z' } };
    const again = { name: 'web', restartCount: 3, ready: false, state: running, lastState: CRASHED };
    expect(troubles(pod([again]))[0]).toContain(
      'crash: pod web-1, container web: it ended with exit code 1 (Error), 3',
    );
    expect(troubles(pod([{ name: 'web', restartCount: 0, state: CRASHED }]))[0]).toContain('crash: ');
  });

  it('is a crash when a container without an error ends again and again', () => {
    const lastState = { terminated: { exitCode: 0, reason: 'Completed' } };
    const again = { name: 'web', restartCount: 2, ready: false, state: { running: {} }, lastState };
    expect(troubles(pod([again]))[0]).toContain('exit code 0 (Completed)');
    expect(troubles(pod([{ ...again, restartCount: 0 }]))).toEqual([]);
  });

  it('is not over as soon as a container is ready again', () => {
    expect(troubles(restarted('2026-11-22T10:00:55Z', 3))[0]).toContain('crash: ');
    expect(troubles(restarted('2026-11-22T10:00:55Z', 1))[0]).toContain('restarted: ');
    expect(troubles(restarted('2026-11-22T10:00:50Z', 3))).toEqual([]);
    expect(troubles(restarted('2026-11-22T10:00:55Z', 3), {})).toEqual([]);
  });

  it('is in an init container, for which the others wait', () => {
    const init = [{ name: 'migrate', state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 2 }];
    const given = pod([{ name: 'web', state: { waiting: { reason: 'PodInitializing' } } }], {
      initContainerStatuses: init,
    });
    expect(troubles(given)).toEqual(['crash: pod web-1, container migrate: CrashLoopBackOff, 2 restarts']);
    const done = [{ name: 'migrate', state: { terminated: { exitCode: 0, reason: 'Completed' } }, restartCount: 0 }];
    expect(troubles(pod([], { initContainerStatuses: done }))).toEqual([]);
  });

  it('is none in an init container that has ended well at last, however often it was tried', () => {
    const ended = { terminated: { exitCode: 0, reason: 'Completed' } };
    const tried = { name: 'migrate', ready: true, restartCount: 3, state: ended, lastState: CRASHED };
    expect(troubles(pod([], { initContainerStatuses: [tried] }))).toEqual([]);
    // A container of which nothing else is expected is started again, however it ended.
    expect(troubles(pod([{ ...tried, ready: false }]))[0]).toContain('crash: ');
    expect(troubles(pod([{ ...tried, state: CRASHED }]))[0]).toContain('crash: ');
  });

  it('is no crash yet while it runs again for the first time, ready or not', () => {
    const again = { name: 'web', restartCount: 1, ready: false, state: { running: {} }, lastState: CRASHED };
    expect(troubles(pod([again]))[0]).toContain('restarted: ');
    expect(troubles(pod([{ ...again, restartCount: 2 }]))[0]).toContain('crash: ');
    expect(troubles(pod([{ ...again, state: CRASHED }]))[0]).toContain('crash: ');
  });

  it('is a pod that finds no node, or has failed', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }];
    expect(troubles(pod([], { phase: 'Pending', conditions }))).toEqual([
      'unschedulable: pod web-1 finds no node: 0/3 nodes',
    ]);
    expect(troubles(pod([], { phase: 'Failed', reason: 'Evicted', message: 'disk' }))).toEqual([
      'failed: pod web-1 has failed: Evicted: disk',
    ]);
  });

  it('is none of a pod that is going, or has done its work', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const gone = pod([{ name: 'web', state }], {}, { deletionTimestamp: '2026-11-22T10:00:00Z' });
    expect(troubles(gone)).toEqual([]);
    expect(troubles(pod([{ name: 'web', state }], { phase: 'Succeeded' }))).toEqual([]);
  });

  it('counts the restarts of all containers', () => {
    const given = pod([{ name: 'a', restartCount: 2 }, { name: 'b' }], {
      initContainerStatuses: [{ restartCount: 1 }],
    });
    expect(restartsOf(given)).toBe(3);
  });
});
