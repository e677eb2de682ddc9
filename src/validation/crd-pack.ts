import type { RuleNode } from './crd-rules.ts';
import type { KindRow, Pack, PackSource } from './pack.ts';
import { type Definitions, groupOf, type KindSchema, type SchemaSource, type ServedKind } from './schema-source.ts';

/** The block that holds CEL rules and defaults of a group. It is opened only when somebody asks for them. */
export function rulesBlock(group: string): string {
  return `${group}!rules`;
}

/** A source that can say where a kind's schema comes from. */
export interface CrdPackSource extends SchemaSource {
  sourceOf(apiVersion: string, kind: string): PackSource | undefined;
}

/**
 * The bundled custom resources: one block for each API group. Nothing of the pack is read before the first question.
 * `kubernetes` gives the definitions that all kinds share, such as ObjectMeta.
 */
export function crdPackSource(open: () => Pack, kubernetes: Definitions): CrdPackSource {
  let pack: Pack | undefined;
  const opened = (): Pack => {
    pack ??= open();
    return pack;
  };
  const rowOf = (apiVersion: string, kind: string) =>
    rowsOf(opened(), groupOf(apiVersion)).find((row) => row[0] === apiVersion && row[1] === kind);
  return {
    find(apiVersion, kind, version) {
      const row = rowOf(apiVersion, kind);
      return row === undefined ? undefined : schemaOf(opened(), row, (name) => kubernetes(name, version));
    },
    kinds: () => servedKinds(opened()),
    sourceOf(apiVersion, kind) {
      const source = rowOf(apiVersion, kind)?.[7];
      return source === undefined ? undefined : opened().index.sources[source];
    },
  };
}

function rowsOf(pack: Pack, group: string): readonly KindRow[] {
  return Object.hasOwn(pack.index.blocks, group) ? (pack.index.blocks[group]?.kinds ?? []) : [];
}

/** Versions that the newest release no longer serves stay known: the cluster may run an older one. */
function servedKinds(pack: Pack): readonly ServedKind[] {
  return Object.values(pack.index.blocks).flatMap(({ kinds }) =>
    kinds.flatMap(([apiVersion, kind, , , , , until]) => (until === -1 ? [{ apiVersion, kind }] : [])),
  );
}

function schemaOf(pack: Pack, row: KindRow, definition: KindSchema['definition']): KindSchema | undefined {
  const group = groupOf(row[0]);
  const shape = pack.block(group).definition(row[2], 0);
  if (shape === undefined) return undefined;
  const hasRules = Object.hasOwn(pack.index.blocks, rulesBlock(group));
  return {
    shape,
    plural: row[3],
    namespaced: row[4] === 1,
    definition,
    custom: {
      served: row[6] === -1,
      rules: () =>
        hasRules ? (pack.block(rulesBlock(group)).definition(row[2], 0) as RuleNode | undefined) : undefined,
    },
  };
}
