import { groupKindOf } from '../kubernetes/pods.ts';
import { type Place, placeIn, placesIn, textIn } from '../kubernetes/reading.ts';
import type { ManifestObject } from '../rules/rule.ts';

/** A Service that something sends to. */
export interface Backend {
  readonly name: string;
  readonly namespace: string | undefined;
  /** Where the name stands. */
  readonly place: Place;
  readonly port: { readonly value: string | number; readonly path: Place['path'] } | undefined;
}

const ROUTES: ReadonlySet<string> = new Set(
  ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'].map((kind) => `gateway.networking.k8s.io/${kind}`),
);

/** The Services that an Ingress or a route of the Gateway API names. */
export function backendsOf(object: ManifestObject): readonly Backend[] {
  const groupKind = groupKindOf(object);
  const spec = placeIn({ value: object.value, path: object.path }, 'spec');
  const { namespace } = object.resource;
  if (groupKind === 'networking.k8s.io/Ingress') return ingressBackends(spec, namespace);
  return ROUTES.has(groupKind) ? routeBackends(spec, namespace) : [];
}

/** A controller of AWS reads these from annotations, and no Service of the name needs to be there. */
const BY_ANNOTATION = 'use-annotation';

function ingressBackends(spec: Place | undefined, namespace: string | undefined): readonly Backend[] {
  const paths = placesIn(spec, 'rules').flatMap((rule) => placesIn(placeIn(rule, 'http'), 'paths'));
  const places = [placeIn(spec, 'defaultBackend'), ...paths.map((path) => placeIn(path, 'backend'))];
  return places.flatMap((backend) => {
    const place = placeIn(backend, 'service');
    const name = textIn(place?.value, 'name');
    const port = placeIn(place, 'port');
    if (place === undefined || name === undefined || port?.value.name === BY_ANNOTATION) return [];
    return [{ name, namespace, place, port: portAt(port, 'name') ?? portAt(port, 'number') }];
  });
}

/** https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference */
function routeBackends(spec: Place | undefined, own: string | undefined): readonly Backend[] {
  return placesIn(spec, 'rules').flatMap((rule) =>
    placesIn(rule, 'backendRefs').flatMap((place) => {
      const { group = '', kind = 'Service', namespace = own } = place.value;
      const name = textIn(place.value, 'name');
      if (group !== '' || kind !== 'Service' || name === undefined) return [];
      if (namespace !== undefined && typeof namespace !== 'string') return [];
      return [{ name, namespace, place, port: portAt(place, 'port') }];
    }),
  );
}

function portAt(parent: Place | undefined, field: string): Backend['port'] {
  const value = parent?.value[field];
  const isPort = typeof value === 'number' || typeof value === 'string';
  return parent !== undefined && isPort ? { value, path: [...parent.path, field] } : undefined;
}
