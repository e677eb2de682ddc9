import type { Path } from '../manifests/locate.ts';

/**
 * Fields with a fixed set of values where an empty text is refused. In all others Kubernetes takes it for an absent field
 * and fills in the default.
 */
const REFUSED: readonly RegExp[] = [
  /\b(accessModes|ipFamilies|operations|policyTypes|scopes)\[\d+\]$/,
  /\b(addressType|completionMode|failurePolicy|internalTrafficPolicy|ipFamilyPolicy|mountPropagation|pathType)$/,
  /\b(preemptionPolicy|selectPolicy|sideEffects|unhealthyPodEvictionPolicy|volumeBindingMode|volumeMode|whenUnsatisfiable)$/,
  /^spec\.scope$/,
  /\b(roleRef|subjects\[\d+\])\.kind$/,
  /\b(matchExpressions\[\d+\]|onExitCodes)\.operator$/,
  /\brules\[\d+\]\.action$/,
  /\b(appArmorProfile|policies\[\d+\]|seccompProfile|target)\.type$/,
  /^(ports|spec\.(e|in)gress\[\d+\]\.ports)\[\d+\]\.protocol$/,
];

export function refusesEmpty(path: Path): boolean {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return REFUSED.some((form) => form.test(text.slice(1)));
}
