import type { Value } from '../cel/value.ts';
import type { AdmissionTarget } from './admission-match.ts';
import type { AdmissionWorld } from './admission-world.ts';
import { builtInObject } from './built-in-defaults.ts';
import { withDefaults } from './defaults.ts';
import type { PolicyObject } from './policy-object.ts';
import { dynamicValue } from './typed-values.ts';

/** The variables of a policy's expressions, but for its parameters. */
export function admissionVariables(
  object: PolicyObject,
  target: AdmissionTarget,
  world: AdmissionWorld,
): Readonly<Record<string, Value>> {
  const { namespaced, namespace } = target;
  const around = world.namespace(namespace.name);
  const value = dynamicObject(object, namespaced ? (namespace.name ?? notKnown('the namespace')) : undefined);
  return {
    object: value,
    oldObject: null,
    request: requestOf(target, value),
    namespaceObject: namespaced ? (around === undefined ? notKnown('namespaceObject') : dynamicValue(around)) : null,
    authorizer: notKnown('authorizer'),
  };
}

/** What is empty is absent, as in the server's own request. */
function requestOf(
  { group, version, kind, resource = '', name, namespaced, namespace }: AdmissionTarget,
  object: Value,
): Value {
  const of = (fields: Readonly<Record<string, Value>>): Value => new Map(Object.entries(fields));
  return of({
    kind: of({ group, version, kind }),
    resource: of({ group, version, resource }),
    requestKind: of({ group, version, kind }),
    requestResource: of({ group, version, resource }),
    ...(name === '' ? {} : { name }),
    ...(namespaced ? { namespace: namespace.name ?? notKnown('the namespace') } : {}),
    operation: 'CREATE',
    userInfo: notKnown('request.userInfo'),
    options: notKnown('request.options'),
    uid: notKnown('request.uid'),
    dryRun: false,
    object,
    oldObject: null,
  });
}

function notKnown(what: string): Value {
  return { type: 'unknown', what };
}

/** With defaults, and with the namespace that the server will put in where the manifest names none. */
function dynamicObject(object: PolicyObject, namespace: Value | undefined): Value {
  const value = dynamicValue(filled(object));
  const metadata = value instanceof Map ? value.get('metadata') : undefined;
  if (namespace !== undefined && metadata instanceof Map && !metadata.has('namespace'))
    metadata.set('namespace', namespace);
  return value;
}

function filled({ object, schema }: PolicyObject): unknown {
  if (schema === undefined) return object.value;
  const { custom, shape, definition } = schema;
  return custom === undefined
    ? builtInObject(object, schema)
    : withDefaults(object.value, custom.rules(), shape, definition);
}
