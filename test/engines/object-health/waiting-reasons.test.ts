import { expect, it } from '@jest/globals';
import { podTrouble } from '../../../src/engines/object-health/pods.ts';

it.each([
  ['CrashLoopBackOff', 'crash'],
  ['ImagePullBackOff', 'image'],
  ['ErrImagePull', 'image'],
  ['ErrImageNeverPull', 'image'],
  ['InvalidImageName', 'image'],
  ['ImageInspectError', 'image'],
  ['RegistryUnavailable', 'image'],
  ['SignatureValidationFailed', 'image'],
  ['CreateContainerConfigError', 'container'],
  ['CreateContainerError', 'container'],
  ['CreatePodSandboxError', 'container'],
  ['RunContainerError', 'container'],
  ['StartError', 'container'],
  ['PreCreateHookError', 'container'],
  ['PreStartHookError', 'container'],
  ['PostStartHookError', 'container'],
  ['PodInitializing', undefined],
  ['toString', undefined],
])('the kubelet waits for %s: %s', (reason, kind) => {
  const containerStatuses = [
    { name: 'fine', ready: true, state: { running: {} } },
    { name: 'web', state: { waiting: { reason } } },
  ];
  const [trouble] = podTrouble([{ metadata: { name: 'web-1' }, status: { containerStatuses } }]);
  expect(trouble?.kind).toBe(kind);
  expect(trouble?.container).toBe(kind === undefined ? undefined : 'web');
});
