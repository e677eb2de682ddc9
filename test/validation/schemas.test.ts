import { describe, expect, it } from '@jest/globals';
import { loadSchemas } from '../../src/validation/schemas.ts';
import { createRealHost } from '../support/real-host.ts';

const load = (...versions: readonly string[]) => loadSchemas(createRealHost(), versions);

describe('loadSchemas', () => {
  it('takes the newest bundled minor by itself', async () => {
    const schemas = await loadSchemas(createRealHost(), undefined);
    expect(schemas.versions).toEqual(schemas.known.slice(-1));
    expect(schemas.known).toContain('1.25');
  });

  it('takes minors, full versions and several at once', async () => {
    expect((await load('v1.31.4', '1.34,1.25', '1.31')).versions).toEqual(['1.31', '1.34', '1.25']);
  });

  it('refuses versions that are not bundled, and lists those that are', async () => {
    await expect(load('1.31', '1.7', 'latest')).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('1.7, latest'),
      hint: expect.stringContaining('1.31, 1.32'),
    });
  });

  it('knows which versions serve a kind, and whose groups are whose', async () => {
    const schemas = await load('1.34');
    expect(schemas.servedIn('autoscaling/v2beta2', 'HorizontalPodAutoscaler')).toEqual(['1.25']);
    expect(schemas.find('apps/v1', 'Deployment', '1.34')).toMatchObject({ plural: 'deployments', namespaced: true });
    expect(schemas.find('v1', 'Namespace', '1.34')).toMatchObject({ namespaced: false });
    const autoscaling = (version: string) =>
      schemas
        .kinds(version)
        .flatMap(({ apiVersion, kind }) => (kind === 'HorizontalPodAutoscaler' ? [apiVersion] : []));
    expect(autoscaling('1.25')).toEqual(['autoscaling/v1', 'autoscaling/v2', 'autoscaling/v2beta2']);
    expect(autoscaling('1.34')).toEqual(['autoscaling/v1', 'autoscaling/v2']);
    expect(schemas.find('policy/v1', 'Eviction', '1.34')).toBeUndefined();
    expect(['', 'apps', 'argoproj.io'].map((group) => schemas.isBuiltInGroup(group))).toEqual([true, true, false]);
  });
});
