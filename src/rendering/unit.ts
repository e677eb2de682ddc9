import type { ResourceId } from '../manifests/resource.ts';

type Json = Readonly<Record<string, unknown>>;

/** A place in a file of the tree, for what is said about it. */
export interface Place {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Something that becomes Kubernetes objects by being rendered. */
export interface Unit {
  /** In words: `kustomization apps/prod`, `HelmRelease web/podinfo`. */
  readonly name: string;
  /** Where it is declared. */
  readonly place: Place;
  readonly recipe: Recipe;
  /** Flux's variables; undefined where nothing is replaced. */
  readonly substitution?: Substitution;
  /** The units whose output declares this one, outermost first; each as `Kind namespace/name`. */
  readonly ancestors: readonly string[];
  /** True for a chart that nothing in the tree uses: that its own values are not enough is no mistake yet. */
  readonly tentative?: true;
}

export type Recipe = KustomizeRecipe | HelmRecipe | FilesRecipe;

export interface KustomizeRecipe {
  readonly kind: 'kustomize';
  readonly folder: string;
  /** True where a folder without a kustomization stands for all manifests below it, as Flux has it. */
  readonly generates?: true;
  /** Fields of a kustomization that goes around the folder's own. */
  readonly around: Json;
}

export interface HelmRecipe {
  readonly kind: 'helm';
  /** The folder of the chart. */
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  /** Values in the order in which they override each other. */
  readonly values: readonly ValuesSource[];
  /** `name=value`, as `--set` and `--set-string` take them. */
  readonly parameters: readonly { readonly text: string; readonly isText: boolean }[];
  readonly withoutCrds?: true;
}

export type ValuesSource = { readonly file: string } | { readonly text: string };

/** Files that are applied as they stand. */
export interface FilesRecipe {
  readonly kind: 'files';
  readonly files: readonly string[];
}

/** The variables of a Kustomization of Flux. */
export interface Substitution {
  readonly values: ReadonlyMap<string, string>;
  /** True where some of them come from what is not in the tree: then nothing can be said to be missing. */
  readonly open: boolean;
}

/** One object that a unit came to. */
export interface RenderedObject {
  readonly resource: ResourceId;
  readonly value: Json;
  /** The document as it was printed. */
  readonly text: string;
  readonly origin: Origin | undefined;
}

/** The file that an object comes from. */
export interface Origin {
  readonly path: string;
  /** True where the file does not hold the object but makes it: a kustomization with a generator, a template. */
  readonly made: 'as it stands' | 'by a generator' | 'by a template';
}

export type Outcome =
  | { readonly state: 'rendered'; readonly objects: readonly RenderedObject[] }
  /** The program refused; in its own words. */
  | { readonly state: 'failed'; readonly reason: string; readonly place?: Place }
  /** It was not tried. */
  | { readonly state: 'refused'; readonly reason: string; readonly place?: Place };

/** A variable that is used and that nothing sets, or text that is no substitution. */
export interface VariableProblem {
  readonly object: RenderedObject;
  readonly name: string | undefined;
  readonly message: string;
}

export interface RenderedUnit {
  readonly unit: Unit;
  readonly outcome: Outcome;
  /** Paths of all files that went into it. */
  readonly inputs: ReadonlySet<string>;
  /** The kustomizations that went into it, by folder. */
  readonly kustomizations: ReadonlyMap<string, { readonly path: string; readonly content: Json }>;
  readonly variables: readonly VariableProblem[];
}

/** A unit that cannot be built at all, with what it would have been. */
export interface Undone {
  readonly name: string;
  readonly place: Place;
  readonly reason: string;
}
