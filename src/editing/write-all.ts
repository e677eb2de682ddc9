import { spliceAndProve } from './prove.ts';
import type { PlannedSplice, Splice } from './splice.ts';
import type { YamlDocument, YamlFile } from './yaml-file.ts';

/** A planned splice, and the document whose text it counts in. */
export interface PlacedSplice {
  readonly document: YamlDocument;
  readonly planned: PlannedSplice;
}

const NOT_SAFE = 'the text is written in a way that cannot be edited safely';

export type Written =
  /** `splices` stand in the order of the request, and count in the text of the file itself. */
  | { readonly ok: true; readonly text: string; readonly splices: readonly Splice[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Writes splices into a file and proves each, those inside of a scalar's own YAML twice: in that text, and as the one value
 * of the file that changes by it.
 */
export function writeAll(file: YamlFile, placed: readonly PlacedSplice[]): Written {
  const outer: PlannedSplice[] = [];
  for (const group of Map.groupBy(placed, ({ document }) => scalarKey(document)).values()) {
    const lifted = lift(group);
    if (!lifted.ok) return lifted;
    for (const [index, own] of group.entries()) {
      const planned = lifted.planned[index];
      if (planned !== undefined) outer[placed.indexOf(own)] = planned;
    }
  }
  const proved = spliceAndProve(file, outer);
  return proved.ok ? { ...proved, splices: outer.map(({ splice }) => splice) } : proved;
}

/** Names the place of a node in the file of the repository, so that two readings of the same text give the same name. */
export function placeKey(document: YamlDocument, path: readonly (string | number)[]): string {
  return JSON.stringify([scalarKey(document), document.index, ...path]);
}

function scalarKey({ file: { within } }: YamlDocument): string {
  return within === undefined ? '' : placeKey(within.document, within.document.nodes.pathOf(within.node));
}

type Lifted =
  | { readonly ok: true; readonly planned: readonly PlannedSplice[] }
  | { readonly ok: false; readonly problem: string };

/** The same splices in the file around the scalar, each with the scalar's whole new value as what must become true. */
function lift(group: readonly PlacedSplice[]): Lifted {
  const [first] = group;
  const planned = group.map((own) => own.planned);
  if (first === undefined || first.document.file.within === undefined) return { ok: true, planned };
  const { file } = first.document;
  const { document, node } = first.document.file.within;
  if (document.file.within !== undefined) return { ok: false, problem: NOT_SAFE };
  const proved = spliceAndProve(file, planned);
  if (!proved.ok) return proved;
  const path = document.nodes.pathOf(node);
  const expected = { document: document.index, path, kind: 'value', value: proved.text, everywhere: true } as const;
  const lifted = planned.flatMap((own) => {
    const splice = liftSplice(file, own.splice);
    return splice === undefined ? [] : [{ splice, expected }];
  });
  return lifted.length === group.length ? { ok: true, planned: lifted } : { ok: false, problem: NOT_SAFE };
}

/** The same splice in the text around the scalar that holds this one; undefined where its lines are laid out in another way. */
export function liftSplice({ within }: YamlFile, { start, end, text }: Splice): Splice | undefined {
  const written = within?.map.encode(text);
  if (within === undefined || written === undefined) return undefined;
  const [from, to] = within.map.rangeOf(start, end);
  return { start: from, end: to, text: written };
}
