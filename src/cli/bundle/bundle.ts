import type { EntryContent, RefusedEntry } from "./bundle-entry.js";
import type { Taking } from "./taking.js";

/** What somebody collected, each file taken for something. */
export interface Bundle {
  /** As the user wrote it. */
  readonly path: string;
  /** In the order of their names. */
  readonly takings: readonly TakenEntry[];
  /** Lines for stderr about what could not be read: each means exit 2, none stops the others. */
  readonly failures: readonly string[];
}

export interface TakenEntry extends Pick<RefusedEntry, "shown" | "path"> {
  readonly content: EntryContent;
  readonly taking: Taking;
}
