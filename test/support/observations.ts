import type { RelatedObservation } from '../../src/engines/delivery-engine.ts';

/** Live at the wanted revision `T`, unless it is said otherwise. */
export function observation(changes: Partial<RelatedObservation> = {}): RelatedObservation {
  const { at = 0 } = changes;
  return {
    target: { name: 'shop', kind: 'Application' },
    at,
    via: 'read',
    state: 'healthy',
    trusted: true,
    seenRevision: 'T',
    appliedRevision: 'T',
    attempt: { revision: 'T', outcome: 'succeeded', reason: 'successfully synced' },
    deployed: [],
    comparedAt: at,
    lasting: 0,
    final: false,
    reasons: [`reason at ${at}`],
    images: [],
    resources: [],
    fingerprint: '',
    seen: 'equal',
    applied: 'equal',
    attempted: 'equal',
    ...changes,
  };
}
