import type { DocumentText } from '../../manifests/documents.ts';
import type { YamlMode } from '../../manifests/plain-scalar.ts';
import { type Change, withChanges } from './changes.ts';
import { breaksIn, createModel, type Match, type Model, matchModel } from './model.ts';
import { contentStart, outlineOf } from './outline.ts';

/**
 * Documents that are twins of one that was read before. Two of three documents of public GitOps repositories are: the same
 * service for another stage, the same alert with another name.
 */
export interface Twins {
  /** All documents of a file, where each is the twin of what came in its place before; undefined where it has to be cut. */
  findAll(text: string, mode: YamlMode): readonly TwinText[] | undefined;
  /** Undefined where the document has to be read. */
  find(piece: DocumentText, mode: YamlMode): TwinText | undefined;
}

/** What a document differs in from its model. */
export interface Twin {
  readonly model: Model;
  readonly changes: readonly Change[];
  /** Line of the file where its content begins. */
  readonly firstLine: number;
}

/** What it is read to. */
export function twinValue({ model, changes }: Twin): unknown {
  return withChanges(model, changes);
}

export interface TwinText extends DocumentText {
  readonly twin: Twin;
}

/** Documents of one outline before one of them becomes a model, which costs as much as reading it several times. */
const FEW = 8;
/** Characters: larger documents have few twins, and many scalars. */
const MOST_CHARACTERS = 8_192;
/** Outlines that are made before there is a twin, and for each twin there is: where few are, the rest is not looked at. */
const OUTLINES = { first: 500, perTwin: 4 } as const;
const MOST_MODELS = 2_000;

interface Family {
  seen: number;
  /** Undefined until there are enough; then null where none can be made. */
  model: Model | null | undefined;
}

export function createTwins(): Twins {
  const families = new Map<number, Family>();
  const recent = createRecent();
  let [outlines, twins, models] = [0, 0, 0];
  const familyOf = (text: string, mode: YamlMode) => {
    if (outlines >= OUTLINES.first + twins * OUTLINES.perTwin) return undefined;
    outlines++;
    const outline = outlineOf(text) * 2 + (mode === 'cluster' ? 0 : 1);
    const known = families.get(outline);
    if (known !== undefined) return known;
    const family: Family = { seen: 0, model: undefined };
    families.set(outline, family);
    return family;
  };
  const modelFor = (text: string, mode: YamlMode) => {
    const family = familyOf(text, mode);
    if (family?.model !== undefined) return family.model ?? undefined;
    if (family === undefined || ++family.seen < FEW || models >= MOST_MODELS) return undefined;
    models++;
    family.model = createModel(text, mode) ?? null;
    return undefined;
  };
  return {
    findAll(text, mode) {
      const found: TwinText[] = [];
      let start = 0;
      let line = 1;
      do {
        const hit = recent.match(text, start, mode);
        if (hit === undefined) return undefined;
        const twin = twinText(hit, text, { start, line });
        found.push(twin);
        start = hit.end;
        line = twin.twin.firstLine + hit.model.breaks;
      } while (start < text.length);
      twins += found.length;
      return found;
    },
    find(piece, mode) {
      const { text } = piece;
      const model = text.length > MOST_CHARACTERS ? undefined : modelFor(text, mode);
      const match = model === undefined ? undefined : matchModel(model, text, 0);
      if (model === undefined || match?.end !== text.length) return undefined;
      twins++;
      recent.note(model);
      return { ...twinText({ ...match, model }, text, { start: 0, line: piece.line }), start: piece.start };
    },
  };
}

interface Hit extends Match {
  readonly model: Model;
}

/** The models that documents with the same two first lines were twins of last. */
interface Recent {
  match(text: string, start: number, mode: YamlMode): Hit | undefined;
  note(model: Model): void;
}

const MOST_RECENT = 8;

function createRecent(): Recent {
  const byHead = new Map<string, Model[]>();
  const front = (models: Model[], index: number) => {
    for (; index > 0; index--)
      [models[index], models[index - 1]] = [models[index - 1] as Model, models[index] as Model];
  };
  return {
    match(text, start, mode) {
      const from = contentStart(text, start);
      const models = byHead.get(headAt(text, from)) ?? [];
      for (let index = 0; index < models.length; index++) {
        const model = models[index] as Model;
        const match = model.mode === mode ? matchModel(model, text, from) : undefined;
        if (match === undefined) continue;
        front(models, index);
        const { from: at, end, changes } = match;
        return { model, from: at, end, changes };
      }
      return undefined;
    },
    note(model) {
      const head = headAt(model.start, 0);
      const models = byHead.get(head) ?? [];
      byHead.set(head, models);
      const known = models.indexOf(model);
      if (known < 0 && models.length < MOST_RECENT) models.push(model);
      else if (known < 0) models[MOST_RECENT - 1] = model;
      front(models, known < 0 ? models.length - 1 : known);
    },
  };
}

function headAt(text: string, from: number): string {
  const end = text.indexOf('\n', text.indexOf('\n', from) + 1);
  return text.slice(from, end < 0 ? text.length : end);
}

function twinText(
  { model, from, end, changes }: Hit,
  text: string,
  { start, line }: Pick<DocumentText, 'start' | 'line'>,
): TwinText {
  const firstLine = line + breaksIn(text, start, from);
  const twin = { model, changes, firstLine };
  return { text: text.slice(start, end), start, line, twin };
}
