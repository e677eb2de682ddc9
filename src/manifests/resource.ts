/** Which object a finding or an edit is about. */
export interface ResourceId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** `Deployment shop/api`, `Namespace shop`, `ConfigMap (unnamed)`. */
export function printResource(resource: ResourceId): string {
  const name = resource.name ?? '(unnamed)';
  return `${resource.kind} ${resource.namespace === undefined ? name : `${resource.namespace}/${name}`}`;
}
