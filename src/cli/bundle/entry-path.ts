import type { BundleLimits } from "./limits.js";

export type EntryPath = { readonly path: string } | { readonly refused: string };

/**
 * A name as an archive gives it, below the archive: a leading slash and `.` say nothing, as for tar
 * itself. It names the entry and is never a path on this machine.
 */
export function entryPath(raw: string, { pathCharacters }: BundleLimits): EntryPath {
  const parts = raw.split("/").filter((part) => part !== "" && part !== ".");
  if (raw.length > pathCharacters) return { refused: `its name has ${raw.length} characters` };
  if (parts.includes("..")) return { refused: "its name leads out of the archive" };
  return { path: parts.join("/") };
}
