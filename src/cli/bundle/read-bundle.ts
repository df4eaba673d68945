/** A directory or an archive, and what everything in it was taken for. */
import type { Naming } from "./as-option.js";
import { isNamed, namingOf, takenAs } from "./as-option.js";
import { BundleBudget } from "./bundle-budget.js";
import type {
  BundleEntry,
  EntryContent,
  Findings,
  FoundEntry,
  RefusedEntry,
} from "./bundle-entry.js";
import type { Bundle, TakenEntry } from "./bundle.js";
import { isCaptureHead, isStillPacked, isTarHead, unpackedHead } from "./entry-head.js";
import { LIMITS, type BundleLimits } from "./limits.js";
import { readArchive } from "./read-archive.js";
import { readDirectory } from "./read-directory.js";
import { recognise } from "./recognise.js";
import type { Siblings } from "./recogniser.js";
import type { TemporaryFolder } from "./temporary-folder.js";

export interface BundleRequest {
  /** As the user wrote it. */
  readonly path: string;
  readonly kind: "directory" | "archive";
  readonly namings: readonly Naming[];
  readonly temporary: TemporaryFolder;
  readonly limits?: BundleLimits;
}

export async function readBundle(request: BundleRequest): Promise<Bundle> {
  const { path, kind, limits = LIMITS } = request;
  const budget = new BundleBudget(limits);
  const reading: Reading = { ...request, limits, budget };
  const found =
    kind === "directory"
      ? await readDirectory(path, { budget, place: (entry) => placeOf(reading, entry) })
      : await readOne(reading, { path, shown: path, within: "" });
  const all: Gathered = { entries: [], refused: [], failures: [] };
  await gather(all, reading, { found, depth: kind === "directory" ? 0 : 1 });
  return taken(reading, all);
}

interface Reading extends Omit<BundleRequest, "limits"> {
  readonly limits: BundleLimits;
  readonly budget: BundleBudget;
}

/** Archives inside archives; what Retina leaves is one per node, packed once more by whoever sends them. */
const MAX_NESTING = 2;

interface ArchivePlace {
  readonly path: string;
  readonly shown: string;
  readonly within: string;
}

function readOne(reading: Reading, at: ArchivePlace): Promise<Findings> {
  const { budget, temporary } = reading;
  return readArchive({ ...at, budget, temporary, place: (entry) => placeOf(reading, entry) });
}

/** Where an entry's bytes belong while nobody knows its siblings. */
function placeOf({ namings, limits }: Reading, entry: BundleEntry): EntryContent["on"] {
  if (isCaptureHead(entry.head) || isTarHead(entry.head) || isStillPacked(entry.head)) {
    return "disk";
  }
  if (entry.sizeBytes > limits.textBytes) return "nowhere";
  if (namings.some((naming) => isNamed(naming, entry))) return "memory";
  return recognise(entry, { limits, namesIn: new Map() }).as === "nothing" ? "nowhere" : "memory";
}

interface Gathered {
  readonly entries: FoundEntry[];
  readonly refused: RefusedEntry[];
  readonly failures: string[];
}

/** All of it, and what archives among the entries hold. */
async function gather(into: Gathered, reading: Reading, level: Level): Promise<void> {
  const { found, depth } = level;
  for (const one of found.refused) into.refused.push(one);
  for (const one of found.failures) into.failures.push(one);
  for (const stored of found.entries) {
    // Of a zstd file in an archive, which nobody could look into while the archive was read.
    const entry = { ...stored, head: await unpackedHead(stored.head) };
    const isIgnored = reading.namings.some((one) => one.what === "nothing" && isNamed(one, entry));
    const { shown, path: within, content } = entry;
    if (!isTarHead(entry.head) || content.on !== "disk" || isIgnored) into.entries.push(entry);
    else if (depth >= MAX_NESTING) {
      into.refused.push({ shown, path: within, why: "an archive in an archive in an archive" });
    } else {
      const inner = await readOne(reading, { path: content.path, shown, within });
      await gather(into, reading, { found: inner, depth: depth + 1 });
    }
  }
}

interface Level {
  readonly found: Findings;
  /** Archives around what was found. */
  readonly depth: number;
}

function taken({ path, namings, limits }: Reading, all: Gathered): Bundle {
  const { entries, refused, failures } = all;
  const paths = new Set([...entries, ...refused].map((entry) => entry.path));
  const namesIn = namesByFolder(paths);
  const takings = entries.map((entry): TakenEntry => {
    const { shown, path: own, content } = entry;
    const naming = namingOf(namings, entry, paths);
    const taking = naming ? takenAs(naming, entry) : recognise(entry, { namesIn, limits });
    return { shown, path: own, content, taking };
  });
  const others = refused.map(({ shown, path: own, why }): TakenEntry => {
    const taking = { as: "nothing", why, by: "its entry" } as const;
    return { shown, path: own, content: { on: "nowhere" }, taking };
  });
  const inOrder = [...takings, ...others].sort(byName);
  return { path, takings: inOrder, failures };
}

function namesByFolder(paths: ReadonlySet<string>): Siblings["namesIn"] {
  const folders = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    const at = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(at, 0));
    const names = folders.get(folder);
    if (names) names.push(path.slice(at + 1));
    else folders.set(folder, [path.slice(at + 1)]);
  }
  return folders;
}

function byName({ shown: one }: TakenEntry, { shown: other }: TakenEntry): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
