import { describe, expect, it } from '@jest/globals';
import { compareMinors, deprecationOf } from '../../src/validation/deprecations.ts';
import { bundledSchemas, checkFiles } from '../support/manifests.ts';

function found(apiVersion: string, kind: string, ...versions: readonly string[]): readonly string[] {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`;
  const { findings } = checkFiles({ 'x.yaml': text }, {}, bundledSchemas(...versions));
  return findings
    .filter(({ ruleId }) => ruleId.startsWith('api/'))
    .map(({ ruleId, message, hint }) => `${ruleId} ${message} ${hint}`);
}

describe('deprecated APIs', () => {
  it('are told from the version on that deprecates them, with the end where it is fixed', () => {
    expect(found('v1', 'Endpoints', '1.32')).toEqual([]);
    expect(found('v1', 'Endpoints', '1.33')).toEqual([
      'api/deprecated Endpoints of v1 is deprecated since Kubernetes 1.33. Use EndpointSlice of discovery.k8s.io/v1.',
    ]);
    expect(found('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.31')).toEqual([
      'api/deprecated FlowSchema of flowcontrol.apiserver.k8s.io/v1beta3 is deprecated since Kubernetes 1.29, and Kubernetes 1.32 is to stop serving it. Use flowcontrol.apiserver.k8s.io/v1.',
    ]);
  });

  it('are removed where one of several versions has them no longer', () => {
    expect(found('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.31,1.34')).toEqual([
      'api/removed FlowSchema of flowcontrol.apiserver.k8s.io/v1beta3 was removed in Kubernetes 1.32. Use flowcontrol.apiserver.k8s.io/v1.',
    ]);
  });

  it('end exactly when the bundled versions stop serving them', () => {
    const schemas = bundledSchemas('1.34');
    const ends = schemas.known.flatMap((version) =>
      schemas.kinds(version).flatMap(({ apiVersion, kind }) => {
        const until = deprecationOf(apiVersion, kind)?.until;
        if (until === undefined || !schemas.known.includes(until)) return [];
        const last = schemas.servedIn(apiVersion, kind).at(-1) ?? '';
        return [{ apiVersion, kind, until, end: schemas.known[schemas.known.indexOf(last) + 1] }];
      }),
    );
    expect(ends.length).toBeGreaterThan(10);
    expect(ends.filter(({ until, end }) => until !== end)).toEqual([]);
  });

  it('order minors by number', () => {
    expect(['1.34', '1.10', '1.9'].toSorted(compareMinors)).toEqual(['1.9', '1.10', '1.34']);
  });
});
