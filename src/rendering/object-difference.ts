import { stringify } from 'yaml';
import type { ResourceId } from '../manifests/resource.ts';
import { groupOf } from '../validation/schemas.ts';
import { type DifferenceLine, differenceOf } from './line-difference.ts';
import { maskSecrets } from './mask.ts';
import type { Json } from './yaml-values.ts';

/** An object of one side. */
export interface ComparedObject {
  /** What rendered it, in words; `''` for a manifest that is applied as it stands. */
  readonly unit: string;
  readonly resource: ResourceId;
  readonly value: Json;
  /** True where its name ends in a hash of what it holds. */
  readonly isGenerated: boolean;
}

export interface ObjectDifference {
  readonly unit: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly resource: ResourceId;
  readonly lines: readonly DifferenceLine[];
}

/** What differs between two sides, object by object, in order of unit and object. Values of Secrets are masked. */
export function compareObjects(
  before: readonly ComparedObject[],
  after: readonly ComparedObject[],
  salt: string,
): readonly ObjectDifference[] {
  const [old, now] = [byKey(before), byKey(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const subject = is ?? was;
    const [linesBefore, linesAfter] = [linesOf(was, salt), linesOf(is, salt)];
    const lines = differenceOf(linesBefore, linesAfter);
    if (subject === undefined || lines.length === 0) return [];
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ unit: subject.unit, change, resource: subject.resource, lines }];
  });
}

/** The version does not tell objects apart; of equal ones, each stands for itself. */
function byKey(objects: readonly ComparedObject[]): ReadonlyMap<string, ComparedObject> {
  const keyed = new Map<string, ComparedObject>();
  for (const object of objects) {
    const { apiVersion, kind, namespace = '', name = '' } = object.resource;
    const stable = object.isGenerated ? name.replace(/-[a-z0-9]{10}$/, '') : name;
    const key = JSON.stringify([object.unit, groupOf(apiVersion), kind, namespace, stable]);
    let own = key;
    for (let count = 2; keyed.has(own); count++) own = `${key} ${count}`;
    keyed.set(own, object);
  }
  return keyed;
}

function linesOf(object: ComparedObject | undefined, salt: string): readonly string[] {
  if (object === undefined) return [];
  const text = stringify(maskSecrets(object.value, salt), {
    sortMapEntries: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
  return text.replace(/\n$/, '').split('\n');
}
