import type { Scalar } from 'yaml';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';

/** Finds the images of one format. Pure: quoting, writing and proving are done for all formats alike. */
export interface Editor {
  /** The file's name here, such as `helm-values`. */
  readonly id: string;
  /** True when the document has this format. The first editor of the registry that says so reads it. */
  readonly reads: (document: YamlDocument) => boolean;
  readonly findSites: (document: YamlDocument) => readonly Site[];
  /** Scalars whose text is YAML of its own. */
  readonly texts?: (document: YamlDocument) => readonly HeldText[];
}

/** A scalar that holds YAML, and how images are found in each of its documents. */
export interface HeldText {
  readonly node: Scalar;
  readonly place: string;
  readonly findSites: (document: YamlDocument) => readonly Site[];
}
