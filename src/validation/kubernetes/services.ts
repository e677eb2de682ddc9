import { isSet, type Json, listIn, textIn } from './reading.ts';

export function serviceTypeOf(spec: Json): string | undefined {
  return isSet(spec, 'type') && spec.type !== '' ? textIn(spec, 'type') : 'ClusterIP';
}

/** Without an address of its own: names lead to the pods. */
export function isHeadless(spec: Json): boolean {
  return spec.clusterIP === 'None' || listIn(spec, 'clusterIPs')[0] === 'None';
}
