import type { BundleEntry } from "./bundle-entry.js";
import type { Taking } from "./taking.js";

/**
 * One way to tell what an entry is, by its name, its folders and its first bytes. Undefined: not its
 * kind of file, ask the next. Pure; a recogniser is one file and one line in `RECOGNISERS`.
 */
export type Recogniser = (entry: BundleEntry, siblings: Siblings) => Taking | undefined;

/** What the other entries say together. */
export interface Siblings {
  /** Paths of all entries of the bundle. */
  readonly paths: ReadonlySet<string>;
}
