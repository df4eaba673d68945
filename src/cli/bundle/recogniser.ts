import type { BundleEntry } from "./bundle-entry.js";
import type { Taking } from "./taking.js";

/**
 * One way to tell what an entry is, by its name, its folders and its first bytes. Undefined: not its
 * kind of file, ask the next. Pure; a recogniser is one file and one line in `RECOGNISERS`.
 *
 * While an archive is read it is asked with no siblings, and an entry that it does not want then is
 * not kept: siblings may change what an entry is taken for, not whether it is wanted.
 */
export type Recogniser = (entry: BundleEntry, siblings: Siblings) => Taking | undefined;

/** What the other entries say together. */
export interface Siblings {
  /**
   * Names of the files in each folder, sorted; the folder as its path in the bundle, empty for the
   * bundle's own. A map, because a collection has two hundred thousand of them.
   */
  readonly namesIn: ReadonlyMap<string, readonly string[]>;
}
